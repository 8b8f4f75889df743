"""Several things at the same moment, for tests with the marker postgres: SQLite has one writer at a time."""

import threading

from django.db import connection

LONG = 60  # seconds


def at_once(*works):
    """Run each work in a thread of its own, all from the same moment on; return their results."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            start.wait(LONG)
            results[number] = work()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=[number, work], daemon=True) for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()
    return results
