from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shop.catalogue"

    def ready(self):
        from . import people  # noqa: F401 - connects its receivers
