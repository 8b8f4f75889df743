from django.db import migrations, models
from django.db.models.functions import Lower


def lower_emails(apps, schema_editor):
    """Write addresses as sign-in looks for them; of twins, the one that could sign in keeps it."""
    User, EmailAddress = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    taken = set(User.objects.values_list("email", flat=True))
    for user in User.objects.order_by("pk").iterator():
        email = user.email.lower()
        if email == user.email:
            continue
        if email in taken:
            local, _, host = email.rpartition("@")
            email = f"{local}+duplicate-{user.pk}@{host}"
            print(f" {user.email} was there in lower case as well, and is {email} now.", end="")
        taken.add(email)
        User.objects.filter(pk=user.pk).update(email=email)
    for address in EmailAddress.objects.order_by("pk").iterator():
        email = address.email.lower()
        if email == address.email:
            continue
        others = EmailAddress.objects.filter(email=email)
        if others.filter(user=address.user_id).exists():
            EmailAddress.objects.filter(pk=address.pk).delete()
            continue
        is_verified = address.verified and not others.filter(verified=True).exists()
        EmailAddress.objects.filter(pk=address.pk).update(email=email, verified=is_verified)


class Migration(migrations.Migration):

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0003_staff_groups"),
    ]

    operations = [
        migrations.RunPython(lower_emails, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_email",
                violation_error_message="Another person signs in with this address.",
            ),
        ),
    ]
