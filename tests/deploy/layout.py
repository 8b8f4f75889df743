"""The layout of deploy/ on this machine: two servers, two nodes of memcached, PostgreSQL, nginx in front."""

import http.client
import os
import shutil
import signal
import ssl
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.freshness.services import ROOT, Database, Node, Server, free_port, manage, production, wait_for

TOKEN = "for-this-test-only"
# An address of this machine, too, and not that of the proxy.
VISITOR = "127.0.0.2"
FRAME = "pid {folder}/pid; worker_processes 2; events {{}} http {{ include /etc/nginx/mime.types; {text} }}"
SEED = """
from shop.sellers.models import Seller
from shop.caching.versions import clearing
from tests.factories import MemberFactory, ProductFactory
from tests.stocked import stock_the_shop

with clearing():
    stock_the_shop()
    ProductFactory(title="Blue vase", slug="vase")
    MemberFactory(email="ada@example.com")
    MemberFactory(email="kim@example.com", display_name="Kim")
    MemberFactory(email="staff@example.com", is_staff=True, is_superuser=True)
    kiln = Seller.objects.get(slug="kiln")
    kiln.user = MemberFactory(email="kiln@example.com")
    kiln.save()
"""


def find_nginx():
    """Return the path of nginx, or None."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


class Proxy:
    """nginx as deploy/nginx.conf has it, with a certificate of its own making."""

    def __init__(self, folder, servers, media, port, is_limited=False):
        self.folder = folder / ("limited" if is_limited else "proxy")
        self.folder.mkdir()
        self.servers = servers
        self.plain_port, self.port = free_port(), port
        self.replaced = {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "/etc/certificates/": f"{self.folder}/",
            "alias /media/": f"alias {media}/",
            "/var/log/nginx/access.log": f"{self.folder}/access.log",
        }
        if not is_limited:
            # The other tests ask as fast as they can.
            self.replaced |= {"rate=30r/s": "rate=100000r/s", "rate=5r/s": "rate=100000r/s"}
        self.process = None

    def start(self):
        self.make_certificate()
        self.write_configuration(self.servers)
        command = [find_nginx(), "-c", self.folder / "nginx.conf", "-g"]
        user = "user root; " if os.geteuid() == 0 else ""
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen([*command, f"{user}daemon off;"], stdout=log, stderr=log)
        wait_for(self.port, self.process)

    def make_certificate(self):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command += ["-nodes", "-subj", "/CN=shop", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def write_configuration(self, servers):
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        hosts = "".join(f"server 127.0.0.1:{server.port} max_fails=0;" for server in servers)
        for theirs, ours in ({"server web:8000 max_fails=0;": hosts} | self.replaced).items():
            assert theirs in text, theirs
            text = text.replace(theirs, ours)
        (self.folder / "nginx.conf").write_text(FRAME.format(folder=self.folder, text=text))

    def pass_on_to(self, servers):
        """Name other servers in the configuration, and wait until no request goes to the former ones."""
        old = self.worker_pids()
        self.write_configuration(servers)
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not old & self.worker_pids())

    def worker_pids(self):
        pid = self.process.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def wait_until(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


class Layout(NamedTuple):
    proxy: Proxy
    servers: list
    nodes: list
    database: Database
    media: Path
    environment: dict

    def ask(self, path, method="GET", body=None, proxy=None, visitor=VISITOR, **headers):
        """Return the answer of nginx to a visitor, with its text."""
        proxy = proxy or self.proxy
        trusted = ssl.create_default_context(cafile=proxy.folder / "fullchain.pem")
        connection = http.client.HTTPSConnection(
            "127.0.0.1", proxy.port, timeout=20, context=trusted, source_address=(visitor, 0)
        )
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def newest_mail(self):
        """Return the text of the mail that was sent last."""
        return max(
            (self.media.parent / "mails").iterdir(), key=lambda file: file.stat().st_mtime_ns
        ).read_text()

    def run(self, code):
        """Run lines of Python as a command of the shop, in a process of its own."""
        manage(self.environment, "shell", "--no-imports", "--verbosity", "0", "-c", code)


@contextmanager
def running():
    """Yield the Layout with a small shop in it."""
    with TemporaryDirectory(prefix="deployed-") as name, ExitStack() as stack:
        folder, nodes = Path(name), [Node(), Node()]
        folder.chmod(0o755)
        media = folder / "media"
        media.mkdir()
        database = Database(folder)
        database.create()
        for service in (database, *nodes):
            stack.callback(service.close)
            service.start()
        port = free_port()
        # A browser names the port, too, which is not the one that is taken for granted.
        environment = deployed(folder, database, nodes) | {
            "CSRF_TRUSTED_ORIGINS": f"https://127.0.0.1:{port}"
        }
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        servers = [Server(subfolder(folder, n), environment, 2, 4) for n in range(2)]
        proxy = Proxy(folder, servers, media, port)
        for service in (*servers, proxy):
            stack.callback(service.close)
            service.start()
        shop = Layout(proxy, servers, nodes, database, media, environment)
        shop.run(SEED)
        yield shop


def subfolder(folder, number):
    path = folder / f"host-{number}"
    path.mkdir()
    return path


def deployed(folder, database, nodes):
    return production(database, nodes, folder) | {
        "RELEASE": "deployed",
        "PRIVATE_ROOT": str(folder / "private"),
        "METRICS_DIR": str(folder / "metrics"),
        "METRICS_TOKEN": TOKEN,
        "SITE_URL": "https://shop.example",
        "TRUSTED_PROXIES": "1",
        "EMAIL_URL": f"filemail:///{folder}/mails",
    }
