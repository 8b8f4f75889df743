from django.urls import path

from .views import AccountMenu, Profile

urlpatterns = [
    path("me/", AccountMenu.as_view(), name="account_menu"),
    path("accounts/", Profile.as_view(), name="profile"),
]
