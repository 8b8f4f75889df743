"""The tags of the rows that a list shows, which its URL does not reveal.

The tags from a page's URL stand for which rows it shows and in which order; the tags found here stand
for what each row looks like. So a change to one row renews the pages that show it, not every list.
"""

from django.core.cache import caches

from .guard import Guard
from .page_keys import url_digest
from .reads import watching
from .versions import read_versions


def versions_of(policy, request, admit=None):
    """Return the Versions of all tags of a page, before any row that it shows is read.

    One query if this process remembers the page's rows under the current versions of its URL's tags;
    otherwise two, after a call of admit(), which may raise BusyError.
    """
    if policy.find_versions is None:
        return read_versions(policy.tags)
    page = url_digest(request)
    known_under, found = caches["dependencies"].get(page, ("", ()))
    versions = read_versions([*policy.tags, *found])
    own = versions.only(policy.tags)
    if own.digest == known_under:
        return versions
    if admit:
        admit()
    with watching(policy.tags, Guard(request).complain) as watch:
        found = policy.find_versions()
    watch.check_rows(own | found)
    # Nothing is remembered of a page that is not stored.
    if getattr(request, "is_kept", True):
        caches["dependencies"].set(page, (own.digest, tuple(found)))
    return own | found
