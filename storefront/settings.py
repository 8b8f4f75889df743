"""Settings, from the environment; docs/operating.md lists them."""

import os
import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)


def required(name, cast, in_development):
    """Read a setting that is optional only in development."""
    if DEBUG or env.str(name, default=""):
        return cast(name, default=in_development)
    raise SystemExit(f"Set {name} in the environment, or DEBUG=1 to develop.")


def newest_file():
    """Return the modification time, in seconds, of the newest file that shapes pages."""
    folders = [BASE_DIR / name for name in ("shop", "storefront", "templates", "static")]
    files = [file for folder in folders for file in folder.rglob("*.*") if file.parent.name != "__pycache__"]
    times = [file.stat().st_mtime for file in files]
    return str(int(max(times)))


SECRET_KEY = required("SECRET_KEY", env.str, "development-only-not-secret")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", env.list, ["127.0.0.1", "localhost", "[::1]"])


def site_url():
    """Return SITE_URL, or https and the first of ALLOWED_HOSTS that is not a pattern."""
    hosts = [host for host in ALLOWED_HOSTS if not host.startswith((".", "*"))]
    guess = "http://127.0.0.1:8000" if DEBUG else f"https://{hosts[0]}" if hosts else ""
    url = (env.str("SITE_URL", default="") or guess).rstrip("/").lower()
    if not re.fullmatch(r"https?://[^\s/?#@]+", url):
        raise SystemExit("Set SITE_URL in the environment to the shop's address, like https://shop.example.")
    return url


# The base of links in emails, sitemaps and shared pages, whatever the request's host.
SITE_URL = site_url()
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Pages of an older release are never shown with the static files of a newer one.
RELEASE = env.str("RELEASE", default="") or newest_file()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_guid",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "django_htmx",
    "pictures",
    "shop.caching",
    "shop.staff",
    "shop.accounts",
    "shop.sellers",
    "shop.catalogue",
    "shop.browse",
    "shop.import_export",
    "shop.selling",
    "shop.reviews",
    "shop.privacy",
    "shop.demo",
    # Must be last; deletes files with their rows, after the commit.
    "django_cleanup.apps.CleanupConfig",
]

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    "storefront.middleware.security_headers",
    "storefront.middleware.accepted_encodings",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storefront.middleware.measured",
    "shop.site.one_host",
    "shop.caching.middleware.page_cache",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.accounts.middleware.marker_cookie",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shop.accounts.middleware.second_factor_for_staff",
    "shop.accounts.middleware.SignWrites",
    "shop.catalogue.middleware.redirects",
]

ROOT_URLCONF = "storefront.urls"
WSGI_APPLICATION = "storefront.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["shop.links", "shop.site"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.catalogue.context_processors.storefront",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for a writer, and writers wait instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
else:
    # Django's backend with a circuit breaker.
    DATABASES["default"]["ENGINE"] = "storefront.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Seconds. Imports and migrations may set a longer one, or none (0).
    seconds = env.int("STATEMENT_TIMEOUT", default=30)
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 2,
        # Notice a host that vanished: milliseconds for an acknowledgement, then seconds of silence.
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        # Pages' queries are too short for JIT compilation to pay off.
        "options": f"-c statement_timeout={seconds}s -c jit=off",
    } | DATABASES["default"].get("OPTIONS", {})
# Connecting takes longer than the one query of a hit.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def shared_cache(url):
    """Translate CACHE_URL (locmem:// or memcached://host:port,… or memcached:///path) for CACHES."""
    scheme, _, location = url.partition("://")
    if scheme == "locmem":
        return {
            "BACKEND": "shop.caching.memory.MemoryCache",
            "OPTIONS": {"MAX_BYTES": 64 * 2**20},
        }
    if scheme == "memcached":
        return {
            "BACKEND": "shop.caching.memcached.MemcachedCache",
            "LOCATION": [f"unix:{location}"] if location.startswith("/") else location.split(","),
            # A node that does not answer within 100 ms is skipped for 5 s.
            "OPTIONS": {
                "connect_timeout": 0.1,
                "timeout": 0.1,
                "no_delay": True,
                "retry_attempts": 0,
                "dead_timeout": 5,
            },
        }
    raise ImproperlyConfigured(f"CACHE_URL must start with locmem:// or memcached://, not {url!r}.")


