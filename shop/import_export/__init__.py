"""Products as CSV files and their photos as ZIP files, in and out: docs/importing.md.

columns     what each column of a table holds: how it is cleaned, shown and assigned, declared once
tables      CSV files, read row by row and written; archives: ZIP files of photos
rows        which product each row is of, and what that product becomes by its rows
importer    an import: compare all rows, then write what differs, chunk by chunk
approval    the same for sellers: what staff decide on is sent to them
report      problems, previews and counts, as people read them
models      Import, a file that somebody sent; forms, views and admin: its pages
"""
