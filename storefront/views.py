import sys

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.static import serve
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shop.caching.metrics import registry
from shop.images.full_disk import NO_ROOM


def media(request, path):
    """Send an uploaded file, whose name is random and whose content never changes."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    # Whatever the file is, it must not run or load anything.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@never_cache
def healthz(request):
    """Answer while the process is alive."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def readyz(request):
    """Check the database and the cache: 200, or 503 with the names of those that are down."""
    failures = [name for name, answers in (("database", _database), ("cache", _cache)) if not answers()]
    text = f"not ready: {', '.join(failures)}\n" if failures else "ready\n"
    return HttpResponse(text, status=503 if failures else 200, content_type="text/plain")


@never_cache
def metrics(request):
    """Answer Prometheus; 404 without the right METRICS_TOKEN."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def server_error(request):
    """Answer an uncaught error: 503 while the database is down or nothing can be saved, otherwise 500."""
    error = sys.exc_info()[1]
    cannot_save = _is_of_writing(error)
    if not (cannot_save or isinstance(error, OperationalError | InterfaceError)):
        return render(None, "500.html", status=500)
    response = render(None, "503.html", {"cannot_save": cannot_save}, status=503)
    response.headers["Retry-After"] = "10"
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_of_writing(error):
    """Whether an error means a full disk, or a read-only disk or database."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    of_postgresql = getattr(error.__cause__, "sqlstate", None) in ("25006", "53100")
    return of_postgresql or (isinstance(error, OperationalError) and "readonly database" in str(error))


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache():
    caches["shared"].set("readyz", "answers", 10)
    return caches["shared"].get("readyz") == "answers"
