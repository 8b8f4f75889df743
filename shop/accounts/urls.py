from django.urls import path
from django.views.generic import TemplateView

from .selling import Application, Apply, SellerContact
from .views import AccountMenu, CloseAccount, DataExport, Profile

urlpatterns = [
    path("me/", AccountMenu.as_view(), name="account_menu"),
    path("accounts/", Profile.as_view(), name="profile"),
    path("accounts/export/", DataExport.as_view(), name="data_export"),
    path("accounts/close/", CloseAccount.as_view(), name="close_account"),
    path(
        "accounts/closed/",
        TemplateView.as_view(template_name="accounts/account_closed.html"),
        name="account_closed",
    ),
    path("sell/apply/", Apply.as_view(), name="apply"),
    path("sell/contact/", SellerContact.as_view(), name="seller_contact"),
    path("sell/apply/status/", Application.as_view(), name="application"),
]
