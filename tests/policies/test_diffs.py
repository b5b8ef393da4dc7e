"""What differs between two editions: by key, by content where keys do not name one row, and found again by text."""

import pytest

from policies import content, diffs
from tests.policies.files import needs_real_lists, parse, real

ONE = {"id": "1", "name": "ONE", "aliases": ["Uno"]}
TWO = {"id": "2", "name": "TWO", "aliases": []}


def test_rows_are_added_removed_and_changed_by_key() -> None:
    later = {**ONE, "name": "ONE LLC", "note": "x"}
    found = diffs.difference([ONE, TWO], [later, {"id": "3", "name": "THREE"}])
    assert found.counts == {"added": 1, "removed": 1, "changed": 1}
    assert (found.added[0]["id"], found.removed[0]["id"]) == ("3", "2")
    (change,) = found.changed
    assert (change.key, change.fields) == ("1", ("name", "note"))
    assert (change.before["name"], change.after["name"]) == ("ONE", "ONE LLC")


def test_order_is_no_difference() -> None:
    assert diffs.difference([ONE, TWO], [TWO, ONE]).counts == {"added": 0, "removed": 0, "changed": 0}


def test_rows_that_share_a_key_or_have_none_are_compared_by_content() -> None:
    shared = [{"code": "3A001", "name": name} for name in ("a", "b", "b")]
    assert diffs.difference(shared, reversed(shared)).counts == {"added": 0, "removed": 0, "changed": 0}
    found = diffs.difference(shared, [*shared[:2], {"code": "3A001", "name": "c"}])
    assert found.counts == {"added": 1, "removed": 1, "changed": 0}
    terms = [{"term": "a"}, {"term": "b"}]
    assert diffs.difference(terms, terms[:1]).removed == ({"term": "b"},)
    assert diffs.difference([{"code": "1", "name": "a"}], [{"code": "1", "name": n} for n in "ab"]).counts["added"] == 1


@pytest.mark.parametrize(
    ("text", "what", "expected"),
    [
        ("", "", ["added", "changed", "removed"]),
        ("uno", "", ["changed"]),
        ("THREE", "removed", []),
        ("three", "added", ["added"]),
        ("ONE LLC", "", ["changed"]),
        ("žižek", "", ["added"]),
    ],
)
def test_differences_are_found_by_any_value(text: str, what: str, expected: list[str]) -> None:
    added = {"id": "3", "name": "THREE", "note": "Žižek"}
    found = diffs.difference([ONE, TWO], [{**ONE, "name": "ONE LLC"}, added])
    assert [kind for kind, _row in diffs.search(found, text, what)] == expected


def test_counts_of_a_difference_are_those_that_the_limits_see() -> None:
    shared = [{"code": "x", "n": str(number // 2)} for number in range(9)]
    before, after = [ONE, TWO, *shared], [{**ONE, "name": "!"}, {"id": "9"}, *shared[1:], {"code": "x", "n": "new"}]
    fresh, old = content.prepare("goods", after), content.prepare("goods", before)
    assert fresh.changes(old) == diffs.difference(before, after).counts == {"added": 2, "removed": 2, "changed": 1}


@needs_real_lists
def test_two_real_editions_of_a_list_give_a_plausible_difference() -> None:
    (before, _), (after, _) = (parse("ofac_sdn", *real(name)) for name in ("sdn_2021-07.csv", "sdn_2024-05-03.csv"))
    found = diffs.difference(before, after)
    assert (found.counts["added"], found.counts["removed"]) == (6_870, 881)
    assert 100 < found.counts["changed"] < 1_000
    named = [row for _what, row in diffs.search(found, "wagner", "added")]
    assert named and all(isinstance(row, dict) for row in named)
