from django.db.models import F

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.selling.models import Edit

from .signals import personal_data

SHOP = ("name", "slug", "craft", "place", "about")
REVIEW = ("product__title", "rating", "title", "text", "author_name", "state", "created_at", "edited_at")


def data_of(user):
    """Return all that the shop keeps about a person, ready for JSON."""
    data = account_of(user) | sales_of(user) | reviews_of(user)
    for _, more in personal_data.send(User, user=user):
        data |= more
    return data


def account_of(user):
    return {
        "account": {
            "email": user.email,
            "display_name": user.display_name,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
        },
        "email_addresses": list(user.emailaddress_set.values("email", "verified", "primary")),
        "sign_ins": list(user.usersession_set.values("created_at", "ip", "user_agent")),
        "second_factors": list(user.authenticator_set.values("type", "created_at", "last_used_at")),
    }


def sales_of(user):
    products = Product.objects.filter(seller__user=user).order_by("pk")
    edits = Edit.objects.filter(seller__user=user).order_by("pk")
    imports = user.imports.order_by("pk")
    return {
        "seller": values_of(user, "seller", *SHOP, "since", "contact_email"),
        "application": values_of(user, "application", *SHOP, "contact_email", "status", "reason", "sent_at"),
        "products": list(products.values("title", "slug", "status", "created_at", "changed_at")),
        "product_drafts": list(edits.values("state", "reason", "changed_at", content=F("form_data"))),
        "imports": list(imports.values("name", "rows", "rows_done", "written", "created_at")),
    }


def reviews_of(user):
    return {
        "reviews": list(user.reviews.order_by("pk").values(*REVIEW)),
        "review_votes": list(user.review_votes.order_by("pk").values("review_id", "is_helpful")),
        "review_reports": list(user.review_reports.values("review_id", "reason", "note", "created_at")),
    }


def values_of(user, relation, *names):
    thing = getattr(user, relation, None)
    return thing and {name: getattr(thing, name) for name in names}
