"""The import of a seller whose products staff approve: the same as if it were typed into the product form."""

from collections import Counter

from django.conf import settings

from shop.catalogue.models import Product
from shop.selling.editor import ProductEditor
from shop.selling.form_data import form_data_of, new_key, pictures_in, row_of
from shop.selling.merging import merged
from shop.selling.models import Upload

from .importer import ProductImport, take
from .report import ImportRefusedError


class SellerImport(ProductImport):
    """An import that sends to staff what they decide on, and writes the rest.

    New products and drafts are written, and wait for approval if they are to be listed. Of products
    with a page, columns that need no approval are live at once, and everything else is staged.
    """

    def problems_of(self, group):
        if not settings.PRODUCTS_NEED_APPROVAL:
            return
        for change in group.changes:
            name = change.column.name
            if name == "currency" and group.had_page:
                yield change.row.problem("Only staff can change the currency of a listed product.", name)
            if name == "status" and not group.had_page and group.product.is_archived:
                yield change.row.problem("A product that was never listed cannot be archived.", name)

    def save_products(self, groups, stored):
        if not settings.PRODUCTS_NEED_APPROVAL:
            return super().save_products(groups, stored)
        staged = [group for group in groups if group.had_page and needs_approval(group)]
        to_list = [group for group in groups if not group.had_page and group.product.is_listed]
        for group in to_list:
            group.product.status = Product.Status.DRAFT
            group.changes = [change for change in group.changes if change.column.name != "status"]
        written = super().save_products([group for group in groups if group not in staged], stored)
        sent = [editor_of(group).put_up_for_sale() for group in to_list]
        sent += [stage(group, stored) for group in staged]
        return written + Counter({"sent for approval": sum(sent)})


def needs_approval(group):
    return group.new_variants or any(change.column.needs_approval for change in group.changes)


def editor_of(group):
    saved = Product.objects.for_page().prefetch_related("edits").get(pk=group.product.pk)
    return ProductEditor(saved.seller, saved)


def stage(group, stored):
    """Send a product to staff on top of what the seller has sent before; return whether that is news."""
    editor = editor_of(group)
    saved = editor.current_data()
    editor.data = merged(form_data_of(editor.product), saved, form_data_of_rows(group, saved, stored))
    is_news = editor.data != saved
    if is_news:
        form = editor.form()
        if not form.is_valid():
            raise ImportRefusedError(*(group.rows[0].problem(text) for _, text in form.shown_problems()))
        editor.save(form, is_for_sale=True)
    now = Product.objects.get(pk=group.product.pk)
    if now.status != group.product.status:
        now.status = group.product.status
        now.save()
    return is_news


def form_data_of_rows(group, saved, stored):
    """Return the data of the product form with what the rows say in it."""
    variants = sorted(group.variants.values(), key=lambda variant: variant.position)
    # A variant or picture that was sent before is the same one.
    keys = {row["sku"]: row["key"] for row in saved["variants"]}
    rows = [row_of(v) | ({} if v.pk else {"key": keys.get(v.sku) or new_key()}) for v in variants]
    default = next(row["key"] for row, variant in zip(rows, variants, strict=True) if variant.is_default)
    data = form_data_of(group.product) | {"variants": rows, "default": default}
    if group.photos is not None:
        uploads = group.product.seller.uploads.filter(pk__in=pictures_in(saved, "upload"))
        sent = {upload.digest: upload.key for upload in uploads}
        data["photos"] = [
            {"key": key_of(photo, group, sent, stored), "alt": alt} for photo, alt in group.photos
        ]
    return data


def key_of(photo, group, sent, stored):
    """Return the key of a photo, or of the upload that a file of the archive becomes, or was before."""
    if not isinstance(photo, str):
        return f"photo-{photo.pk}"
    new = stored.get((group.product.slug, photo)) or take(stored, group, photo)
    if new.digest not in sent:
        take(stored, group, photo)
        sent[new.digest] = Upload.objects.create(seller=group.product.seller, **new.stored()).key
    return sent[new.digest]
