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
# How many mails of the following kind one address gets in so many seconds.
MAILS_TO_ONE = [(10, HOUR), (20, DAY)]
# Mails that somebody waits for, and of those for an address with and without an account, all.
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
        """Send a mail; where that fails, go on and say so to whoever waits for it."""
        if template_prefix in AWAITED and not _may_be_sent_to(email):
            return  # Without a word: it would tell that somebody else has asked, or has an account.
        request = allauth_context.request
        facts = {"request": request, "email": email, "current_site": get_current_site(request)}
        mail = self.render_mail(template_prefix, email, facts | context)
        if not deliver(mail) and template_prefix in AWAITED:
            messages.error(request, NOT_SENT)

    def pre_authenticate(self, request, **credentials):
        """Bound guesses at one account from everywhere, beside those from each network."""
        if not is_within_limit(f"guesses:{credentials.get('email', '').lower()}", GUESSES_AN_HOUR, HOUR):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # By network, so that a stranger's wrong guesses do not lock the owner out.
        return f"{network_of(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def render_mail(self, template_prefix, email, context, headers=None):
        """Give each mail its text in HTML, too."""
        return with_html(super().render_mail(template_prefix, email, context, headers))


def _may_be_sent_to(email):
    """Count a mail to an address that somebody typed; return whether it is sent."""
    of_address = (is_within_limit(f"mail:{email.lower()}:{span}", most, span) for most, span in MAILS_TO_ONE)
    if not all(of_address):
        return False
    if not is_within_limit("mails", settings.MAILS_AN_HOUR, HOUR):
        logger.error("more than MAILS_AN_HOUR codes and resets were asked for, and some are not sent")
        return False
    return True


class SecondFactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator):
        return not (settings.STAFF_NEED_SECOND_FACTOR and authenticator.user.is_staff)
