"""What a seller imports while staff have a word in it: the same as if it were typed into the product form."""

from collections import Counter

from django.conf import settings

from shop.catalogue.models import Product
from shop.selling.content import content_of, new_key, pictures_in, row_of
from shop.selling.desk import Desk
from shop.selling.merging import merged
from shop.selling.models import Upload

from .archives import KNOWN_BY
from .photos import name_of
from .problems import BadFileError
from .writing import take, write_entries

# What is live at once.
OFFERS = {"price", "former_price", "stock"}


def write_for_seller(entries, stored):
    """Write what changed as write_entries() does, with all that staff decide on sent to them instead.

    New products and drafts are written, and wait for approval if they are to be listed. Of products
    with a page, price, stock and the end of their sale are written, and everything else is staged.
    """
    if not settings.PRODUCTS_NEED_APPROVAL:
        return write_entries(entries, stored)
    entries = [entry for entry in entries if entry.is_changed]
    drafts = [entry for entry in entries if not entry.had_page]
    staged = [entry for entry in entries if entry.had_page and not is_live(entry)]
    wishes = [entry for entry in drafts if entry.product.is_listed]
    for entry in wishes:
        entry.product.status = Product.Status.DRAFT
        entry.changes = [change for change in entry.changes if change.column.name != "status"]
    written = write_entries([entry for entry in entries if entry not in staged], stored)
    sent = sum(put_up_for_sale(entry.product.pk) for entry in wishes)
    sent += sum(stage(entry, stored) for entry in staged)
    return written + Counter({"sent for approval": sent})


def problems_for_seller(entry):
    """Yield what only staff may do."""
    if not settings.PRODUCTS_NEED_APPROVAL:
        return
    for change in entry.changes:
        if change.column.name == "currency" and entry.had_page:
            yield change.row.problem("Only staff can change the currency of a listed product.", "currency")
        if change.column.name == "status" and not entry.had_page and entry.product.is_archived:
            yield change.row.problem("A product that was never listed cannot be archived.", "status")


def is_live(entry):
    names = {change.column.name for change in entry.changes}
    return not entry.new_variants and names <= OFFERS | {"status"}


def put_up_for_sale(pk):
    product = with_edits(pk)
    return Desk(product.seller, product).put_up_for_sale()


def stage(entry, stored):
    """Send an entry to staff on top of what the seller has sent before; return whether that is news."""
    product = with_edits(entry.product.pk)
    desk, live = Desk(product.seller, product), content_of(product)
    saved = desk.saved()
    content = merged(live, saved, content_of_entry(entry, saved, stored))
    is_news = content != saved
    if is_news:
        save(desk, content, entry)
    product = with_edits(product.pk)
    if product.status != entry.product.status:
        product.status = entry.product.status
        product.save()
    return is_news


def save(desk, content, entry):
    form = desk.form(content)
    if not form.is_valid():
        raise BadFileError(*(entry.rows[0].problem(message) for _, message in form.shown_problems()))
    desk.save(form, is_for_sale=True)


def content_of_entry(entry, saved, stored):
    """Return the content of the product form with what the entry says in it."""
    variants = sorted(entry.variants.values(), key=lambda variant: variant.position)
    # A variant or picture that was sent before is the same one.
    keys = {row["sku"]: row["key"] for row in saved["variants"]}
    rows = {v.sku: row_of(v) if v.pk else row_of(v) | {"key": keys.get(v.sku) or new_key()} for v in variants}
    default = next(variant for variant in variants if variant.is_default)
    content = content_of(entry.product) | {
        "variants": list(rows.values()),
        "default": rows[default.sku]["key"],
    }
    if entry.photos is not None:
        uploads = entry.product.seller.uploads.filter(pk__in=pictures_in(saved, "upload"))
        sent = {name_of(upload)[:KNOWN_BY]: upload.key for upload in uploads}
        content["photos"] = [
            {"key": key_of(photo, entry, sent, stored), "alt": alt} for photo, alt in entry.photos
        ]
    return content


def key_of(photo, entry, sent, stored):
    """Return the key of a photo, or of the upload that a file of the archive becomes, or was before."""
    if not isinstance(photo, str):
        return f"photo-{photo.pk}"
    new = stored.get((entry.product.slug, photo)) or take(stored, entry, photo)
    known_by = name_of(new)[:KNOWN_BY]
    if known_by not in sent:
        take(stored, entry, photo)
        sizes = {"width": new.width, "height": new.height, "tint": new.tint}
        upload = Upload.objects.create(seller=entry.product.seller, file=new.file.name, **sizes)
        sent[known_by] = upload.key
    return sent[known_by]


def with_edits(pk):
    return Product.objects.for_page().prefetch_related("edits").get(pk=pk)
