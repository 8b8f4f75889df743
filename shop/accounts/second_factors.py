"""One-time codes that work once: the database keeps the last time step used."""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST_STEP = "last_step"


class TakesCodesOnce:
    """Mixin for an allauth form that rejects codes of used or earlier time steps."""

    def clean_code(self):
        # Outside the transaction, whose rollback would undo allauth's count of guesses.
        code = super().clean_code()
        if not spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(TakesCodesOnce, AuthenticateForm):
    pass


class ConfirmForm(TakesCodesOnce, ReauthenticateForm):
    pass


@transaction.atomic
def spend(authenticator, code):
    """Mark the time step of a code as used; return False if it or a later one already was."""
    if authenticator.type != Authenticator.Type.TOTP:  # allauth invalidates recovery codes itself.
        return True
    # A concurrent request with the same code waits here.
    authenticator = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = max(steps_of(authenticator, code), default=-1)
    if step <= authenticator.data.get(LAST_STEP, -1):
        return False
    authenticator.data[LAST_STEP] = step
    authenticator.save(update_fields=["data"])
    return True


def steps_of(authenticator, code):
    """Yield the current time steps that have this code."""
    secret = decrypt(authenticator.data["secret"])
    now, tolerance = int(time.time()) // app_settings.TOTP_PERIOD, app_settings.TOTP_TOLERANCE
    for step in range(now - tolerance, now + tolerance + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            yield step


def spend_first_code(request, authenticator, **kwargs):
    """Mark the code that set up a second factor as used; connected to allauth's signal."""
    spend(authenticator, request.POST.get("code", ""))
