"""Errors by email to ERRORS_TO, without personal data."""

import logging
import time
import traceback

from django.views.debug import ExceptionReporter


class Traceback(ExceptionReporter):
    """Django's error report without the request, its forms, cookies and settings."""

    def get_traceback_text(self):
        if self.exc_type is None:
            return ""
        return "".join(traceback.format_exception(self.exc_type, self.exc_value, self.tb))


class OnceAMinute(logging.Filter):
    """Pass one record a minute: while the database is down, every request logs one."""

    passed_at = float("-inf")

    def filter(self, record):
        now = time.monotonic()
        if now - self.passed_at < 60:
            return False
        self.passed_at = now
        return True
