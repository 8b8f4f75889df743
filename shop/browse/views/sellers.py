from django.shortcuts import get_object_or_404

from shop.caching.parameters import page_number
from shop.catalogue.models import Product
from shop.catalogue.structured_data import item_list
from shop.sellers.models import Seller

from .cards import CardList


class SellerDetail(CardList):
    template_name = "browse/seller_detail.html"
    query_parameters = {"page": page_number}

    def cache_tags(self):
        return [f"seller:{self.kwargs['slug']}"]

    def get_queryset(self):
        return Product.objects.listed().filter(seller__slug=self.kwargs["slug"]).newest().for_cards()

    def get_context_data(self, **kwargs):
        seller = get_object_or_404(Seller, slug=self.kwargs["slug"])
        context = super().get_context_data(seller=seller, **kwargs)
        return context | {"structured_data": [item_list(self.request, context["products"])]}
