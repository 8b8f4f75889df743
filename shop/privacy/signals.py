"""The seam for apps that others add, when they keep something about people."""

from django.dispatch import Signal

# Sent with user: each receiver returns {name: JSON data} of what it keeps about them.
personal_data = Signal()

# Sent with user, in the transaction that deletes them: each receiver lets go of what it keeps.
account_closing = Signal()
