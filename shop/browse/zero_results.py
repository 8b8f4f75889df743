"""Searches without results, counted beside the pages that say so: best effort, and waited for by nobody."""

import logging
import queue
import threading
from contextlib import suppress
from functools import cache

from django.db import DatabaseError, connection

from .models import ZeroResultSearch

logger = logging.getLogger(__name__)

MOST_WAITING = 100
_waiting: queue.Queue[str] = queue.Queue(MOST_WAITING)


def count_soon(text):
    """Have a search counted by a thread of its own; where many wait, it is forgotten."""
    with suppress(queue.Full):
        _waiting.put_nowait(text)
    start_counting()


@cache
def start_counting():
    threading.Thread(target=_count_for_ever, name="zero-result searches", daemon=True).start()


def _count_for_ever():
    while True:
        count_next()
        if _waiting.empty():
            connection.close()


def count_next():
    text = _waiting.get()
    try:
        ZeroResultSearch.count(text)
    except DatabaseError as error:
        logger.warning("The search for “%s” found nothing, which was not counted: %s", text, error)
        connection.close()


def count_waiting():
    """Count at once what waits, as tests do."""
    while not _waiting.empty():
        count_next()


def forget_waiting():
    while not _waiting.empty():
        _waiting.get_nowait()
