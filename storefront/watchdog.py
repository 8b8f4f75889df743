"""End a frozen worker, so that the server replaces it.

Code that never releases the GIL, as a regular expression may, stops every thread, /healthz included.
faulthandler's timer needs no GIL: it logs where each thread is and ends the process.
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
