"""What other apps take part in."""

from django.dispatch import Signal

# Sent when the demo shop is loaded: each receiver adds what it shows best, once.
demo_loaded = Signal()
