import pytest

from .recording import recorded_steps


@pytest.fixture
def recorded(monkeypatch):
    """Record the steps of this process in the database, the caches, and taking turns."""
    with recorded_steps(monkeypatch) as steps:
        yield steps
