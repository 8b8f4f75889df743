"""The seller's area: the product form, drafts, changes that wait for approval, lists and the dashboard.

models          Edit (a draft or a change under review), Upload, ProcessedForm (an idempotency key)
editor          the saved product, the seller's draft, the change under review, and the data in the form
forms, views    the product form, its rows, lists and bulk edits, uploads, staff's decision
form_data       the data of the product form; differences and merging compare two of them
submitted       a submitted form; row_commands: the buttons that add, move and remove its rows
slugs           unique slugs and SKUs; charts: the dashboard's charts; preview: a page before it is saved
admin           what staff approve or send back
"""
