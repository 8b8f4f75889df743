"""The page cache, which knows no model of the shop; docs/caching.md explains the protocol.

versions, tracking, snapshots   versions of tags, renewed with the rows; which tags a write changes
pages, page_keys, dependencies  how a page is found, rendered and stored; which rows it shows
parameters                      the canonical form of a page's query
guard, reads                    what a shared page must not read
tiers, memory, memcached        a memory in each process in front of the shared cache
single_flight, admission        one rendering of a page at a time; a limit on pages that robots make up
stale_pages                     the last copy of each page, for database outages
cdn                             purging the caches in front of the shop
notes, rate_limit, clients      limits and used codes in the database; whom they count
once                            forms that must change something only once
panel, metrics, admin           what staff and operators see of the cache
django_internals                what Django does not document
"""
