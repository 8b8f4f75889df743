from django.db import migrations
from django.db.models.functions import Lower

import shop.fields.slugs


def part_twins(apps, schema_editor):
    """Give all but the oldest of slugs that differ in case only another one."""
    Seller = apps.get_model("accounts", "Seller")
    seen = set()
    for seller in Seller.objects.order_by("pk"):
        if seller.slug.lower() in seen:
            seller.slug = f"{seller.slug[:60]}-{seller.pk}"
            Seller.objects.filter(pk=seller.pk).update(slug=seller.slug)
        seen.add(seller.slug.lower())


class Migration(migrations.Migration):
    """Let no two sellers' slugs differ in the case of their letters only."""

    dependencies = [("accounts", "0004_one_person_per_email")]
    operations = [
        migrations.RunPython(part_twins, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="seller",
            constraint=shop.fields.slugs.UniqueWhateverCase(
                Lower("slug"),
                name="seller_slug_whatever_case",
                violation_error_message=(
                    "Another seller has this slug but for capital letters, which do not count."
                ),
            ),
        ),
    ]
