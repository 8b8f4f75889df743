"""What people type, read in one way everywhere: by forms, the admin and imports.

texts     one line or many: cleaned by one rule, with a longest length
pairs     lists of texts and of pairs in one column, and as they are typed
markdown  Markdown as safe HTML, within bounds
numbers   numbers as people write them; limits: the limits of each quantity; columns: their model fields
slugs     slugs that differ in more than the case of their letters
ids       keys of rows as forms and URLs name them
folding   which letters count as the same when texts are compared
robots    an unseen field and a least time, for forms that anybody may send
"""
