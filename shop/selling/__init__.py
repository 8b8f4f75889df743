"""The seller's area: the product form, drafts, changes that wait for approval, lists and the dashboard.

models.py       Edit (a draft or a change under review), Upload, SentForm
desk.py         the saved product, the seller's draft, and the change under review
forms/, views/  the product form, its rows, lists and bulk edits, uploads, staff's decision
content.py      the data of the product form; differences.py and merging.py compare two of them
typed.py, rows.py  a submitted form, and the buttons that add, move and remove its rows
names.py        free slugs and SKUs; charts.py: the dashboard's charts; preview.py: a page before it is saved
admin.py        what staff approve or send back
"""
