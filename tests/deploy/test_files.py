"""The files of deploy/ and the guide for operators name settings that exist, and the guide names all."""

import os
import re
import subprocess
import sys

from django.conf import settings

ROOT = settings.BASE_DIR
READ = re.compile(r'(?:env\.\w+|required)\(\s*"([A-Z_]+)"')
# Of granian, PostgreSQL, Python, and of compose itself.
OTHERS = re.compile(r"GRANIAN_\w+|POSTGRES_\w+|PYTHON\w+|PATH|OBSERVE|CERTIFICATES")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def known():
    return own(READ.findall(read("storefront/settings.py")))


def own(names):
    return {name for name in names if not OTHERS.fullmatch(name)}


def test_files_set_only_settings_that_are_read():
    found = re.findall(r"^ +([A-Z_]+):|\$\{([A-Z_]+)", read("deploy/compose.yaml"), re.MULTILINE)
    compose = own(name for pair in found for name in pair if name)
    image = own(re.findall(r"\b([A-Z_]{4,})=", read("deploy/Dockerfile")))
    unit = own(re.findall(r"^Environment=([A-Z_]+)", read("deploy/ingle.service"), re.MULTILINE))
    assert {"DATABASE_URL", "CACHE_URL", "TRUSTED_PROXIES"} <= compose
    assert {"RELEASE", "MEDIA_ROOT"} <= image
    assert unit == {"METRICS_DIR"}
    assert compose | image | unit <= known()


def test_guide_for_operators_has_every_setting_and_no_other():
    tables = read("docs/operating.md").partition("\n## Settings\n")[2]
    firsts = re.findall(r"^\| (`.+?) \|", tables, re.MULTILINE)
    assert sorted(re.findall(r"`([A-Z_]+)`", " ".join(firsts))) == sorted(known())


def test_image_is_given_each_file_that_it_copies():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", read("deploy/Dockerfile"), re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    let_in = set(re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE))
    assert names == let_in
    assert all((ROOT / name).exists() for name in names)


def test_release_is_not_named_after_what_python_compiles():
    """Else a command that compiles a module would give the shop's processes different caches."""
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def release():
        code = "from storefront.settings import RELEASE; print(RELEASE)"
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=ROOT, env=outside | {"DEBUG": "1"}, check=True, capture_output=True, text=True
        ).stdout

    before = release()
    compiled = ROOT / "shop" / "__pycache__" / "compiled.cpython-311.pyc"
    compiled.parent.mkdir(exist_ok=True)
    try:
        compiled.touch()
        os.utime(compiled, (4e9, 4e9))
        assert release() == before
    finally:
        compiled.unlink()
