from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "shop.reviews"

    def ready(self):
        from . import people  # noqa: F401 - connects its receivers
