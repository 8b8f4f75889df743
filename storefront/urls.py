from urllib.parse import urlsplit

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from .robots import robots
from .views import healthz, media, metrics, readyz

admin.site.site_header = admin.site.site_title = "Ingle"
admin.site.index_title = "The shop"
# One way in for everybody, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)
domain = urlsplit(settings.SITE_URL).hostname


def text(template, content_type="text/plain", **context):
    return TemplateView.as_view(template_name=template, content_type=content_type, extra_context=context)


urlpatterns = [
    path("", include("shop.catalogue.urls")),
    path("", include("shop.browse.urls")),
    path("", include("shop.accounts.urls")),
    path("", include("shop.sellers.urls")),
    path("", include("shop.privacy.urls")),
    path("accounts/", include("allauth.urls")),
    path("sell/", include("shop.import_export.urls")),
    path("sell/", include("shop.selling.urls")),
    path("", include("shop.reviews.urls")),
    path("me/cache/", include("shop.caching.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("robots.txt", robots, name="robots"),
    path("site.webmanifest", text("site.webmanifest", "application/manifest+json"), name="webmanifest"),
    path(".well-known/security.txt", text("security.txt", domain=domain), name="security"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/icon-32.png"), name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("media/<path:path>", media, name="media"),
]

handler404 = "shop.browse.views.page_not_found"
handler500 = "storefront.views.server_error"
