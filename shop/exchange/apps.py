from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "shop.exchange"

    def ready(self):
        from . import people  # noqa: F401 - connects its receivers
