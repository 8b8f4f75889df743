from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CHANGE = ("add", "change", "delete", "view")
VIEW = ("view",)
GROUPS = {
    "Catalogue": {
        ("catalogue", "product"): CHANGE,
        ("catalogue", "variant"): CHANGE,
        ("catalogue", "photo"): CHANGE,
        ("catalogue", "category"): CHANGE,
        ("catalogue", "redirect"): CHANGE,
        ("sellers", "seller"): ("change", "view"),
    },
    "Moderation": {
        ("sellers", "sellerapplication"): ("change", "view"),
        ("sellers", "seller"): ("change", "view"),
        ("selling", "edit"): ("change", "view"),
        ("reviews", "review"): ("change", "delete", "view"),
        ("reviews", "report"): VIEW,
        ("catalogue", "product"): ("change", "view"),
        ("catalogue", "variant"): ("change", "view"),
        ("catalogue", "photo"): ("change", "delete", "view"),
    },
    "Support": {
        ("accounts", "user"): VIEW,
        ("sellers", "seller"): VIEW,
        ("sellers", "sellerapplication"): VIEW,
        ("account", "emailaddress"): ("change", "view"),
        ("mfa", "authenticator"): ("delete", "view"),
        ("catalogue", "product"): VIEW,
        ("catalogue", "variant"): VIEW,
        ("catalogue", "photo"): VIEW,
        ("reviews", "review"): VIEW,
        ("auditlog", "logentry"): VIEW,
    },
}


def make_groups(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    # Django makes permissions only after all migrations.
    for label in sorted({label for rights in GROUPS.values() for label, _ in rights}):
        create_permissions(installed.get_app_config(label), verbosity=0)
    for name, rights in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for (label, model), verbs in rights.items():
            codenames = [f"{verb}_{model}" for verb in verbs]
            of_model = Permission.objects.filter(content_type__app_label=label, codename__in=codenames)
            group.permissions.add(*of_model)


class Migration(migrations.Migration):

    initial = True
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0001_people"),
        ("auditlog", "0015_alter_logentry_changes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalogue", "0001_catalogue"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("reviews", "0001_reviews"),
        ("sellers", "0001_sellers"),
        ("selling", "0001_edits"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
