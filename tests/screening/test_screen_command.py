"""`manage.py screen`: a file in, one JSON object a line out, and nothing stored."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from policies.models import Snapshot
from screening.models import Run, Shipment
from tests import payloads

pytestmark = pytest.mark.django_db


def screened(path: Path, content: Any, *options: str) -> tuple[list[dict[str, Any]], str, int]:
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("screen", path, *options, stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(str(stop.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), code


def test_one_body_is_screened_and_nothing_is_stored(tmp_path: Path, policy: Snapshot) -> None:
    (result,), _, code = screened(tmp_path / "one.json", json.dumps(payloads.mass_spectrometer()))
    assert (result["id"], result["outcome"], code) == ("mass spectrometer", "licence_required", 0)
    assert result["reasons"] == [finding["reason"] for finding in result["findings"]]
    assert (Shipment.objects.count(), Run.objects.count()) == (0, 0)


def test_a_difference_is_shown_and_ends_with_1(tmp_path: Path, policy: Snapshot) -> None:
    wrong = {"id": "A", "shipment": payloads.furniture(), "expected": {"outcome": "review", "reasons": ["RED_FLAG"]}}
    (result,), said, code = screened(tmp_path / "cases.yaml", {"examples": [wrong]}, "--expect")
    assert result["differences"] == ["outcome is clear, expected review", "RED_FLAG is missing"]
    assert ("0 of 1 as expected" in said, code) == (True, 1)


def test_the_fixtures_of_a_file_count_for_that_file_only(tmp_path: Path, policy: Snapshot) -> None:
    listed = {"id": "X", "name": "Fjord Kontor AS", "country": "NO", "effect": "asset_freeze"}
    content = {"fixtures": {"sanctioned_parties": [listed]}, "shipments": [payloads.furniture()]}
    (result,), _, _ = screened(tmp_path / "with.yaml", content)
    assert result["outcome"] == "prohibited"
    (again,), _, _ = screened(tmp_path / "without.yaml", {"shipments": [payloads.furniture()]})
    assert again["outcome"] == "clear"


def test_a_refused_body_names_its_field_and_the_others_go_on(tmp_path: Path, policy: Snapshot) -> None:
    content = [payloads.furniture() | {"destination": "XX"}, payloads.furniture()]
    (bad, good), _, code = screened(tmp_path / "list.yaml", content)
    assert (bad["outcome"], bad["errors"][0]["field"], code) == ("refused", "destination", 1)
    assert good["outcome"] == "clear"


def test_before_the_installation_the_shipped_pack_is_used(tmp_path: Path) -> None:
    (result,), said, _ = screened(tmp_path / "one.yaml", payloads.furniture())
    assert (result["outcome"], "shipped pack" in said) == ("clear", True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{broken: [", r"line 1, column"),
        ("", "holds no shipment"),
        ("examples: []", "holds no shipment"),
        ("fixtures: 3\nexamples: [{shipment: {}}]", "expected named lists"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, policy: Snapshot, content: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        screened(tmp_path / "bad.yaml", content)


def test_invalid_utf_8_says_where(tmp_path: Path, policy: Snapshot) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"reference: x\nend_use: \xff\n")
    with pytest.raises(CommandError, match=r"line 2, column 10: byte 0xff is not UTF-8"):
        call_command("screen", path)
