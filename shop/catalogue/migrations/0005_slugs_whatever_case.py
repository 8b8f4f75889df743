from django.db import migrations
from django.db.models import Count
from django.db.models.functions import Lower

import shop.fields.slugs


def part_twins(apps, schema_editor):
    """Give all but the oldest of slugs that differ in case only another one, and lead their pages there."""
    Product = apps.get_model("catalogue", "Product")
    Category = apps.get_model("catalogue", "Category")
    FormerAddress = apps.get_model("catalogue", "FormerAddress")

    def lead(old, new):
        FormerAddress.objects.update_or_create(address=old, defaults={"leads_to": new})

    for product in later_twins(Product, "slug"):
        slug = f"{product.slug[:200]}-{product.pk}"
        Product.objects.filter(pk=product.pk).update(slug=slug)
        lead(f"/products/{product.slug}/", f"/products/{slug}/")
    for pk in [category.pk for category in later_twins(Category, "path")]:
        category = Category.objects.get(pk=pk)
        slug = f"{category.slug[:60]}-{pk}"
        path = f"{category.path.rpartition('/')[0]}/{slug}".lstrip("/")
        Category.objects.filter(pk=pk).update(slug=slug)
        move(Category, category, path, lead)


def later_twins(model, field):
    """Return the rows whose field, but for the case of its letters, an older row has, too."""
    lowered = model.objects.order_by().annotate(lowered=Lower(field))
    twins = [row["lowered"] for row in lowered.values("lowered").annotate(n=Count("pk")).filter(n__gt=1)]
    seen, later = set(), []
    for row in lowered.filter(lowered__in=twins).order_by("pk"):
        if row.lowered in seen:
            later.append(row)
        seen.add(row.lowered)
    return later


def move(model, category, path, lead):
    model.objects.filter(pk=category.pk).update(path=path)
    lead(f"/categories/{category.path}/", f"/categories/{path}/")
    for child in model.objects.filter(parent=category.pk):
        move(model, child, f"{path}/{child.slug}", lead)


class Migration(migrations.Migration):
    """Let no two slugs, and no two paths of categories, differ in the case of their letters only."""

    dependencies = [("catalogue", "0004_order_of_brands")]
    operations = [
        migrations.RunPython(part_twins, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="category",
            constraint=shop.fields.slugs.UniqueWhateverCase(Lower("path"), name="category_path_whatever_case"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=shop.fields.slugs.UniqueWhateverCase(
                Lower("slug"),
                name="product_slug_whatever_case",
                violation_error_message=(
                    "Another product has this slug but for capital letters, which do not count."
                ),
            ),
        ),
    ]
