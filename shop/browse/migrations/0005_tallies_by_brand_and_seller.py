from django.db import migrations

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Find the tallies of a brand or a seller without reading all of them."""

    dependencies = [("browse", "0004_tallies_of_sqlite")]
    operations = [
        migrations.RunPython(
            schema.on("postgresql", "tally_indexes"), schema.on("postgresql", "drop_tally_indexes")
        ),
    ]
