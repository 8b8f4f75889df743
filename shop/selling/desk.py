"""What there is of one product of a seller: what is saved, what was typed since, what waits for staff."""

import json

from django.conf import settings
from django.db import IntegrityError, transaction

from shop.catalogue.models import Product

from .content import blank_content, content_of, shaped
from .forms import ProductForm
from .models import Edit

# Of new products; those of saved products are one each.
MOST_DRAFTS = 100
LONGEST_DRAFT = 500_000  # letters of JSON: what is typed, and what it was made from


class KeptElsewhereError(Exception):
    """Somebody else, or the seller in another window, is typing into the same draft."""


class DraftRefusedError(Exception):
    """A draft is one too many, or too long; its text says so to the seller."""


class Desk:
    """The product of a seller (None: it is new), with its draft and the edit that was sent to staff."""

    def __init__(self, seller, product=None, draft=None):
        self.seller, self.product = seller, product
        edits = list(product.edits.all()) if product else []
        self.draft = draft or next((edit for edit in edits if edit.is_draft), None)
        self.sent = next((edit for edit in edits if not edit.is_draft), None)

    def saved(self):
        """Return the content as last saved: the product's, with what was sent to staff on top."""
        if self.sent:
            return self.sent.content_now()
        return content_of(self.product) if self.product else blank_content()

    def opened(self):
        """Return the content that the form opens with, and the one that it was made from."""
        if self.draft:
            return shaped(self.draft.content), shaped(self.draft.base)
        saved = self.saved()
        return saved, saved

    def form(self, content, is_checked=True):
        return ProductForm(content, self.seller, self.product, is_checked)

    def keep(self, content, base, revision, next_revision):
        """Keep a content as the draft, if it is still the one of that revision (0: there was none)."""
        try:
            with transaction.atomic():
                self._keep(content, base, revision, next_revision)
        except IntegrityError as error:
            raise KeptElsewhereError from error

    def _keep(self, content, base, revision, next_revision):
        draft = Edit(seller=self.seller, product=self.product, revision=0)
        if self.draft:
            draft = Edit.objects.select_for_update().filter(pk=self.draft.pk).first()
        if draft is None or draft.revision != revision:
            raise KeptElsewhereError
        self._check_bounds(draft, content, base)
        draft.content, draft.base, draft.revision = content, base, next_revision
        draft.save()
        self.draft = draft

    def _check_bounds(self, draft, content, base):
        if len(json.dumps([content, base])) > LONGEST_DRAFT:
            raise DraftRefusedError("This is too long to be kept. Shorten it, please.")
        if draft.pk is None and self.seller.edits.drafts().new().count() >= MOST_DRAFTS:
            raise DraftRefusedError(
                f"You have {MOST_DRAFTS} drafts of new products. Save or delete some first."
            )

    def forget(self, content, revision):
        """Delete the draft, unless somebody has typed something else into it since that revision."""
        if self.draft and (self.draft.revision == revision or shaped(self.draft.content) == content):
            self.draft.delete()

    def save(self, form, is_for_sale):
        """Save a valid form, live or for staff to decide on, and return what happened, in words.

        Belongs inside clearing(), with the product's row locked.
        """
        if self.product and not self.product.is_draft and settings.PRODUCTS_NEED_APPROVAL:
            return self._stage(form)
        needs_approval = settings.PRODUCTS_NEED_APPROVAL
        self.product = form.save(Product.Status.LISTED if is_for_sale and not needs_approval else None)
        if is_for_sale and needs_approval:
            self._send(content_of(self.product))
            return "Sent for approval. You get an e-mail when it is listed."
        if self.sent:
            self._send(content_of(self.product), self.sent.state)
        return "Saved and listed." if is_for_sale else "Saved."

    def put_up_for_sale(self):
        """List the product as it is saved, or send it to staff if it has no page yet; say if that is news."""
        product = self.product
        if product.is_listed or product.price is None or (self.sent and self.sent.is_waiting):
            return False
        if product.is_draft and settings.PRODUCTS_NEED_APPROVAL:
            self._send(content_of(product))
        else:
            product.list()
        return True

    def take_back(self):
        """Make what was sent a draft again; if there is a draft already, that is what was typed last."""
        if self.sent and self.draft:
            self.sent.delete()
        elif self.sent:
            self.sent.state = Edit.State.DRAFT
            self.sent.save()

    def _stage(self, form):
        content = form.checked_content()
        self.product = form.save_offers()
        live = content_of(self.product)
        if content != live:
            self._send(content, base=live)
            return "Price and stock are live. The rest waits for approval, and the page stays as it is."
        if self.sent:
            self.sent.delete()
        return "Saved. Nothing is left to approve."

    def _send(self, content, state=Edit.State.WAITING, base=None):
        sent = self.sent or Edit(seller=self.seller, product=self.product)
        sent.content, sent.base, sent.state = content, base or content, state
        sent.revision += 1
        sent.save()
        self.sent = sent
