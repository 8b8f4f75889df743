"""Django's PostgreSQL backend with a timeout for servers that hang.

statement_timeout is enforced by the server, and connect_timeout covers connecting only: without this, a
query to a stopped server, or over a network that drops everything, would wait for ever.
"""

import os
import socket
import struct
import time
from functools import partial

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.errors import ConnectionTimeout

from storefront.circuit import Circuit

# Seconds of silence before the server is probed, and seconds that it has to answer.
SILENCE, PATIENCE = 0.5, 1
SECONDS_BETWEEN_QUESTIONS = 5
# A client's first message if it wants TLS: it needs no password, and the answer is one byte.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)

circuit = Circuit("PostgreSQL", 3)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        _refuse_while_it_hangs()
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            circuit.trip()
            raise
        circuit.reset()
        connection.wait = partial(_wait, connection, connection.wait)
        return connection


def _wait(connection, wait, steps, *args, **kwargs):
    return wait(_watched(connection, steps), *args, **kwargs)


def _watched(connection, steps):
    """Run a psycopg generator, which is sent its socket's readiness, or None every tenth of a second."""
    _refuse_while_it_hangs()
    next_question = time.monotonic() + SILENCE
    has_answered = False
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if ready:
                has_answered = True
            elif time.monotonic() >= next_question:
                _give_up_unless_it_answers(connection)
                next_question = time.monotonic() + SECONDS_BETWEEN_QUESTIONS
            wanted = steps.send(ready)
    except StopIteration as end:
        if has_answered:
            circuit.reset()
        return end.value


def _refuse_while_it_hangs():
    if circuit.refuses():
        raise OperationalError("PostgreSQL did not answer a moment ago.")


def _give_up_unless_it_answers(connection):
    if _answers(connection):  # Only slow; the server ends slow queries itself.
        return
    circuit.trip()
    connection.close()
    raise OperationalError("PostgreSQL does not answer.")


def _answers(connection):
    """Whether the server of a connection answers a new client."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as known:
        family, address = known.family, known.getpeername()
    try:
        with socket.socket(family) as probe:
            probe.settimeout(PATIENCE)
            probe.connect(address)
            probe.sendall(SSL_REQUEST)
            return bool(probe.recv(1))
    except OSError:
        return False
