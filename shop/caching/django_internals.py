"""What the shop uses of Django that its documentation does not promise.

tests/caching/test_django_internals.py fails where a new version of Django has changed it.
"""

from django.db import models

# Where the messages framework keeps what a request's visitor is to be told.
MESSAGES = "_messages"


def has_csrf_token(request):
    """Whether a page for a request got a token of the visitor's."""
    return bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def forget_headers(request):
    """Let request.headers be made of META once more, after a change there."""
    request.__dict__.pop("headers", None)


def skip_health_check(connection):
    """Run the next query without one before it that only asks whether a kept connection is alive."""
    connection.health_check_done = True


def is_reused(connection):
    """Whether a connection was made by an earlier query, and may be dead by now."""
    return connection.connection is not None and not connection.in_atomic_block


class RowsReported(models.QuerySet):
    """A queryset whose rows_read() is called once with the rows that it has read."""

    def rows_read(self, rows):
        raise NotImplementedError

    def locks_rows(self):
        """Whether its rows are locked for a write; locks that only keep keys do not count."""
        return self.query.select_for_update and not self.query.select_for_no_key_update

    def _fetch_all(self):
        is_read = self._result_cache is not None
        super()._fetch_all()
        if not is_read:
            self.rows_read(self._result_cache)
