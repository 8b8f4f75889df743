from django.apps import AppConfig


class CachingConfig(AppConfig):
    name = "shop.caching"
    verbose_name = "Cache"

    def ready(self):
        from . import checks  # noqa: F401