# Processes, and threads per process, that the server was started with.
WORKERS = env.int("WORKERS", default=env.int("GRANIAN_WORKERS", default=2))
THREADS = env.int("THREADS", default=env.int("GRANIAN_BLOCKING_THREADS", default=4))


def tiered_cache(megabytes):
    """Configure a memory of this size per process in front of the shared cache."""
    return {
        "BACKEND": "shop.caching.tiers.TieredCache",
        "LOCATION": "shared",
        "OPTIONS": {"MAX_BYTES": megabytes * 2**20},
    }


CACHES = {
    # Libraries keep limits and used codes here, which must not be evicted.
    "default": {"BACKEND": "shop.caching.notes.NotesCache"},
    "shared": shared_cache(env.str("CACHE_URL", default="locmem://")),
    "pages": tiered_cache(64),
    "template_fragments": tiered_cache(16),
    # Which rows lists show; each process has its own.
    "dependencies": {"BACKEND": "shop.caching.memory.MemoryCache", "OPTIONS": {"MAX_BYTES": 8 * 2**20}},
}
for alias, options in CACHES.items():
    if alias != "default":
        options["KEY_PREFIX"] = f"{alias}.{RELEASE[:64]}"
CACHE_TTL = env.int("CACHE_TTL", default=300)
CACHE_LIST_TTL = env.int("CACHE_LIST_TTL", default=120)
# Whether a shared page that reads personal data raises an error, or is only not stored.
CACHE_GUARD_RAISES = env.bool("CACHE_GUARD_RAISES", default=DEBUG)

# Whether pages name their keys for purging; deploy/varnish.vcl needs them.
SURROGATE_KEYS = env.bool("SURROGATE_KEYS", default=False)
# Seconds that an edge answers without revalidation, and the edges to purge (host:port).
# Above 0, stale pages are possible: see docs/caching.md.
EDGE_TTL = env.int("EDGE_TTL", default=0)
EDGES = env.list("EDGES", default=[])

# A folder in which the processes of a server share counters for /metrics and cache_stats.
METRICS_DIR = env.str("METRICS_DIR", default="")
if METRICS_DIR:
    Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Which robots of AI companies are allowed: search (those that answer with links), all or none.
AI_CRAWLERS = env.str("AI_CRAWLERS", default="search")
if AI_CRAWLERS not in ("search", "all", "none"):
    raise SystemExit(f"AI_CRAWLERS must be search, all or none, not {AI_CRAWLERS!r}.")

# Whether staff approve new products, and changed texts and photos, before shoppers see them.
PRODUCTS_NEED_APPROVAL = env.bool("PRODUCTS_NEED_APPROVAL", default=True)
# Enough for a product with a hundred variants in the admin, which submits initial values, too.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
# Functions that delete expired data for `manage.py sweep_uploads`; each returns a summary.
SWEEPS = [
    "shop.accounts.sweeping.sweep",
    "shop.sellers.models.applications.sweep",
    "shop.reviews.models.reports.sweep",
    "shop.selling.models.sweep",
    "shop.import_export.models.sweep",
]
FILE_UPLOAD_HANDLERS = [
    "shop.images.uploads.UploadsOfMembers",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Whether staff approve reviews before they are published.
REVIEWS_NEED_APPROVAL = env.bool("REVIEWS_NEED_APPROVAL", default=False)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "shop.accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

# Seconds: a sign-up, application or report submitted sooner must be submitted again.
FORM_SECONDS = env.int("FORM_SECONDS", default=2)

# The path of the admin.
ADMIN_PATH = env.str("ADMIN_PATH", default="admin").strip("/") + "/"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "profile"
ACCOUNT_ADAPTER = "shop.accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "shop.accounts.forms.SignUpForm"
ACCOUNT_FORMS = {
    "signup": "shop.accounts.passwords.SignupForm",
    "change_password": "shop.accounts.passwords.ChangePasswordForm",
    "reset_password_from_key": "shop.accounts.passwords.ResetPasswordKeyForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
# A code works whatever device the email is read on. Changing the email there would reveal who has an
# account, as allauth can change only that of a new one.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# For people locked out by someone else's password guesses.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Emails to typed addresses, such as password resets, in all, to protect the mail server's reputation.
MAILS_AN_HOUR = env.int("MAILS_AN_HOUR", default=1000)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "shop.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "shop.accounts.second_factors.SecondStepForm",
    "reauthenticate": "shop.accounts.second_factors.ConfirmForm",
}
MFA_TOTP_ISSUER = "Ingle"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Whether staff must set up a second factor before they can use the admin.
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=False)

