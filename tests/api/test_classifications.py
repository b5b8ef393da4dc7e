"""How a line was classified, in the answer to a shipment: for its own organisation, and in the promised shape."""

from typing import Any

import pytest
import yaml
from django.test import Client

from screening import runs
from screening.models import Run
from tests import factories
from tests.api.conftest import SHIPMENTS, Caller, caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


def answered(erp: Caller, *lines: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    numbered = [{"number": number, **line} for number, line in enumerate(lines, start=1)]
    sent = factories.payload(lines=numbered, destination="IN", shipment_date="2026-12-01")
    url = erp.post(sent).json()["url"]
    assert erp.get(url).json()["classifications"] == []
    runs.screen(Run.objects.get().pk)
    rows: list[dict[str, Any]] = erp.get(url).json()["classifications"]
    return url, rows


def test_each_line_has_candidates_card_questions_notes_and_mismatch(erp: Caller) -> None:
    _url, (first, second) = answered(
        erp,
        {"description": "dilution refrigerator", "control_code": "1A001"},
        {"description": "<b>4711</b>", "cas_number": "111-48-9", "control_code": "EAR99"},
    )
    assert first["mismatch"] == ["3A504"]
    candidate = first["candidates"][0]
    assert candidate["code"] == "3A504" and 0.5 < candidate["score"] <= 1
    assert {"kind", "text", "points"} == set(candidate["evidence"][0])
    assert first["questions"] and {"name", "text", "unit", "accepts"} <= set(first["questions"][0])
    assert [source["kind"] for source in first["card"]["sources"]][:2] == ["declared", "description"]
    assert first["card"]["pairs"][0]["verdict"] == "disagree"
    assert (second["candidates"], second["mismatch"]) == ([], [])
    assert any("check digit" in note for note in second["notes"])


def test_the_finding_carries_the_candidates_of_the_mismatch(erp: Caller) -> None:
    url, _rows = answered(erp, {"description": "dilution refrigerator", "control_code": "1A001"})
    found = [row for row in erp.get(url).json()["findings"] if row["rule"] == "GOODS-MISMATCH"]
    (candidate,) = found[0]["evidence"]["candidates"]
    assert candidate["code"] == "3A504"
    assert candidate["score"] and candidate["questions"] and candidate["evidence"]


def test_an_older_run_answers_with_empty_lists(erp: Caller) -> None:
    url, _rows = answered(erp, {"description": "dilution refrigerator"})
    Run.objects.update(classifications=[{"line": 1, "declared": "", "entries": [], "evidence": [], "mismatch": []}])
    (row,) = erp.get(url).json()["classifications"]
    assert (row["line"], row["candidates"], row["questions"], row["notes"]) == (1, [], [], [])
    assert row["card"] == {"sources": [], "pairs": []}


def test_what_the_authority_knows_beside_the_declaration_is_not_answered(erp: Caller) -> None:
    url, _rows = answered(erp, {"description": "dilution refrigerator"})
    run = Run.objects.get()
    source = {"kind": "precedents", "value": "C-7", "says": "secret", "codes": [], "against": [], "sure": True}
    run.classifications[0]["card"]["sources"].append(source)
    run.classifications[0]["card"]["pairs"].append(
        {"left": "declared", "right": "precedents", "verdict": "agree", "text": "secret"}
    )
    run.save()
    assert "secret" not in erp.get(url).content.decode()


def test_another_organisation_reads_nothing(erp: Caller) -> None:
    url, _rows = answered(erp, {"description": "dilution refrigerator"})
    assert caller(owner=factories.organisation()).get(url).status_code == 404
    assert SHIPMENTS in url


def test_the_schema_names_every_field_that_is_answered(erp: Caller, client: Client) -> None:
    _url, rows = answered(
        erp,
        {"description": "5-axis machining centre", "hs_code": "845710"},
        {"description": "cleaning solvent", "cas_number": "7719-09-7"},
    )
    schemas = yaml.safe_load(client.get("/api/v1/schema/").content)["components"]["schemas"]
    promised = {"Classification": rows, "LineCandidate": [one for row in rows for one in row["candidates"]]}
    promised["Question"] = [one for row in rows for one in row["questions"]]
    promised["Source"] = [one for row in rows for one in row["card"]["sources"]]
    for name, given in promised.items():
        assert given
        for one in given:
            assert set(one) == set(schemas[name]["properties"])
