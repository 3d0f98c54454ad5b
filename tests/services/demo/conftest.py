"""Each district is made once for all tests of the demo; tests do not change it."""

from functools import cache

import pytest

from services.demo import make_district


@pytest.fixture(scope="session")
def district():
    """Return ``make_district``, remembering what it made."""
    return cache(make_district)
