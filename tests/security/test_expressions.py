"""No text takes longer to be read than its length: see tests/security/expressions.py."""

import subprocess
import sys

LIMIT = 120  # seconds; an expression that takes the square of a text's length takes an hour


def test_no_expression_takes_the_square_of_a_texts_length():
    command = [sys.executable, "-m", "tests.security.expressions"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _ = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    tried = said.splitlines()
    assert tried[-1] == "done", f"{tried[-1]} takes too long"
    assert len(tried) > 25
