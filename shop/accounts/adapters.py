import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site

from shop.caching.clients import network_of
from shop.caching.rate_limit import DAY, HOUR, is_within_limit

from .mails import deliver, with_html

logger = logging.getLogger(__name__)

GUESSES_AN_HOUR = 60
# (emails of the kinds below to one recipient, seconds)
MAILS_TO_ONE = [(10, HOUR), (20, DAY)]
# Emails that someone waits for; the same for addresses with and without an account.
AWAITED = {
    f"account/email/{name}"
    for name in (
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
        "login_code",
        "password_reset_key",
        "unknown_account",
    )
}
NOT_SENT = "We couldn't send the email just now. Please try again in a few minutes."


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Send an email; if that fails, continue, and tell a person who waits for it."""
        if template_prefix in AWAITED and not _may_be_sent_to(email):
            return  # Silently: a message could reveal an account, or another person's request.
        request = allauth_context.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request)}
        mail = self.render_mail(template_prefix, email, facts | context)
        if not deliver(mail) and template_prefix in AWAITED:
            messages.error(request, NOT_SENT)

    def pre_authenticate(self, request, **credentials):
        """Limit password guesses for one account, besides those from one network."""
        if not is_within_limit(f"guesses:{credentials.get('email', '').lower()}", GUESSES_AN_HOUR, HOUR):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # By network, so that a stranger's guesses do not lock out the owner.
        return f"{network_of(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def render_mail(self, template_prefix, email, context, headers=None):
        """Add an HTML version."""
        return with_html(super().render_mail(template_prefix, email, context, headers))


def _may_be_sent_to(email):
    """Count an email to a typed address; return False if it is over a limit."""
    limits = (is_within_limit(f"mail:{email.lower()}:{span}", most, span) for most, span in MAILS_TO_ONE)
    if not all(limits):
        return False
    if not is_within_limit("mails", settings.MAILS_AN_HOUR, HOUR):
        logger.error("more than MAILS_AN_HOUR codes and resets were asked for, and some are not sent")
        return False
    return True


class SecondFactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator):
        return not (settings.STAFF_NEED_SECOND_FACTOR and authenticator.user.is_staff)
