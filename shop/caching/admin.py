from django.contrib import admin

from .versions import clearing


class ClearingAdmin(admin.ModelAdmin):
    """Put every write of the admin, with the versions it renews, into one transaction."""

    def changeform_view(self, *args, **kwargs):
        with clearing():
            return super().changeform_view(*args, **kwargs)

    def changelist_view(self, *args, **kwargs):
        with clearing():
            return super().changelist_view(*args, **kwargs)

    def delete_view(self, *args, **kwargs):
        with clearing():
            return super().delete_view(*args, **kwargs)