# Models with an audit log; bulk writes are not logged. Personal data is left out, as logs outlive accounts.
AUDITLOG_INCLUDE_TRACKING_MODELS = [
    {"model": "accounts.User", "exclude_fields": ["password", "last_login"], "m2m_fields": ["groups"]},
    {"model": "sellers.Seller", "exclude_fields": ["user", "contact_email"]},
    {"model": "sellers.SellerApplication", "exclude_fields": ["user", "contact_email", "decided_by"]},
    "catalogue.Category",
    {"model": "catalogue.Product", "exclude_fields": ["version", "changed_at"]},
    "catalogue.Variant",
    "catalogue.Photo",
    {"model": "reviews.Review", "exclude_fields": ["author", "author_name", "version"]},
]
AUDITLOG_DISABLE_REMOTE_ADDR = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "storefront.formats"
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="EUR")

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
# On a host of their own, uploads get none of the shop's cookies: https://media.shop.example/
MEDIA_URL = env.str("MEDIA_URL", default="media/")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))()
# Files without a URL: tables waiting for their import.
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(BASE_DIR / "private"))()
# For several hosts without a shared folder: a class of django-storages and its options as JSON.
STORAGE = env.str("STORAGE", default="storefront.storage.WholeFiles")
STORAGES = {
    "default": {"BACKEND": STORAGE, "OPTIONS": env.json("MEDIA_STORAGE", default={})},
    "private": {
        "BACKEND": STORAGE,
        "OPTIONS": env.json("PRIVATE_STORAGE", default={"location": str(PRIVATE_ROOT), "base_url": None}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
PICTURES = {
    "FILE_TYPES": ["AVIF", "WEBP", "JPEG"],
    "CONTAINER_WIDTH": 1200,
    "GRID_COLUMNS": 6,
    "PIXEL_DENSITIES": [1, 2],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "shop.images.renditions.Rendition",
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "storefront.mail.EmailBackend"
# Seconds; storefront/mail.py has further limits.
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="Ingle <shop@localhost>")

# How many of our own proxies set X-Forwarded-Proto and X-Forwarded-For.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 48
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The proxy redirects HTTP to HTTPS (deploy/nginx.conf).
    SILENCED_SYSTEM_CHECKS = ["security.W008"]
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
if not DEBUG:
    # With this prefix, browsers accept them only over HTTPS and from this host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "EXPOSE_HEADER": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "django_guid.log_filters.CorrelationId"},
        "once_a_minute": {"()": "storefront.reports.OnceAMinute"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{correlation_id}]: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{correlation_id}{message}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "correlation_id": "request_id"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": env.str("LOG_FORMAT", default="line"),
        },
        "mail": {
            "class": "django.utils.log.AdminEmailHandler",
            "filters": ["request", "once_a_minute"],
            "formatter": "line",
            "reporter_class": "storefront.reports.Traceback",
        },
    },
    # Errors of requests are logged with tracebacks, and not emailed.
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "shop": {"level": "INFO"},
        "storefront": {"level": "INFO"},
        "django": {"level": "INFO" if DEBUG else "WARNING", "handlers": []},
        "django_guid": {"level": "WARNING"},
        # Requests by IP address are answered 400 and log no traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
# Log queries that take longer than this many milliseconds; 0 logs none.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=0)

# Recipients of errors by email, besides the log.
ADMINS = [("", address) for address in env.list("ERRORS_TO", default=[])]
if ADMINS:
    LOGGING["loggers"]["django.request"] = {"level": "ERROR", "handlers": ["mail"]}
# These two need requirements-observe.txt.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    from storefront import sentry

    sentry.start(SENTRY_DSN, RELEASE)
if env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default=""):
    MIDDLEWARE.insert(1, "storefront.tracing.trace_requests")
