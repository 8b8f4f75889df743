from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site

from .mails import deliver, with_html

# Mails that somebody waits for, and of those for an address with and without an account, all.
AWAITED = {
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "password_reset_key",
        "unknown_account",
    )
}
NOT_SENT = "We couldn't send the email just now. Please try again in a few minutes."


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Send a mail; where that fails, go on and say so to whoever waits for it."""
        request = allauth_context.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request)}
        mail = self.render_mail(template_prefix, email, facts | context)
        if not deliver(mail) and template_prefix in AWAITED:
            messages.error(request, NOT_SENT)

    def render_mail(self, template_prefix, email, context, headers=None):
        """Give each mail its text in HTML, too."""
        return with_html(super().render_mail(template_prefix, email, context, headers))


class SecondFactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator):
        return not (settings.STAFF_NEED_SECOND_FACTOR and authenticator.user.is_staff)
