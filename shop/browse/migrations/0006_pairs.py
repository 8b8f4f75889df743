from django.db import migrations, models

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Keep how many products of a category have each pair of their specifications."""

    dependencies = [("browse", "0005_tallies_by_brand_and_seller")]
    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("n", models.IntegerField()),
            ],
            options={"db_table": "browse_pair", "managed": False},
        ),
        migrations.RunPython(
            schema.on("postgresql", "pairs", "recount_pairs"), schema.on("postgresql", "drop_pairs")
        ),
        migrations.RunPython(schema.on("sqlite", "pairs"), schema.on("sqlite", "drop_pairs")),
    ]
