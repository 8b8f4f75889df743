"""What a page contains: tags that its address does not tell, found by reading which rows it shows.

The address's own tags stand for which rows a page shows, and where; the tags found stand for
how each of them looks. So one row's change renews the pages that show it, not every list.
"""

from django.core.cache import caches

from .guard import Guard
from .page_keys import url_digest
from .reads import watching
from .versions import read_versions


def versions_of(policy, request):
    """Return the Versions of all tags of a page, those that plan.find_versions() finds among them.

    One query as long as this process knows what the page contains, which it knows under the
    versions of the address's tags; or else two, before any row that is shown.
    """
    if policy.find_versions is None:
        return read_versions(policy.tags)
    page = url_digest(request)
    known_under, found = caches["dependencies"].get(page, ("", ()))
    versions = read_versions([*policy.tags, *found])
    own = versions.only(policy.tags)
    if own.digest == known_under:
        return versions
    with watching(policy.tags, Guard(request).complain) as watch:
        found = policy.find_versions()
    watch.check_rows(own | found)
    # Of a page that nobody asked for lately nothing is remembered, as nothing of it is stored.
    if getattr(request, "is_kept", True):
        caches["dependencies"].set(page, (own.digest, tuple(found)))
    return own | found
