from django.urls import path

from .panel import clear_page, panel

urlpatterns = [
    path("", panel, name="cache_panel"),
    path("clear/", clear_page, name="cache_clear"),
]
