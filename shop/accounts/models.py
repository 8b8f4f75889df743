from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.urls import reverse

from shop.caching.tracking import TrackedModel, TrackedQuerySet
from shop.caching.versions import clearing
from shop.invalidation import seller_changed

from .signals import account_closing


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        user = self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)
        user.vouch_for_email()
        return user


class User(AbstractUser):
    """A person, known by their e-mail address."""

    username = None
    email = models.EmailField("e-mail address", unique=True)
    display_name = models.CharField(max_length=80, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    def __str__(self):
        return self.display_name or self.email

    def close(self):
        """Delete the account; the page of a shop stays, without the person and without their address."""
        with clearing(who="an account that was closed"):
            account_closing.send(User, user=self)
            seller = Seller.objects.select_for_update().filter(user=self).first()
            if seller:
                seller.user, seller.contact_email = None, ""
                seller.save()
                seller_changed(seller)
            self.delete()

    def vouch_for_email(self):
        """Take the address as confirmed, for people whom we know."""
        self.emailaddress_set.update_or_create(email=self.email, defaults={"verified": True, "primary": True})


class Seller(TrackedModel):
    """The public profile of one who sells."""

    cache_subject_of = ("seller", "pk")

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="seller")
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    craft = models.CharField(max_length=120, blank=True, help_text="What is made, in a few words.")
    place = models.CharField(max_length=80, blank=True)
    since = models.PositiveSmallIntegerField("making since", null=True, blank=True)
    about = models.TextField(blank=True, help_text="Markdown.")
    contact_email = models.EmailField("address for orders", blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("seller_detail", args=[self.slug])
