"""Configuration of gunicorn: errors of requests go to its log, with their tracebacks."""

import logging


def post_worker_init(worker):
    handler = logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    logging.getLogger("django.request").addHandler(handler)
