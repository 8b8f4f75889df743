import re

import pytest
from django.core import mail

from tests.factories import PASSWORD


@pytest.fixture
def sign_in(client):
    """Return a function that signs in by the form, as a person does."""

    def sign_in(email, password=PASSWORD, **fields):
        return client.post("/accounts/login/", {"login": email, "password": password} | fields)

    return sign_in


@pytest.fixture
def mailed():
    """Return a function that finds a pattern's first group in the newest mail."""
    return lambda pattern: re.search(pattern, mail.outbox[-1].body, re.MULTILINE).group(1)


@pytest.fixture
def trusted(client, member, sign_in):
    """Sign in a member who has just typed their password once more."""
    sign_in(member.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
