from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.contenttypes.models import ContentType

from shop.accounts.models import User
from shop.caching.versions import clearing
from shop.catalogue.models import Product
from shop.selling.models import Edit, ProcessedForm, Upload

from .signals import account_closing

ACTOR = "an account that was closed"
NOBODY = "A former member"


def close_account(user):
    """Delete an account; published reviews and the page of a shop stay, without the person."""
    # From the start: a lock of all writers that is asked for later could wait for who waits for us.
    with clearing(actor=ACTOR, exclusive=True):
        account_closing.send(User, user=user)
        _leave_reviews(user)
        _delete_edits(user)
        _withdraw_products(user)
        if hasattr(user, "seller"):
            user.seller.part_from_person()
        for session in user.usersession_set.all():
            session.end()
        _leave_histories(user)
        with disable_auditlog():
            user.delete()


def _leave_reviews(user):
    """Keep what is published without the name; votes and reports stay counted."""
    for review in user.reviews.order_by("product_id"):
        if not review.is_published:
            review.remove(actor=ACTOR)
            continue
        with review.changing(actor=ACTOR):
            review.author, review.author_name = None, NOBODY
            review.save()
    user.review_votes.update(voter=None)
    user.review_reports.update(reporter=None)


def _delete_edits(user):
    """Delete what was typed and sent, and the pictures that no product shows."""
    Edit.objects.filter(seller__user=user).delete()
    ProcessedForm.objects.filter(seller__user=user).delete()
    Upload.objects.filter(seller__user=user).sweep()


def _withdraw_products(user):
    """Delete drafts and archive the rest: nobody is left to send what is ordered."""
    for product in Product.objects.filter(seller__user=user).for_page().locked():
        if product.is_draft:
            product.delete()
        elif product.is_listed:
            product.archive()


def _leave_histories(user):
    """Remove what histories say about the person; what they did stays, without their name."""
    for thing in filter(None, (user, getattr(user, "application", None))):
        LogEntry.objects.get_for_object(thing).delete()
        of_thing = {"content_type": ContentType.objects.get_for_model(thing), "object_id": str(thing.pk)}
        AdminLogEntry.objects.filter(**of_thing).delete()
    LogEntry.objects.filter(actor=user).update(actor_email=None)
