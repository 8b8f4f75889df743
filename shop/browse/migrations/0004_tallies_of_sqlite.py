from django.db import migrations

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Keep how many products there are of each kind on SQLite, too; they are counted after the last migration."""

    dependencies = [("browse", "0003_tallies")]
    operations = [
        migrations.RunPython(schema.on("sqlite", "tallies"), schema.on("sqlite", "drop_tallies")),
    ]
