"""End a worker that is frozen, so that the server starts another one in its place.

Code that holds Python's lock for ever, as a regular expression may, keeps every thread from running, those
that answer /healthz among them. The clock that notices it is faulthandler's, which needs no lock of Python's:
it writes where each thread was into the log, and ends the process.
"""

import faulthandler
import threading

SECONDS_FROZEN = 60
SECONDS_BETWEEN_BEATS = 5


def start():
    threading.Thread(target=_beat, name="watchdog", daemon=True).start()


def _beat():
    never = threading.Event()
    while True:
        faulthandler.dump_traceback_later(SECONDS_FROZEN, exit=True)
        never.wait(SECONDS_BETWEEN_BEATS)
