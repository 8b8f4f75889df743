from hashlib import sha256

from django.db import migrations

CHUNK = 500


def fill(apps, schema_editor):
    Review = apps.get_model("reviews", "Review")
    reviews = Review.objects.filter(text_digest="").only("text").order_by("pk")
    chunk = []
    for review in reviews.iterator(chunk_size=CHUNK):
        words = " ".join(review.text.split()).casefold()
        review.text_digest = sha256(words.encode()).hexdigest()[:32]
        chunk.append(review)
        if len(chunk) == CHUNK:
            Review.objects.bulk_update(chunk, ["text_digest"])
            chunk.clear()
    Review.objects.bulk_update(chunk, ["text_digest"])


class Migration(migrations.Migration):
    """Let the reviews that are there be found by their text; a chunk at a time, so that nobody waits."""

    atomic = False

    dependencies = [
        ("reviews", "0002_digest_of_texts"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
