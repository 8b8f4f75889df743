"""The shop that is attacked, of this checkout or another one: its services, its people, its memory."""

import os
import re
import signal
import socket
import ssl
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

from bench.freshness import services
from bench.freshness.services import Database, Node, Server, manage, production
from tests.deploy import layout

WORKERS, THREADS = 2, 4
PASSWORD = "a-long-kettle-42"
MEMBER, SELLER = "member@example.com", "seller@example.com"
# One for all, and without the roots of the web: to read those takes longer than any answer.
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE
PEOPLE = f"""
from shop.caching.versions import clearing
from tests.factories import MemberFactory, SellerFactory
with clearing():
    MemberFactory(email="{MEMBER}")
    SellerFactory(name="Attacker", slug="attacker", user=MemberFactory(email="{SELLER}"))
"""


class Shop:
    """Started as a whole once; its server anew for each attack."""

    def __init__(self, folder, tree, behind_nginx):
        services.ROOT = layout.ROOT = tree
        self.folder, self.tree, self.behind_nginx = folder, tree, behind_nginx
        self.database, self.node = Database(folder), Node()
        self.mail_server = SilentServer()
        self.stack = ExitStack()
        self.server = self.proxy = None
        self.environment = production(self.database, [self.node], folder) | {
            "TRUSTED_PROXIES": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_server.port}",
            "PRIVATE_ROOT": str(folder / "private"),
            "PYTHONPATH": str(tree),
        }

    def __enter__(self):
        try:
            self.set_up()
        except BaseException:
            self.stack.close()
            raise
        return self

    def set_up(self):
        self.stack.callback(self.mail_server.close)
        self.database.create()
        for service in (self.database, self.node):
            self.stack.callback(service.close)
            service.start()
        for command in (
            "migrate --verbosity 0",
            f"loaddemo --password {PASSWORD}",
            "collectstatic --no-input --verbosity 0",
        ):
            manage(self.environment, *command.split())
        manage(self.environment, "shell", "--no-imports", "--verbosity", "0", "-c", PEOPLE)

    def __exit__(self, *exception):
        self.stop()
        self.stack.close()

    def start(self):
        self.server = Server(self.folder, self.environment, WORKERS, THREADS)
        self.server.start()
        if self.behind_nginx:
            subfolder = self.folder / f"nginx-{self.server.port}"
            subfolder.mkdir()
            self.proxy = layout.Proxy(subfolder, [self.server], self.folder / "media", services.free_port())
            self.proxy.start()

    def stop(self):
        if self.proxy:
            self.proxy.close()
        if self.server:
            # At once, however busy it is.
            with suppress(ProcessLookupError):
                os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()

    def largest_worker(self):
        """Return the megabytes of the largest worker, without what it starts to open pictures."""
        return max(map(megabytes, self.server.worker_pids()), default=0)

    @property
    def port(self):
        return self.proxy.port if self.behind_nginx else self.server.port

    def connect(self, address, seconds):
        """Return a socket to the shop, from an address of this machine."""
        source = (address, 0) if self.behind_nginx else None
        plain = socket.create_connection(("127.0.0.1", self.port), seconds, source)
        if not self.behind_nginx:
            return plain
        return TLS.wrap_socket(plain)


def megabytes(pid):
    with suppress(OSError):
        found = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else 0
    return 0


class SilentServer:
    """Something that accepts connections, and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.taken = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        with suppress(OSError):
            while True:
                self.taken.append(self.listener.accept()[0])

    def close(self):
        self.listener.close()
