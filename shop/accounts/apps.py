from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shop.accounts"
    verbose_name = "People and sellers"
