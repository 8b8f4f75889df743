"""What the seller's area takes part in."""

from django.dispatch import Signal

# Sent with product, in the transaction that gives it to another seller: each receiver takes along
# what it keeps of the product.
product_moved = Signal()
