from django.db import migrations, models


class Migration(migrations.Migration):
    """Order the products of a category to the last, and find those that are reduced."""

    dependencies = [
        ("accounts", "0003_staff_groups"),
        ("catalogue", "0002_histogram"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="product",
            name="product_in_category",
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["category", "status", "-listed_at", "-id"], name="product_in_category"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("compare_at_price__gt", models.F("price"))),
                fields=["status", "-listed_at", "-id"],
                name="product_reduced",
            ),
        ),
    ]
