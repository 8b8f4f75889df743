from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("products/<slug:slug>/", HttpResponse, name="product_detail"),
    path("categories/<path:path>/", HttpResponse, name="category_detail"),
    path("sellers/<slug:slug>/", HttpResponse, name="seller_detail"),
]
