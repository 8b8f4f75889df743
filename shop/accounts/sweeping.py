"""Deletion of unconfirmed accounts, expired sessions and old logs."""

from datetime import timedelta
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.utils import timezone

from .models import User

UNCONFIRMED, HISTORY = timedelta(days=7), timedelta(days=730)


def sweep():
    """Delete accounts unconfirmed for a week, expired sessions, and logs older than two years."""
    now = timezone.now()
    count = _sweep_unconfirmed(now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    ended = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    UserSession.objects.filter(last_seen_at__lt=ended).delete()
    LogEntry.objects.filter(timestamp__lt=now - HISTORY).delete()
    AdminLogEntry.objects.filter(action_time__lt=now - HISTORY).delete()
    return f"{count} account{'' if count == 1 else 's'} that nobody confirmed"


def _sweep_unconfirmed(now):
    """Delete people who signed up but never signed in; they own nothing else."""
    unverified = EmailAddress.objects.filter(verified=False).values("user")
    verified = EmailAddress.objects.filter(verified=True).values("user")
    people = User.objects.filter(
        pk__in=unverified, last_login=None, is_staff=False, date_joined__lt=now - UNCONFIRMED
    ).exclude(pk__in=verified)
    count = people.count()
    for person in people:
        person.delete()
    return count
