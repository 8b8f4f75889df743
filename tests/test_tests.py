"""What several test modules share is in modules beside them."""

import re
from pathlib import Path

IMPORT = re.compile(r"^(?:from|import) .*\btest_\w+", re.MULTILINE)


def test_no_test_module_imports_from_another():
    modules = Path(__file__).parent.rglob("*.py")
    assert [module.name for module in modules if IMPORT.search(module.read_text(encoding="utf-8"))] == []
