"""Engine tests need no database: the shipped pack is read from its files, once."""

import pytest

from policies import pack
from policies.engine import read
from policies.engine.policy import Policy


@pytest.fixture(scope="session")
def shipped() -> Policy:
    """The shipped rule pack and lists."""
    return read.build(pack.editions(), hash="shipped")
