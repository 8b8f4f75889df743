from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "shop.reviews"

    def ready(self):
        from . import demo  # noqa: F401 - they connect their receivers
