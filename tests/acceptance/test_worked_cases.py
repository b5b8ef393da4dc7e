"""Worked cases: whole shipments with the outcome and reasons that law and conventions give them.

The cases in `cases/` are ours; the examples of the domain material stand outside the project and are read where they
are (CI always has them).
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies import pack
from policies.engine import read
from policies.engine.policy import Policy
from screening import dry_run

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "shared" / "domain" / "examples.yaml"
FILES = sorted((HERE / "cases").glob("*.yaml"))


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return read.build(pack.editions(), hash="shipped")


def differences(content: Any, policy: Policy) -> dict[str, list[str]]:
    results = dry_run.results(content, policy, received_on=date(2025, 12, 1))
    return {result.id: [*result.differences, *map(str, result.errors)] for result in results}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_case_comes_out_as_it_should(file: Path, shipped: Policy) -> None:
    found = differences(dry_run.load(file), shipped)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_domain_examples_come_out_as_they_should(shipped: Policy) -> None:
    if not EXAMPLES.exists() and not os.environ.get("CI"):
        pytest.skip("the domain material is not beside the project")
    found = differences(dry_run.load(EXAMPLES), shipped)
    assert len(found) == 21
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_there_are_cases_for_every_reason_code(shipped: Policy) -> None:
    cases = [case for file in FILES for case in dry_run.cases(dry_run.load(file))]
    raised = {code for case in cases for code in (case.expected or {}).get("reasons", ())}
    own = {"GA_EU005_ELIGIBLE", "UNDECIDED"}
    assert set(shipped.reasons) - raised - own == set()
