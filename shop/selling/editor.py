import json
from enum import Enum, auto

from django.conf import settings
from django.db import IntegrityError, transaction

from shop.caching.once import new_form_key
from shop.catalogue.models import Product

from .differences import changes
from .form_data import blank_form_data, form_data_of, parse_form_data
from .forms import ProductForm
from .merging import merged
from .models import Edit, ProcessedForm

# Of new products; those of saved products are one each.
MOST_DRAFTS = 100
LONGEST_DRAFT = 500_000  # characters of JSON: what is typed, and what it was made from


class Outcome(Enum):
    """What became of a form that was saved."""

    SAVED = auto()
    LISTED = auto()
    SENT = auto()  # a new product, to staff
    STAGED = auto()  # changes of a listed product, to staff; its offers are live
    NOTHING_TO_APPROVE = auto()


class ProductEditor:
    """The saved product (None: a new one), its draft, the edit sent to staff, and the data in its form.

    base: the data as last saved when the form was opened.
    """

    def __init__(self, seller, product=None, draft=None):
        self.seller, self.product = seller, product
        edits = list(product.edits.all()) if product else []
        self.draft = draft or next((edit for edit in edits if edit.is_draft), None)
        self.sent = next((edit for edit in edits if not edit.is_draft), None)
        self.data = self.base = None
        self.form_key = self.draft.form_key if self.draft else new_form_key()
        self.changes = self.complaints = ()
        self.is_edited_elsewhere = False

    def open(self):
        """Take the data that the form opens with: the draft's, or the data as last saved."""
        if self.draft:
            self.data, self.base = parse_form_data(self.draft.form_data), parse_form_data(self.draft.base)
        else:
            self.data = self.base = self.current_data()

    def current_data(self):
        """Return the data as last saved: the product's, with what was sent to staff on top."""
        if self.sent:
            return self.sent.form_data_now()
        return form_data_of(self.product) if self.product else blank_form_data()

    @property
    def base_json(self):
        return json.dumps(self.base)

    def receive(self, submitted):
        self.data, self.base = submitted.data, submitted.base
        self.form_key, self.complaints = submitted.form_key, submitted.complaints

    def merge_changes(self):
        """Merge in what others have saved since the form was opened, so that it is shown and not lost."""
        if self.product:
            current = self.current_data()
            self.changes = changes(self.base, current, self.data)
            self.data, self.base = merged(self.base, current, self.data), current

    def form(self, is_checked=True):
        return ProductForm(self.data, self.seller, self.product, is_checked)

    def save_draft(self, revision, next_revision):
        """Save the data as the draft, if the draft still has this revision (0: there was none)."""
        try:
            with transaction.atomic():
                self.is_edited_elsewhere = not self._save_draft(revision, next_revision)
        except IntegrityError:
            self.is_edited_elsewhere = True

    def _save_draft(self, revision, next_revision):
        draft = Edit(seller=self.seller, product=self.product, revision=0)
        if self.draft:
            draft = Edit.objects.select_for_update().filter(pk=self.draft.pk).first()
        if draft is None or draft.revision != revision:
            return False
        if complaint := self._why_not_saved(draft):
            self.complaints = [*self.complaints, ("Draft", complaint)]
            return True
        draft.form_data, draft.base, draft.revision = self.data, self.base, next_revision
        draft.form_key = "" if self.product else self.form_key
        draft.save()
        self.draft = draft
        return True

    def _why_not_saved(self, draft):
        if len(json.dumps([self.data, self.base])) > LONGEST_DRAFT:
            return "This is too long to be kept. Shorten it, please."
        if draft.pk is None and self.seller.edits.drafts().new().count() >= MOST_DRAFTS:
            return f"You have {MOST_DRAFTS} drafts of new products. Save or delete some first."
        return ""

    def discard_draft(self, submitted):
        """Delete the draft, unless somebody has typed something else into it since it was submitted."""
        draft = self.draft
        if draft and (
            draft.revision == submitted.revision or parse_form_data(draft.form_data) == submitted.data
        ):
            draft.delete()

    def save(self, form, is_for_sale):
        """Save a valid form, live or for staff to decide on, and return the Outcome.

        Belongs inside clearing(), with the product's row locked.
        """
        needs_approval = settings.PRODUCTS_NEED_APPROVAL
        if self.product and not self.product.is_draft and needs_approval:
            return self._stage(form)
        self.product = form.save(Product.Status.LISTED if is_for_sale and not needs_approval else None)
        if is_for_sale and needs_approval:
            self._send(form_data_of(self.product))
            return Outcome.SENT
        if self.sent:
            self._send(form_data_of(self.product), self.sent.state)
        return Outcome.LISTED if is_for_sale else Outcome.SAVED

    def save_once(self, submitted, form):
        """Save a valid form; sent again, the form of a new product will mean the product it has made."""
        is_new = self.product is None
        outcome = self.save(form, submitted.is_for_sale)
        self.discard_draft(submitted)
        if is_new and submitted.form_key:
            ProcessedForm.objects.create(
                seller=self.seller,
                idempotency_key=submitted.form_key,
                product=self.product,
                submitted=submitted.everything(),
                saved=form_data_of(self.product),
                row_keys=form.row_keys(),
            )
        return outcome

    def put_up_for_sale(self):
        """List the product as saved, or send a draft to staff; return whether that changes anything."""
        product = self.product
        if product.is_listed or product.price is None or (self.sent and self.sent.is_waiting):
            return False
        if product.is_draft and settings.PRODUCTS_NEED_APPROVAL:
            self._send(form_data_of(product))
        else:
            product.list()
        return True

    def withdraw(self):
        """Make what was sent a draft again; if there is a draft already, that is what was typed last."""
        if self.sent and self.draft:
            self.sent.delete()
        elif self.sent:
            self.sent.state = Edit.State.DRAFT
            self.sent.save()

    def _stage(self, form):
        data = form.cleaned_form_data()
        self.product = form.save_offers()
        live = form_data_of(self.product)
        if data != live:
            self._send(data, base=live)
            return Outcome.STAGED
        if self.sent:
            self.sent.delete()
        return Outcome.NOTHING_TO_APPROVE

    def _send(self, data, state=Edit.State.WAITING, base=None):
        sent = self.sent or Edit(seller=self.seller, product=self.product)
        sent.form_data, sent.base, sent.state = data, base or data, state
        sent.revision += 1
        sent.save()
        self.sent = sent
