"""Products as CSV files and their photos as ZIP files, in and out: docs/importing.md.

tables, cells, columns      a file as rows, what a spreadsheet does to a cell, what each column means
entries, matching           the rows of one product, and the product that they mean
importer, writing, approval what would change, saving it, and what waits for approval
exporter, archives, photos  the way out, and the pictures of both ways
looking, words, problems    the preview, the help, and what is wrong, as people read it
forms, views, admin         the pages of sellers and staff; sweeping deletes files nobody wanted
"""
