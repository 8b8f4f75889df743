from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from .models import ZeroResultSearch


@admin.register(ZeroResultSearch)
class ZeroResultSearchAdmin(admin.ModelAdmin):
    """What people looked for and did not find; once it is put right, staff delete it from the list."""

    list_display = ["text", "times", "last_at", "page"]
    search_fields = ["text"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="")
    def page(self, search):
        url = f"{reverse('product_list')}?{urlencode({'q': search.text})}"
        return format_html('<a href="{}">Search again</a>', url)
