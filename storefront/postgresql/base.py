"""Django's backend for PostgreSQL, which also notices a server that hangs.

statement_timeout is the server's own, and connect_timeout ends with the connection: a query to a server
that was stopped, or to a network that drops everything, would be waited for without end.
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

# Seconds of silence after which the server is asked whether it is there, and that it has to say so.
SILENCE, PATIENCE = 0.5, 1
SECONDS_BETWEEN_QUESTIONS = 5
# The first words of a client that would like TLS. They need no password, and are answered by one byte.
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
    """Run a generator of psycopg, which is told when its socket is ready, and None each tenth of a second."""
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
    if _answers(connection):  # It is only slow, and ends slow queries itself.
        return
    circuit.trip()
    connection.close()
    raise OperationalError("PostgreSQL does not answer.")


def _answers(connection):
    """Whether the server at the other end of a connection has a word for somebody new."""
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
