"""A throw-away PostgreSQL, nodes of memcached and the production server, to start, stop, kill and pause."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process=None):
    """Wait until something listens; raises TimeoutError, or RuntimeError if the process ended."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended at once with code {process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"Nothing listens on port {port}.")


def find_program(name):
    """Return the path of a program of PostgreSQL's or of the system; raises FileNotFoundError."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    search = os.pathsep.join([*map(str, reversed(versions)), os.environ.get("PATH", "")])
    path = shutil.which(name, path=search)
    if path is None:
        raise FileNotFoundError(f"{name} is not on this machine; `make services` installs it.")
    return path


def unprivileged_user():
    """Return a user to run as, or None if we are not root: PostgreSQL and memcached refuse root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Database:
    """A cluster of PostgreSQL in a folder, durable as it comes."""

    def __init__(self, folder):
        self.folder = folder / "postgres"
        self.folder.mkdir()
        self.port = free_port()
        self.user = unprivileged_user()
        if self.user:
            shutil.chown(self.folder, self.user)

    @property
    def url(self):
        return f"postgres://shop@127.0.0.1:{self.port}/postgres"

    def create(self):
        arguments = ["-D", self.folder / "data", "-U", "shop", "-A", "trust", "-E", "UTF8"]
        self.run("initdb", *arguments, "--no-locale", "--no-instructions")

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.control("start", "-o", options)

    def restart(self):
        self.control("restart", "-m", "fast")

    def crash(self):
        """Stop without a word to anybody and without a checkpoint, as a loss of power would."""
        self.control("stop", "-m", "immediate")

    def pause(self):
        self.signal_all(signal.SIGSTOP)

    def resume(self):
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number):
        """Send a signal to the server and to the process of each connection."""
        main = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in (main, *children):
            os.kill(int(pid), number)

    def close(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.crash()

    def control(self, *arguments):
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", *arguments)

    def run(self, program, *arguments):
        prefix = ["runuser", "-u", self.user, "--"] if self.user else []
        command = [*prefix, find_program(program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


class Node:
    """A node of memcached that keeps its port."""

    def __init__(self):
        self.port = free_port()
        self.process = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [find_program("memcached"), *user, "-l", "127.0.0.1", "-p", str(self.port), "-m", "64"]
        self.process = subprocess.Popen(command, start_new_session=True)
        wait_for(self.port, self.process)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        if self.process:
            self.kill()


class Server:
    """The production server with several processes, as `make serve` runs it, or another by its command."""

    GRANIAN = ("granian", "storefront.wsgi:application", "--interface", "wsgi", "--respawn-failed-workers")
    GRANIAN += ("--no-ws", "--log-level", "warning", "--host", "127.0.0.1", "--port", "{port}")
    GRANIAN += ("--workers", "{workers}", "--blocking-threads", "{threads}")

    def __init__(self, folder, environment, workers, threads, command=GRANIAN, python=sys.executable):
        self.port = free_port()
        self.log_path = folder / "server.log"
        self.environment = os.environ | {"WORKERS": str(workers), "THREADS": str(threads)} | environment
        self.python = python
        self.command = [part.format(port=self.port, workers=workers, threads=threads) for part in command]
        self.process = None

    def start(self):
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                [self.python, "-m", *self.command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self.port, self.process)

    def worker_pids(self):
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)


class Edge:
    """Varnish in front of the server, as deploy/varnish.vcl has it."""

    def __init__(self, folder, seconds):
        self.folder = folder
        self.seconds = seconds
        self.port, self.purge_port = free_port(), free_port()
        self.process = None

    @property
    def settings(self):
        purged = {"EDGES": f"127.0.0.1:{self.purge_port}"} if self.seconds else {}
        return {"SURROGATE_KEYS": "1", "EDGE_TTL": str(self.seconds)} | purged

    def start(self, server_port):
        text = (ROOT / "deploy" / "varnish.vcl").read_text()
        (self.folder / "edge.vcl").write_text(text.replace('"8000"', f'"{server_port}"'))
        command = [find_program("varnishd"), "-F", "-n", self.folder / "varnish", "-s", "malloc,64m"]
        command += ["-a", f"127.0.0.1:{self.port}", "-a", f"purge=127.0.0.1:{self.purge_port}"]
        command += ["-f", self.folder / "edge.vcl"]
        with (self.folder / "edge.log").open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        wait_for(self.port, self.process)

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def production(database, nodes, folder):
    """Return the environment of a server that is measured, its files in a folder of its own."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": "for-this-measurement-only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "RELEASE": "measured",
        "DATABASE_URL": database.url,
        "CACHE_URL": "memcached://" + ",".join(node.address for node in nodes),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONPATH": str(ROOT / "bench"),
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
    }


def manage(environment, *arguments):
    """Run a command of the project, or a module if it starts with -m, in a process of its own."""
    script = () if arguments[0] == "-m" else ("manage.py",)
    subprocess.run([sys.executable, *script, *arguments], check=True, cwd=ROOT, env=os.environ | environment)
