from django.db import migrations, models

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Keep how many products there are of each kind, where the database is PostgreSQL."""

    dependencies = [("browse", "0002_fruitless_search"), ("catalogue", "0002_histogram")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("level", models.IntegerField(primary_key=True, serialize=False)),
                ("brand", models.TextField()),
                ("band", models.IntegerField()),
                ("stars", models.IntegerField()),
                ("in_stock", models.BooleanField()),
                ("n", models.IntegerField()),
            ],
            options={"verbose_name_plural": "tallies", "db_table": "browse_tally", "managed": False},
        ),
        migrations.RunPython(
            schema.on("postgresql", "tallies", "recount"), schema.on("postgresql", "drop_tallies")
        ),
    ]
