from django.apps import AppConfig


class CachingConfig(AppConfig):
    name = "shop.caching"
    verbose_name = "Cache"
