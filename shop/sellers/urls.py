from django.urls import path

from .views import Application, Apply, SellerContact

urlpatterns = [
    path("sell/apply/", Apply.as_view(), name="apply"),
    path("sell/contact/", SellerContact.as_view(), name="seller_contact"),
    path("sell/apply/status/", Application.as_view(), name="application"),
]
