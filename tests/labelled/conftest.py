"""Engine tests need no database: the shipped pack is read from its files, once."""

import pytest

from policies.engine.policy import Policy
from tests import matching


@pytest.fixture(scope="session")
def shipped() -> Policy:
    """The shipped rule pack and lists."""
    return matching.shipped()
