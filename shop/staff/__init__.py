"""The kit of the admin, for the admin classes of all apps.

comparing       admin classes that write what was typed, and show conflicts with what others wrote
compared_forms  the change forms behind them; compared_rows: their inlines and editable lists
decisions       decisions that hold for what was shown, and for nothing else
actions         actions that show what they are about to change, and wait for a yes
history         who changed what, in the admin or in the shop
todo            boxes on the admin's home with what is waiting for staff
keys            keys that no page of the admin has sent, refused where they come in
"""
