"""The page cache, which knows no model of the shop: docs/caching.md is the protocol and its argument.

versions, befores, tracking  versions of tags, renewed with the rows; which rows look different after a write
pages, contents, parameters  how a page is found, rendered and stored; what it contains; its canonical query
guard, reads                 what a shared page may not touch: the visitor's own, rows that no tag covers
tiers, memory, memcached     a memory in each process in front of the cache that all share
flight, crowds, last_copies  one rendering at a time; few for robots; old copies while the database is away
edges                        purging caches in front of the shop
notes, limits, clients, once limits and used codes in the database; who is counted; changes that happen once
panel, metrics, admin        what staff and operators see of it
"""
