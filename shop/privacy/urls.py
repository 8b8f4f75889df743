from django.urls import path
from django.views.generic import TemplateView

from .views import AccountClose, DataExport

urlpatterns = [
    path("accounts/export/", DataExport.as_view(), name="data_export"),
    path("accounts/close/", AccountClose.as_view(), name="account_close"),
    path(
        "accounts/closed/",
        TemplateView.as_view(template_name="privacy/account_closed.html"),
        name="account_closed",
    ),
]
