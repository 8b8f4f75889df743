"""What other apps take part in."""

from django.dispatch import Signal

# Sent with shop when the DemoShop is loaded: each receiver adds what it shows best, once.
demo_loaded = Signal()

# Sent with product, in the transaction that gives it to another seller: each receiver takes along
# what it keeps of the product.
product_moved = Signal()
