"""What other apps take part in, when it is about everything that belongs to a person."""

from django.dispatch import Signal

# Sent with user: each receiver returns {name: JSON data} of what it keeps about them.
personal_data = Signal()

# Sent with user, in the transaction that deletes them: each receiver lets go of what it keeps.
account_closing = Signal()
