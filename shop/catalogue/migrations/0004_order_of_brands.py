from django.db import migrations, models


class Migration(migrations.Migration):
    """Order the products of a brand, so that a page of them is read and not all of them."""

    dependencies = [("catalogue", "0003_indexes")]
    operations = [
        migrations.RemoveIndex(model_name="product", name="product_by_brand"),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["status", "brand", "-listed_at", "-id"], name="product_by_brand"),
        ),
    ]
