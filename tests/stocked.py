"""A small shop that has one of everything that pages show in its own way."""

from shop.caching.versions import clearing
from tests.factories import (
    CategoryFactory,
    PhotoFactory,
    ProductFactory,
    ReviewFactory,
    ReviewPhotoFactory,
    SellerFactory,
)

ADDRESSES = {
    "home": "/",
    "list": "/products/",
    "filtered list": "/products/?brand=Kiln&price_min=10&sort=price",
    "second page": "/products/?page=2",
    "empty list": "/products/?q=nothing+like+it",
    "category": "/categories/decor/",
    "subcategory": "/categories/decor/vases/",
    "product": "/products/belly-vase/",
    "chosen variant": "/products/belly-vase/?variant=L-OAT",
    "product without a photo": "/products/cup-20/",
    "archived product": "/products/old-jug/",
    "seller": "/sellers/kiln/",
    "reviews": "/products/belly-vase/reviews/",
    "chosen reviews": "/products/belly-vase/reviews/?sort=highest&stars=5",
    "no reviews": "/products/cup-20/reviews/",
    "related products": "/categories/decor/vases/related/belly-vase/",
}
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänskajüte"
NOWHERE = "/products/nothing-here/"


@clearing()
def stock_the_shop():
    """Create the products, categories and sellers that ADDRESSES show."""
    decor = CategoryFactory(
        name="Decor", slug="decor", introduction="Things to look at that are also of some use."
    )
    vases = CategoryFactory(name="Vases", slug="vases", parent=decor)
    table = CategoryFactory(name="Table", slug="table")
    kiln = SellerFactory(
        name="Kiln",
        slug="kiln",
        place="Porto",
        since=1998,
        about="A wood kiln.\n\n# What comes out\n\n- cups",
    )
    loom = SellerFactory(name="Loom & Daughters", slug="loom", craft="Linen", place="Ghent")
    _belly_vase(vases, kiln)
    ProductFactory(title="Old jug", slug="old-jug", category=vases, seller=kiln, status="archived")
    ProductFactory(title=f"Tall vase {LONG_WORD}", category=vases, seller=loom, price="75.50", stock=0)
    for n in range(30):
        seller = loom if n % 3 == 0 else kiln
        ProductFactory(
            title=f"Cup {n:02}", slug=f"cup-{n:02}", category=table, seller=seller, price=f"{n + 1}.00"
        )


def _belly_vase(category, seller):
    product = ProductFactory(
        title="Belly vase “Ånge” & stand",
        slug="belly-vase",
        category=category,
        seller=seller,
        brand="Kiln",
        option_names=["Size", "Colour"],
        variants=[
            {"sku": "S-OAT", "option_values": ["Small", "Oat"], "price": "30.00", "stock": 20},
            {"sku": "S-INK", "option_values": ["Small", "Ink"], "price": "32.00", "stock": 3},
            {
                "sku": "L-OAT",
                "option_values": ["Large", "Oat"],
                "price": "50.00",
                "compare_at_price": "65.00",
                "stock": 2,
            },
            {"sku": "L-INK", "option_values": ["Large", "Ink"], "price": "55.00", "stock": 0},
        ],
        specifications=[["Material", "Stoneware"], ["Height", "24 cm"]],
        description="Holds **four** litres.\n\n# Made for <branches>\n\n- tall ones\n- wide ones",
        care="Wash by hand.",
    )
    _review(product)
    PhotoFactory(product=product, alt="A round vase, seen from the side")
    PhotoFactory(product=product, alt="The foot of the vase", position=1)


def _review(product):
    text = "Four litres, as promised.\n\nNo drips."
    long = ReviewFactory(product=product, rating=5, title="Holds a whole hedge", text=text, helpful_count=3)
    ReviewPhotoFactory(review=long)
    ReviewFactory(product=product, rating=4, text="Small, but <well> made.", reply="Thank you!")
