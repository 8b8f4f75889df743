from django.dispatch import Signal

# Sent with `product`, in the transaction that moves it to another seller. The move starts in the admin
# of this app, and higher apps move what they keep of the product.
product_moved = Signal()
