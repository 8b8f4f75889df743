"""What imports do with what belongs to a person; they go with the account, and their files with them."""

from django.dispatch import receiver

from shop.accounts.signals import personal_data


@receiver(personal_data)
def imports_of(sender, user, **kwargs):
    names = ("name", "rows", "rows_done", "written", "created_at")
    return {"imports": list(user.imports.order_by("pk").values(*names))}
