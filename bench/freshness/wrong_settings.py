"""The storefront with the usual advice instead of versions: delete a page after the write that changed it."""

from storefront.settings import *  # noqa: F403
from storefront.settings import CACHES, INSTALLED_APPS

# Pages are in memcached alone and fragments nowhere, so that nothing but the advice is at fault.
CACHES["pages"]["OPTIONS"]["MAX_BYTES"] = 0
CACHES["template_fragments"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
INSTALLED_APPS = [*INSTALLED_APPS, "freshness.wrong.DeleteAfterCommit"]
