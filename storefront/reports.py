"""Errors by e-mail, for those who set ERRORS_TO: where and what, and nothing of the person concerned."""

import logging
import time
import traceback

from django.views.debug import ExceptionReporter


class Traceback(ExceptionReporter):
    """What Django would put into the mail, without the request, its forms, cookies and settings."""

    def get_traceback_text(self):
        if self.exc_type is None:
            return ""
        return "".join(traceback.format_exception(self.exc_type, self.exc_value, self.tb))


class OnceAMinute(logging.Filter):
    """Let one record a minute pass: while the database is away there is one for each request."""

    passed_at = float("-inf")

    def filter(self, record):
        now = time.monotonic()
        if now - self.passed_at < 60:
            return False
        self.passed_at = now
        return True
