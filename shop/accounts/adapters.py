from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from .mails import as_html


class AccountAdapter(DefaultAccountAdapter):
    def render_mail(self, template_prefix, email, context, headers=None):
        """Give each mail its text in HTML, too."""
        mail = super().render_mail(template_prefix, email, context, headers)
        mail.attach_alternative(as_html(mail.subject, mail.body), "text/html")
        return mail


class SecondFactorAdapter(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator):
        return not (settings.STAFF_NEED_SECOND_FACTOR and authenticator.user.is_staff)
