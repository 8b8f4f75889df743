"""What the guides lead to and name as their proof is there."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/*.md")])
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(guide):
    """Return what a heading is called in an address, as GitHub makes it."""
    headings = HEADING.findall(guide.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_links_lead_somewhere(guide):
    wrong = []
    for link in re.findall(r"(?<!!)\[[^]]*\]\((?!https?:)([^)]+)\)", guide.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = guide.parent / name if name else guide
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert wrong == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_tests_and_files_that_are_named_exist(guide):
    text = guide.read_text(encoding="utf-8")
    tests = {path.name: path for path in ROOT.glob("tests/**/test_*.py")}
    files = re.findall(r"\b(test_\w+\.py)", text)
    assert [name for name in files if name not in tests] == []
    functions = re.findall(r"\b(test_\w+)\.py::(test_\w+)", text)
    sources = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")}
    assert [
        name for _, name in functions if not any(f"def {name}(" in text for text in sources.values())
    ] == []
    paths = re.findall(r"`((?:shop|storefront|deploy|tests|bench)/[\w/.]+\.\w+)`", text)
    assert [path for path in paths if not any((at / path).exists() for at in (ROOT, ROOT / "tests"))] == []
