from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shop.accounts"
    verbose_name = "People and sellers"

    def ready(self):
        from allauth.mfa.signals import authenticator_added

        from .second_factors import spend_first_code

        authenticator_added.connect(spend_first_code)
