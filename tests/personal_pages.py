"""Every personal address, what each kind of visitor gets there, and what the addresses name."""

from shop.selling.form_data import blank_form_data
from shop.selling.models import Edit
from tests.factories import MemberFactory, ProductFactory, ReviewFactory, SellerFactory

VISITORS = ["anonymous", "shopper", "other seller", "seller", "staff"]

SIGN_IN = "sign in"  # led to the sign-in page
PASSWORD = "password"  # asked for the password once more
AWAY = "away"  # led to another page
EVERYBODY = [200] * 5
MEMBERS = [SIGN_IN, 200, 200, 200, 200]
MEMBERS_ONCE_MORE = [SIGN_IN, PASSWORD, PASSWORD, PASSWORD, PASSWORD]
ONLY_STRANGERS = [200, AWAY, AWAY, AWAY, AWAY]
ITS_AUTHOR = [SIGN_IN, 200, 404, 404, 404]
ONLY_STAFF = [404, 404, 404, 404, 200]
NOTHING_THERE = [SIGN_IN, 404, 404, 404, 404]
NOBODY = [AWAY] * 5
SELLERS = [SIGN_IN, 404, 200, 200, 404]
ITS_SELLER = [SIGN_IN, 404, 404, 200, 404]

# Address: what a GET by each of VISITORS gives. "{…}" names what the fixture `things` has.
GETS = {
    "/me/": MEMBERS,
    "/me/cache/?page=/": ONLY_STAFF,
    "/accounts/": MEMBERS,
    "/accounts/export/": MEMBERS_ONCE_MORE,
    "/accounts/close/": MEMBERS_ONCE_MORE,
    "/accounts/closed/": EVERYBODY,
    "/accounts/login/": ONLY_STRANGERS,
    "/accounts/signup/": ONLY_STRANGERS,
    "/accounts/logout/": [AWAY, 200, 200, 200, 200],
    "/accounts/inactive/": EVERYBODY,
    "/accounts/reauthenticate/": MEMBERS,
    "/accounts/email/": MEMBERS,
    "/accounts/confirm-email/": NOBODY,
    "/accounts/login/code/": ONLY_STRANGERS,
    "/accounts/login/code/confirm/": NOBODY,
    "/accounts/password/change/": MEMBERS,
    "/accounts/password/set/": [SIGN_IN, AWAY, AWAY, AWAY, AWAY],
    "/accounts/password/reset/": EVERYBODY,
    "/accounts/password/reset/done/": EVERYBODY,
    "/accounts/password/reset/key/done/": EVERYBODY,
    "/accounts/password/reset/key/1-forged/": EVERYBODY,
    "/accounts/2fa/": MEMBERS,
    "/accounts/2fa/authenticate/": NOBODY,
    "/accounts/2fa/reauthenticate/": MEMBERS_ONCE_MORE,
    "/accounts/2fa/totp/activate/": MEMBERS_ONCE_MORE,
    "/accounts/2fa/totp/deactivate/": NOTHING_THERE,
    "/accounts/2fa/recovery-codes/": NOTHING_THERE,
    "/accounts/2fa/recovery-codes/generate/": MEMBERS_ONCE_MORE,
    "/accounts/2fa/recovery-codes/download/": NOTHING_THERE,
    "/accounts/sessions/": MEMBERS,
    "/sell/": [SIGN_IN, AWAY, 200, 200, AWAY],
    "/sell/products/": SELLERS,
    "/sell/products/new/": SELLERS,
    "/sell/products/{product}/edit/": ITS_SELLER,
    "/sell/products/{product}/delete/": ITS_SELLER,
    "/sell/products/{product}/preview/": ITS_SELLER,
    "/sell/drafts/{draft}/": ITS_SELLER,
    "/sell/drafts/{draft}/delete/": ITS_SELLER,
    "/sell/drafts/{draft}/preview/": ITS_SELLER,
    "/me/reviews/": MEMBERS,
    "/me/reviews/{review}/edit/": ITS_AUTHOR,
    "/me/reviews/{review}/delete/": ITS_AUTHOR,
    "/me/reviews/{review}/vote/": [SIGN_IN, 404, 200, 404, 200],
    "/me/reviews/{review}/report/": EVERYBODY,
    "/me/reviews/{review}/reported/": EVERYBODY,
    "/me/products/{slug}/review/": EVERYBODY,
    "/me/products/{slug}/votes/": [204, 200, 200, 200, 200],
    "/sell/contact/": SELLERS,
    "/sell/apply/": [SIGN_IN, 200, AWAY, AWAY, 200],
    "/sell/apply/status/": SELLERS,
    "/sell/reviews/": SELLERS,
    "/sell/reviews/{review}/reply/": ITS_SELLER,
}
# Addresses that take a POST only.
POSTS = {
    "/me/cache/clear/": [404, 404, 404, 404, AWAY],
    "/sell/products/listing/": SELLERS,
    "/sell/products/archiving/": SELLERS,
    "/sell/products/prices/": SELLERS,
    "/sell/products/stock/": SELLERS,
    "/sell/products/{product}/withdraw/": [SIGN_IN, 404, 404, AWAY, 404],
    "/sell/drafts/keep/": SELLERS,
    "/sell/drafts/preview/": [SIGN_IN, 404, AWAY, AWAY, 404],
    "/sell/uploads/": [SIGN_IN, 404, 422, 422, 404],
    "/sell/markdown/": SELLERS,
    "/sell/reviews/{review}/reply/delete/": [SIGN_IN, 404, 404, AWAY, 404],
}


def make_people():
    """Return somebody of each kind of VISITORS who is signed in: {kind: user}."""
    people = {
        "shopper": MemberFactory(email="bea@example.com"),
        "other seller": MemberFactory(email="cat@example.com"),
        "seller": MemberFactory(email="dan@example.com"),
        "staff": MemberFactory(email="eve@example.com", is_staff=True, is_superuser=True),
    }
    for name in ("seller", "other seller"):
        SellerFactory(user=people[name])
    return people


def make_things(people):
    """Return what addresses name: what is the seller's, and the shopper's review of their product."""
    seller = people["seller"].seller
    product = ProductFactory(seller=seller, slug="jug")
    draft = Edit.objects.create(seller=seller, form_data=blank_form_data(), base=blank_form_data())
    review = ReviewFactory(product=product, author=people["shopper"])
    return {"product": product.pk, "slug": product.slug, "draft": draft.pk, "review": review.pk}
