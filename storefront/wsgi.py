import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")

application = get_wsgi_application()

# Connections that requests make from here on are watched.
from storefront import slow_queries  # noqa: E402, F401
