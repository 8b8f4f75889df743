"""Run pytest on a throw-away PostgreSQL: python -m tests.postgres [arguments of pytest]."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


def main():
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is missing: no test ran on it (make services installs it)")
        return 1 if os.environ.get("REQUIRE_SERVICES") == "1" else 0
    with tempfile.TemporaryDirectory() as folder, cluster(programs, Path(folder)) as url:
        return subprocess.call(
            [sys.executable, "-m", "pytest", *sys.argv[1:]],
            env=os.environ | {"DATABASE_URL": url},
        )


def find_programs():
    """Return the folder with initdb and pg_ctl of the newest PostgreSQL here, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return folders[-1] if folders else on_path and Path(on_path).parent


@contextmanager
def cluster(programs, folder, settings=()):
    """Start a cluster with some settings in a folder, yield its DATABASE_URL, and stop it."""
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses root
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, port = folder / "data", free_port()
    settings = ["fsync=off", "listen_addresses=127.0.0.1", *settings]
    options = f"{' '.join(f'-c {setting}' for setting in settings)} -p {port} -k {folder}"

    def run(program, *arguments):
        subprocess.run(
            [programs / program, "-D", data, *arguments], user=user, check=True, stdout=subprocess.DEVNULL
        )

    run("initdb", "--auth=trust", "--username=shop", "--encoding=UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "--wait", "--log", folder / "log", "--options", options, "start")
    try:
        yield f"postgres://shop@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "--mode=fast", "stop")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
