import django.db.models.deletion
from django.db import migrations, models

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Create what is searched and its full-text index, in the words of the database in use."""

    initial = True
    dependencies = [("catalogue", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="catalogue.product",
                    ),
                ),
                ("title", models.TextField()),
                ("brand", models.TextField()),
                ("category", models.TextField()),
                ("ancestors", models.TextField()),
                ("specifications", models.TextField()),
                ("description", models.TextField()),
            ],
            options={"verbose_name_plural": "entries"},
        ),
        migrations.CreateModel(
            name="Index",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="catalogue.product",
                    ),
                ),
                ("words", models.TextField(db_column="browse_index")),
                ("rank", models.TextField()),
            ],
            options={"verbose_name_plural": "index", "db_table": "browse_index", "managed": False},
        ),
        migrations.CreateModel(
            name="Word",
            fields=[("term", models.TextField(primary_key=True, serialize=False))],
            options={"db_table": "browse_word", "managed": False},
        ),
        migrations.RunPython(schema.create_index, schema.drop_index),
    ]
