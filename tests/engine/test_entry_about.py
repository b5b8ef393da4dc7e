"""What the lists say of a code: where it stands, what decides it, who may take it where, and which rules read it."""

from datetime import date
from typing import Any

import pytest

from policies.engine.browse.about import about
from policies.engine.browse.tree import Node, known_code
from policies.engine.policy import Policy

TODAY = date(2026, 11, 28)


def told(policy: Policy, code: str, *, on: date = TODAY) -> dict[str, Any]:
    found = about(known_code(code, policy.goods), policy, on=on)
    assert found is not None
    return found


def ids(rows: list[dict[str, Any]], name: str = "id") -> list[str]:
    return [row[name] for row in rows]


def all_codes(nodes: tuple[Node, ...]) -> list[str]:
    return [code for node in nodes for code in (node.code, *all_codes(node.below))]


def test_the_tree_holds_every_entry_once_and_the_substances_under_theirs(shipped: Policy) -> None:
    branches = shipped.entry_tree.branches
    codes = [code for branch in branches for group in branch.groups for code in all_codes(group.nodes)]
    assert len(codes) == len(set(codes))
    assert {entry.code for entry in shipped.entries} <= set(codes)
    assert {"1C350.1", "ML10.c", "AT-III-2.1"} <= set(codes)


def test_a_tree_is_ordered_as_people_count(shipped: Policy) -> None:
    military = next(branch for branch in shipped.entry_tree.branches if branch.family == "military")
    tops = [node.code for group in military.groups for node in group.nodes]
    assert tops == [f"ML{number}" for number in range(1, 23)]


def test_a_code_is_known_in_any_spelling(shipped: Policy) -> None:
    spelt = ["5a2a1", "ml10 C", "nl-3b-duv", "ex10a001", "screwdriver", ""]
    known = [known_code(text, shipped.goods) for text in spelt]
    assert known == ["5A002.a.1", "ML10.c", "NL-3B-DUV", "EX10A001", "", ""]


def test_an_unknown_code_is_nothing(shipped: Policy) -> None:
    assert about("9Z999", shipped, on=TODAY) is None
    assert about("3A777", shipped, on=TODAY) is None


def test_an_entry_has_its_thresholds_with_unit_and_question(shipped: Policy) -> None:
    rows = told(shipped, "2B001")["thresholds"]
    assert {"2B001.a", "2B001.b"} <= set(ids(rows, "code"))
    assert any(row["unit"] == "um" and row["question"] for row in rows)


def test_a_sub_entry_shows_what_counts_for_it_and_not_its_siblings(shipped: Policy) -> None:
    found = told(shipped, "2B001.a")
    assert found["entry"]["code"] == "2B001"
    assert set(ids(found["thresholds"], "code")) == {"2B001.a"}
    assert ids(found["above"], "code") == ["2B001"]


def test_a_chemical_has_cas_number_and_mixture_thresholds(shipped: Policy) -> None:
    (row,) = told(shipped, "1C350.1")["substances"]
    assert (row["cas"], row["threshold_cwc_party"], row["threshold_other"]) == ("111-48-8", 30, 10)


def test_a_pointer_says_where_it_points_and_the_target_who_points_to_it(shipped: Policy) -> None:
    found = told(shipped, "1C350.4")
    assert (found["points_to"], found["authorisations"]) == ("ML7.c", [])
    assert "GOODS-MILITARY" in ids(found["rules"])
    assert "1C350.4" in told(shipped, "ML7.c")["pointed_from"]
    assert told(shipped, "1C350")["pointers"]["1C350.4"] == "ML7.c"


def test_software_and_goods_name_each_other(shipped: Policy) -> None:
    assert "5D002" in ids(told(shipped, "5A002")["software"], "code")
    assert any("5A002" in row["of"] for row in told(shipped, "5D002")["for_goods"])
    assert "2E001" in ids(told(shipped, "2B001")["software"], "code")


def test_dates_decide_whether_an_entry_is_in_force(shipped: Policy) -> None:
    assert told(shipped, "3A504")["status"] == "in_force"
    assert told(shipped, "3A504", on=date(2025, 1, 1))["status"] == "future"
    assert told(shipped, "EX10A001")["status"] == "retired"
    (edition,) = told(shipped, "3A504")["editions"]
    assert (edition["valid_from"], edition["list_version"]) == ("2025-11-15", "2025-11-15")


def test_an_authorisation_includes_all_of_a_code_or_says_which_part(shipped: Policy) -> None:
    found = {row["id"]: row for row in told(shipped, "5D002")["authorisations"]}
    assert not found["EU001"]["whole"] and "5D002.a.3" in found["EU001"]["not"]
    assert "NO" in found["EU001"]["destinations"] and "RU" not in found["EU001"]["destinations"]
    whole = {row["id"]: row for row in told(shipped, "1A001")["authorisations"]}
    assert whole["EU002"]["whole"] and whole["EU002"]["only"] == []
    parts = {row["id"]: row for row in told(shipped, "1C003")["authorisations"]}
    assert parts["EU002"]["only"] == ["1C003.b", "1C003.c"]


def test_no_union_authorisation_includes_what_section_i_names_whole(shipped: Policy) -> None:
    named = next(entry.code for entry in shipped.entries if entry.section_i == "full")
    assert "EU001" not in ids(told(shipped, named)["authorisations"])


def test_military_goods_have_no_union_authorisation(shipped: Policy) -> None:
    assert told(shipped, "ML10")["authorisations"] == []


@pytest.mark.parametrize(
    ("code", "rule", "others"),
    [
        ("5A002", "GOODS-ANNEX-I", {"GOODS-MILITARY", "GOODS-TORTURE-II"}),
        ("ML10.c", "GOODS-MILITARY", {"GOODS-ANNEX-I"}),
        ("AT-II-1.1", "GOODS-TORTURE-II", {"GOODS-ANNEX-I", "GOODS-MILITARY"}),
        ("5D002", "GOODS-PUBLIC-DOMAIN", {"GOODS-ARMS-HEADING"}),
    ],
)
def test_rules_are_those_that_read_the_listing(shipped: Policy, code: str, rule: str, others: set[str]) -> None:
    rules = set(ids(told(shipped, code)["rules"]))
    assert rule in rules
    assert not rules & others


def test_an_entry_is_grounded_in_the_principles_of_its_rules(shipped: Policy) -> None:
    found = told(shipped, "5A002")
    assert ids(found["principles"]) == sorted({name for rule in found["rules"] for name in rule["principles"]})
    assert all(row["title"] and row["paraphrase"] for row in found["principles"])


def test_what_is_no_longer_listed_has_no_rule(shipped: Policy) -> None:
    assert told(shipped, "EX10A001")["rules"] == []
