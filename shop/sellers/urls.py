from django.urls import path

from .views import ApplicationDetail, ApplicationSend, SellerContactUpdate

urlpatterns = [
    path("sell/apply/", ApplicationSend.as_view(), name="apply"),
    path("sell/contact/", SellerContactUpdate.as_view(), name="seller_contact"),
    path("sell/apply/status/", ApplicationDetail.as_view(), name="application"),
]
