"""Input that people type, read in one way by forms, the admin and imports.

texts     lines and paragraphs, cleaned by one rule
pairs     lists of words and of name-value pairs
markdown  Markdown as safe HTML, within limits
numbers   numbers in any common notation; limits: their ranges; columns: their model fields
slugs     slugs that are unique in any case
ids       primary keys in forms and URLs
folding   which letters count as equal when texts are compared
robots    honeypot and minimum time, for public forms
"""
