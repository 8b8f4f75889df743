"""A circuit breaker: while a service hangs, requests do not wait for it."""

import logging
import threading
import time

logger = logging.getLogger(__name__)


class Circuit:
    """Refuse calls to a service for some seconds (`seconds`) after it did not answer.

    Then one caller may try, and others are refused for as long again or until reset(). name: for the log.
    """

    def __init__(self, name, seconds):
        self.name = name
        self.seconds = seconds
        self.lock = threading.Lock()
        self.next_trial: float | None = None

    def refuses(self):
        if self.next_trial is None:
            return False
        with self.lock:
            now = time.monotonic()
            if self.next_trial is None or now < self.next_trial:
                return self.next_trial is not None
            self.next_trial = now + self.seconds
            return False

    def trip(self):
        """Note that the service did not answer."""
        with self.lock:
            if self.next_trial is None:
                logger.error(
                    "%s does not answer; it is left alone, and tried every %s s", self.name, self.seconds
                )
            self.next_trial = time.monotonic() + self.seconds

    def reset(self):
        """Note that the service has answered."""
        if self.next_trial is None:
            return
        with self.lock:
            self.next_trial = None
        logger.warning("%s answers again", self.name)
