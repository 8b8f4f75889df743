from django.urls import path

from .views import CategoryDetail, ProductList

urlpatterns = [
    path("products/", ProductList.as_view(), name="product_list"),
    path("categories/<category:path>/", CategoryDetail.as_view(), name="category_detail"),
]
