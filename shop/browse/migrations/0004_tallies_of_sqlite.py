from django.db import migrations

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Keep how many products there are of each kind on SQLite, too."""

    dependencies = [("browse", "0003_tallies")]
    operations = [migrations.RunPython(schema.create_tallies_of_sqlite, schema.drop_tallies_of_sqlite)]
