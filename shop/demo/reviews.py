"""The reviews of the demo shop: what demo/reviews.json describes, written wherever the database differs."""

import json
from collections import defaultdict
from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.reviews.models import Review, Vote
from shop.reviews.ratings import count_ratings

from .shop import DOMAIN, FOLDER, differs, save_with


def load_reviews(shop):
    data = json.loads((FOLDER / "reviews.json").read_text(encoding="utf-8"))
    entries = defaultdict(list)
    for entry in data["reviews"]:
        entries[entry["product"]].append(entry)
    with clearing(actor="loaddemo"):
        people = {name: put_person(name) for name in data["reviewers"]}
        for slug in sorted(entries):
            if written := put_reviews(slug, entries[slug], people):
                shop.written["reviews"] += written


def put_person(name):
    """Return the account that a demo review is written with; nobody can sign in to it."""
    defaults = {"display_name": name, "password": make_password(None)}
    return User.objects.get_or_create(email=f"{slugify(name)}@shoppers.{DOMAIN}", defaults=defaults)[0]


def put_reviews(slug, entries, people):
    """Write those reviews of a product that differ; return how many."""
    product = Product.objects.for_page().locked().get(slug=slug)
    kept = {review.author_id: review for review in product.reviews.all()}
    written = 0
    for entry in entries:
        author = people[entry["reviewer"]]
        review = kept.get(author.pk) or Review(product=product, author=author)
        written += put_review(review, entry, list(people.values()))
    if written:
        count_ratings(product)
    return written


def put_review(review, entry, people):
    fields = review_facts(entry)
    if review.pk and not differs(review, fields):
        return False
    save_with(review, fields)
    review.votes.all().delete()
    voters = [person for person in people if person != review.author]
    first = review.pk % len(voters)
    voters = [*voters[first:], *voters[:first]][: entry["helpful"] + entry["unhelpful"]]
    Vote.objects.bulk_create(
        Vote(review=review, voter=voter, is_helpful=number < entry["helpful"])
        for number, voter in enumerate(voters)
    )
    return True


def review_facts(entry):
    published_at = moment(entry["day"])
    return {name: entry[name] for name in ("rating", "title", "text")} | {
        "author_name": entry["reviewer"],
        "state": Review.State.PUBLISHED,
        "created_at": published_at,
        "published_at": published_at,
        "checked_at": published_at,
        "reply": entry.get("reply", ""),
        "replied_at": moment(entry["reply_day"]) if "reply" in entry else None,
        "helpful_count": entry["helpful"],
        "unhelpful_count": entry["unhelpful"],
    }


def moment(day):
    return datetime.fromisoformat(day).replace(hour=10, tzinfo=UTC)
