from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from shop.fields.texts import LineField

TAKEN = "Another person signs in with this email."


class UserManager(BaseUserManager):
    @classmethod
    def normalize_email(cls, email):
        return (email or "").lower()

    def get_by_natural_key(self, username):
        return super().get_by_natural_key(self.normalize_email(username))

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        user = self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)
        user.vouch_for_email()
        return user


class User(AbstractUser):
    """A person, identified by email."""

    username = None
    email = models.EmailField(unique=True)
    display_name = LineField(max_length=80, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_one_per_email", violation_error_message=TAKEN)
        ]

    def __str__(self):
        return self.display_name or self.email

    @property
    def signature(self):
        """The actor of a write, which means nothing once the account is closed."""
        return f"person {self.pk}"

    def save(self, *args, **kwargs):
        # Sign-in searches in lower case.
        self.email = User.objects.normalize_email(self.email)
        super().save(*args, **kwargs)

    def others_with(self, email):
        """Return the other people who sign in with an email."""
        confirmed = Q(emailaddress__email=email, emailaddress__verified=True)
        return User.objects.exclude(pk=self.pk).filter(Q(email=email) | confirmed)

    def vouch_for_email(self):
        """Mark the email as verified, for people we know."""
        self.emailaddress_set.exclude(email=self.email).delete()
        self.emailaddress_set.update_or_create(email=self.email, defaults={"verified": True, "primary": True})
