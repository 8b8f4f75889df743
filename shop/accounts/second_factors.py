"""One-time codes that are taken once, whichever process is asked: the database keeps the last step used."""

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
    """A form of allauth that takes a code: none of a step that was used, or that came before it."""

    def clean_code(self):
        # Its limit on guesses is counted in the database as well, so not in a transaction that may fail.
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
    """Note the step of a code as used; return whether it is later than all that were used before."""
    if authenticator.type != Authenticator.Type.TOTP:  # allauth crosses recovery codes off itself.
        return True
    # Of two who send the same code at once, the second waits here and finds it used.
    authenticator = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = max(steps_of(authenticator, code), default=-1)
    if step <= authenticator.data.get(LAST_STEP, -1):
        return False
    authenticator.data[LAST_STEP] = step
    authenticator.save(update_fields=["data"])
    return True


def steps_of(authenticator, code):
    """Yield the steps around now, of some seconds each, whose code this is."""
    secret = decrypt(authenticator.data["secret"])
    now, tolerance = int(time.time()) // app_settings.TOTP_PERIOD, app_settings.TOTP_TOLERANCE
    for step in range(now - tolerance, now + tolerance + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            yield step


def spend_first_code(request, authenticator, **kwargs):
    """Take the code that has set a second factor up for used; connected to allauth's signal."""
    spend(authenticator, request.POST.get("code", ""))
