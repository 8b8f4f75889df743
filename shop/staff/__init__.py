"""The admin kit, for the admin classes of all apps.

comparing       admin classes that write only what was edited, and report conflicts with others' changes
compared_forms  their change forms; compared_rows: their inlines and editable lists
decisions       decisions that are valid only for what staff were shown
actions         actions that ask for confirmation
history         who changed what, in the admin or in the shop
todo            to-do boxes on the admin's home
keys            rejects primary keys that cannot exist
"""
