"""What a seller of the demo shop has under way: a change that waits for staff, and something half typed."""

from shop.catalogue.models import Product
from shop.sellers.models import Seller
from shop.selling.form_data import blank_form_data, form_data_of
from shop.selling.models import Edit

CHANGED = "tidal-belly-vase"
SENTENCE = "The new batch is a finger taller, and its teal runs deeper towards the shoulder."
BEGUN = {
    "title": "Tide bowl, small run",
    "description": "Thrown from the last of the winter clay. **Eight only**, each with its own tide line.",
}


def add_edits():
    seller = Seller.objects.get(products__slug=CHANGED)
    if seller.edits.exists():
        return
    product = Product.objects.for_page().get(slug=CHANGED)
    live, begun = form_data_of(product), blank_form_data()
    taller = {"title": f"{product.title}, tall", "description": f"{live['description']}\n\n{SENTENCE}"}
    Edit.objects.create(
        seller=seller, product=product, state=Edit.State.WAITING, form_data=live | taller, base=live
    )
    Edit.objects.create(seller=seller, form_data=begun | BEGUN, base=begun)
