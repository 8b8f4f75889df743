"""What was written when, in memory that all processes of the measurement share."""

import time
from multiprocessing.sharedctypes import RawArray, RawValue

from .subjects import SLOTS


class Ledger:
    """For each slot the newest version whose write was started, was answered, and was ever shown.

    A slot has one writer, so its numbers need no lock. Several readers note what was shown: one
    may overwrite another's higher number, which makes the check weaker for a moment, never wrong.
    """

    def __init__(self, readers, writers):
        self.started = RawArray("q", SLOTS)
        self.answered = RawArray("q", SLOTS)
        self.answered_at = RawArray("d", SLOTS)
        self.shown = RawArray("q", SLOTS)
        self.latest_product = RawValue("i", 0)
        self.is_writing = RawArray("b", writers)
        self.reads = RawArray("q", readers)
        # The number of the fault that is on, or 0.
        self.fault = RawValue("i", 0)
        self.is_over = RawValue("b", 0)
        self.begun_at = time.monotonic()

    def start(self, slot, version):
        self.started[slot] = version

    def answer(self, slot, version):
        self.answered[slot] = version
        self.answered_at[slot] = time.monotonic()

    def show(self, versions):
        shown = self.shown
        for slot, version in versions.items():
            if version > shown[slot]:
                shown[slot] = version

    def known(self):
        """Return copies of what was answered and what was shown up to now."""
        return copy(self.answered), copy(self.shown)

    def second(self):
        return int(time.monotonic() - self.begun_at)


def copy(array):
    return memoryview(bytes(array)).cast("q")
