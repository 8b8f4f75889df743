"""HTTP as spoken by the readers: as little of it as the server under test needs, for speed."""

import re
import socket

SECONDS_TO_WAIT = 20
# A kept connection stays with one worker; new ones go to whichever is free.
REQUESTS_ON_ONE = 50
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class Connection:
    """A connection that is kept between requests, and opened anew after it broke."""

    def __init__(self, port):
        self.port = port
        self.socket = None
        self.requests = 0

    def get(self, request):
        """Return (status, head, body); raises OSError if there is no answer."""
        try:
            if self.socket is None or self.requests == REQUESTS_ON_ONE:
                self.open()
            self.requests += 1
            self.socket.sendall(request)
            return self.receive()
        except OSError:
            self.close()
            raise

    def open(self):
        self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), SECONDS_TO_WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = 0

    def receive(self):
        data = self.receive_until(b"", lambda data: b"\r\n\r\n" in data)
        head, _, body = data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length:
            body = self.receive_until(body, lambda data: len(data) >= int(length[1]))
        else:
            body = joined(self.receive_until(body, lambda data: data.endswith(b"0\r\n\r\n")))
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), head, body

    def receive_until(self, data, is_enough):
        while not is_enough(data):
            more = self.socket.recv(262144)
            if not more:
                raise ConnectionResetError("The server closed the connection.")
            data += more
        return data

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def joined(chunks):
    """Return the body of a chunked answer."""
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        body += rest[: int(size, 16)]
        chunks = rest[int(size, 16) + 2 :]
    return body
