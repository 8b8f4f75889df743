from django.urls import path

from .views import CategoryDetail, FacetPanel, Home, ProductList, SellerDetail, SuggestionList

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("sellers/<slug:slug>/", SellerDetail.as_view(), name="seller_detail"),
    path("products/", ProductList.as_view(), name="product_list"),
    path("suggestions/", SuggestionList.as_view(), name="suggestion_list"),
    path("filters/", FacetPanel.as_view(), name="facets"),
    path("filters/<category:path>/", FacetPanel.as_view(), name="facets"),
    path("categories/<category:path>/", CategoryDetail.as_view(), name="category_detail"),
]
