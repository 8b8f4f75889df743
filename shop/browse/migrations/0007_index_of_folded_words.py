from django.db import migrations

from shop.browse.search import schema


class Migration(migrations.Migration):
    """Index what people type and what titles say by one folding, on both databases."""

    dependencies = [("browse", "0006_pairs")]
    operations = [migrations.RunPython(schema.remake_index, migrations.RunPython.noop)]
