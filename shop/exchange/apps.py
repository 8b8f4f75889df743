from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "shop.exchange"
    verbose_name = "Import and export"

    def ready(self):
        from . import people  # noqa: F401 - connects its receivers
