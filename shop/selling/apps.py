from django.apps import AppConfig


class SellingConfig(AppConfig):
    name = "shop.selling"
    verbose_name = "Sent by sellers"

    def ready(self):
        from . import moves  # noqa: F401 - connects its receiver
