"""The worked examples of the domain, sent as a caller sends them, screened by a real worker, on both databases.

They belong to the researched facts beside the project, like the published lists that tests/policies reads.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.services.conftest import ROOT, Service, wait_until

EXAMPLES = Path(os.environ.get("SARGS_EXAMPLES", ROOT.parent / "shared" / "domain" / "examples.yaml"))
SHIPMENTS = "/api/v1/shipments/"

LICENCES = """
import json
from screening.models import Licence
for row in json.loads({rows!r}):
    Licence.objects.create(number=row.pop("id"), **row)
"""
EDITORS = """
from screening.models import User
for name in ("importer", "publisher"):
    User.objects.create_user(name, role="policy_editor")
"""


@pytest.fixture
def worked() -> dict[str, Any]:
    if not EXAMPLES.exists() and not os.environ.get("CI"):
        pytest.skip(f"{EXAMPLES} is not here; set SARGS_EXAMPLES to a file of that shape")
    loaded: dict[str, Any] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    return loaded


def load_fixtures(service: Service, fixtures: dict[str, Any]) -> None:
    """The records that the examples assume: listed parties, owners, denials, licences."""
    service.shell(EDITORS)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump({"fixtures": fixtures}, file, allow_unicode=True)
        file.flush()
        service.manage("import_list", "fixtures", file.name, "--by", "importer")
    service.manage("publish", "--by", "publisher", "--reason", "Worked examples")
    service.shell(LICENCES.format(rows=json.dumps(fixtures["licences"], default=str)))


@pytest.mark.parametrize("service", ["postgresql", "sqlite"], indirect=True)
def test_each_example_comes_out_as_the_law_has_it(service: Service, worked: dict[str, Any]) -> None:
    load_fixtures(service, worked["fixtures"])
    service.start_web()
    service.start_worker()
    urls = {}
    for example in worked["examples"]:
        status, accepted = service.call(SHIPMENTS, json.loads(json.dumps(example["shipment"], default=str)))
        assert status == 202, (example["id"], accepted)
        urls[example["id"]] = accepted["url"].partition(str(service.port))[2]

    answers: dict[str, Any] = {}

    def all_screened() -> bool:
        answers.update({name: service.call(url)[1] for name, url in urls.items() if name not in answers})
        for name in [name for name, answer in answers.items() if answer["status"] != "screened"]:
            del answers[name]
        return len(answers) == len(urls)

    wait_until(all_screened, seconds=120, what=service.tail("worker"))
    wrong = {}
    for example in worked["examples"]:
        expected, answer = example["expected"], answers[example["id"]]
        reasons = {finding["reason"] for finding in answer["findings"]}
        missing, unwanted = set(expected["reasons"]) - reasons, set(expected["absent"]) & reasons
        if answer["outcome"] != expected["outcome"] or missing or unwanted:
            wrong[example["id"]] = (answer["outcome"], expected["outcome"], missing, unwanted)
    assert len(urls) >= 21
    assert not wrong
    assert "chain whole" in service.manage("verify_audit")
    assert "differs" not in service.manage("replay", "all")
