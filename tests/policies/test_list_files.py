"""A list goes out as a file, is changed by hand, and comes back: whole and checked, or not at all."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from policies import editions, list_changes, list_files, pack
from policies.editions import EditionConflict, EditionRefused
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState
from screening.editorial import lists
from screening.models import Role, User
from tests import factories
from tests.policies.files import list_file, sdn
from tests.policies.xlsx import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

# Lists of one kind and one shape differ in nothing that an upload reads: of the large ones the first stands for all.
_ALIKE = ("goods_terms", "name_words")
_FIRST = {info.kind: info.id for info in reversed(pack.catalogue())}
LISTS = [info.id for info in pack.catalogue() if info.kind not in _ALIKE or _FIRST[info.kind] == info.id]
# A column of each kind that names no row, and another value for it.
CHANGES: dict[str, tuple[str, Any]] = {
    "goods": ("note", "Looked at again"),
    "parameters": ("note", "Looked at again"),
    "chemicals": ("confidence", "low"),
    "agents": ("list_version", "2026-01-01"),
    "pointers": ("note", "Looked at again"),
    "hs_groups": ("detail", "Looked at again"),
    "destinations": ("note", "Looked at again"),
    "embargoes": ("scope", "Looked at again"),
    "authorisations": ("title", "Another title"),
    "terms": ("confidence", "low"),
    "phrases": ("why", "Looked at again"),
    "legal_forms": ("expansion", "another"),
    "name_words": ("language", "another"),
    "goods_terms": ("confidence", "looked at again"),
    "chemical_names": ("confidence", "looked at again"),
    "ordinary_goods": ("confidence", "looked at again"),
    "glossary": ("means", "looked at again"),
    "synonyms": ("en", "looked at again"),
    "designations": ("note", "Looked at again"),
    "units": ("quantity", "another"),
    "relations": ("note", "Looked at again"),
    "principles": ("paraphrase", "Looked at again"),
    "reasons": ("basis", "Looked at again"),
    "settings": ("value", 0.5),
    "rules": ("note", "Looked at again"),
    "reference/regimes": ("latvia", "Looked at again"),
    "reference/institutions": ("system_role", "Looked at again"),
    "reference/legal_frame": ("rule", "Looked at again"),
    "reference/workflow": ("content", [{"id": "DRAFT"}]),
    "reference/committee_lv": ("content", [{"id": "CHAIR"}]),
    "reference/red_flags": ("predicate", "Looked at again"),
    "reference/general_authorisations": ("title", "Another title"),
    "principles/coverage": ("gaps", ["Looked at again"]),
}


def editor() -> User:
    return factories.user(Role.POLICY_EDITOR)


def active(list_id: str) -> Edition:
    return Edition.objects.get(source=list_id, state=EditionState.ACTIVE)


def downloaded(list_id: str) -> ListFile:
    made = list_files.written(active(list_id))
    return list_file("".join(made.parts), made.name)


def rows_of(file: ListFile) -> list[dict[str, Any]]:
    text = file.stream.read().decode()
    if file.name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return list(yaml.safe_load(text)) if file.name.endswith(".yaml") else [json.loads(x) for x in text.splitlines()]


def as_file(rows: list[dict[str, Any]], name: str) -> ListFile:
    if not name.endswith(".csv"):
        return list_file(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False), name)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return list_file(text.getvalue(), name)


def refused(list_id: str, file: ListFile) -> str:
    """The sentence of a refusal, after which nothing is stored."""
    before = Edition.objects.count()
    with pytest.raises((EditionRefused, ListFileError)) as error:
        lists.stage_file(list_id, file, by=editor())
    assert Edition.objects.count() == before
    return str(error.value)


def changed(list_id: str, number: int = 0, **values: Any) -> ListFile:
    """The list's own file with other values in one row."""
    file = downloaded(list_id)
    rows = rows_of(file)
    rows[number] |= values
    return as_file(rows, file.name)


@pytest.mark.parametrize("list_id", LISTS)
def test_a_list_comes_back_unchanged_and_with_one_changed_cell(list_id: str) -> None:
    before, by = active(list_id), editor()
    assert lists.stage_file(list_id, downloaded(list_id), by=by).pk == before.pk
    column, value = CHANGES.get(list_id) or CHANGES[before.kind]
    number = next(n for n, row in enumerate(editions.rows(before)) if type(row.get(column, value)) is type(value))
    staged = lists.stage_file(list_id, changed(list_id, number, **{column: value}), by=by)
    assert (staged.state, staged.doubts) == (EditionState.STAGED, [])
    assert staged.report["changes"] == {"added": 0, "removed": 0, "changed": 1}
    done = lists.activate(staged, by=by)
    kept = [row for row in editions.rows(done) if row.get(column) == value]
    assert kept and type(kept[0][column]) is type(value)


def test_no_list_of_the_shipped_pack_is_forgotten_here() -> None:
    kinds = {info.kind for info in pack.catalogue()} - {"reference"}
    assert kinds | {info.id for info in pack.catalogue() if info.kind == "reference"} == set(CHANGES)


def test_a_setting_keeps_its_type() -> None:
    names = [row["name"] for row in rows_of(downloaded("settings/thresholds"))]
    number, choice = names.index("red_flag_threshold"), names.index("diversion_watch")
    for row, value, sentence in (
        (number, "50", "value: '50' must be a number"),
        (number, True, "value: True must be a number"),
        (number, -1, "a setting is not negative"),
        (choice, 1, "value: 1 must be true or false"),
        (choice, "no", "value: 'no' must be true or false"),
    ):
        assert sentence in refused("settings/thresholds", changed("settings/thresholds", row, value=value))
    table = list_file("name,value,note\nred_flag_threshold,50,x\n", "settings.csv")
    assert "give YAML" in refused("settings/thresholds", table)


HEAD = "list,language,term,confidence,note\n"


@pytest.mark.parametrize(
    ("list_id", "name", "content", "sentence"),
    [
        ("terms/term_lists", "a.csv", b"", "the file is empty (0 bytes)"),
        ("terms/term_lists", "a.csv", HEAD.encode(), "holds no row"),
        ("terms/term_lists", "a.pdf", b"%PDF", "give .csv, .xlsx, .yaml or .jsonl"),
        (
            "terms/term_lists",
            "a.csv",
            (HEAD + "wmd,de,Stra").encode() + b"\xdfe,high,\n",
            "line 2, column 12: byte 0xdf",
        ),
        (
            "terms/term_lists",
            "a.csv",
            b"list,language,term,note\nwmd,en,x,\n",
            "Line 1: the column confidence is missing",
        ),
        (
            "terms/term_lists",
            "a.csv",
            HEAD.replace("note", "note,more").encode() + b"wmd,en,x,high,,\n",
            "more is no column",
        ),
        ("terms/term_lists", "a.csv", HEAD.replace("note", "term").encode() + b"wmd,en,x,high,\n", "each once"),
        ("terms/term_lists", "a.csv", (HEAD + "wmd,en,x,high\n").encode(), "line 2: expected 5 columns, found 4"),
        ("terms/term_lists", "a.csv", (HEAD + "wmd,en,x\x00,high,\n").encode(), "line 2: term: control characters"),
        (
            "terms/term_lists",
            "a.csv",
            (HEAD + f"wmd,en,{'x' * 1_000_000},high,\n").encode(),
            "line 2: a value of more than",
        ),
        (
            "terms/term_lists",
            "a.csv",
            (HEAD + f"wmd,en,{'x' * 100_001},high,\n").encode(),
            "line 2: term: a value of 100001",
        ),
        ("terms/term_lists", "a.csv", (HEAD + 'wmd,en,"x,high,\n').encode(), "line 2: unexpected end of data"),
        (
            "terms/term_lists",
            "a.csv",
            (HEAD + "wmd,en,x,high,\n" * 2).encode(),
            "Line 3: wmd / en / x stands in line 2",
        ),
        ("terms/term_lists", "a.jsonl", b'{"list": "wmd",\n', "line 1: Expecting property name"),
        ("terms/term_lists", "a.jsonl", b"[" * 100_000, "line 1: maximum recursion"),
        ("terms/term_lists", "a.jsonl", b'{"list": "a", "list": "b"}\n', "a name stands twice"),
        ("terms/term_lists", "a.jsonl", b'{"list": NaN}\n', "NaN is no number"),
        ("terms/term_lists", "a.jsonl", b'{"list": "\\ud800"}\n', "broken text"),
        ("terms/term_lists", "a.xlsx", b"PK\x03\x04 no archive", "no whole XLSX workbook"),
        ("settings/thresholds", "a.yaml", b"- name: &a x\n- name: *a\n", "line 1: aliases"),
        ("settings/thresholds", "a.yaml", b"- {a: 1}\n- [" + b"[" * 500, "line 2: values within values"),
        ("settings/thresholds", "a.yaml", b"- !!python/object/apply:os.system [ls]\n", "line 1: expected a row"),
        ("settings/thresholds", "a.yaml", b"- {name: !!python/name:os.system x}\n", "line 1"),
        ("settings/thresholds", "a.yaml", b"- name: a\n  name: b\n", "line 2: name stands twice"),
        ("settings/thresholds", "a.yaml", b"name: a\n", "expected a list of rows"),
        ("settings/thresholds", "a.yaml", b"- name: 'a\n", "no whole YAML"),
        ("settings/thresholds", "a.yaml", b"- {name: x, value: .inf, note: y}\n", "line 1: value: inf is no number"),
        ("settings/thresholds", "a.yaml", b"- {name: x, value: 2026-01-01 10:00:00, note: y}\n", "type datetime"),
        ("settings/thresholds", "a.yaml", b"- {name: x, value: !!binary eA==, note: y}\n", "type bytes"),
        ("settings/thresholds", "a.yaml", b"- {name: shoe_size, value: 5, note: y}\n", "settings: unknown shoe_size"),
        ("no/list", "a.csv", b"a\n1\n", "There is no list no/list"),
    ],
)
def test_a_bad_file_is_told_with_its_line_and_stores_nothing(
    list_id: str, name: str, content: bytes, sentence: str
) -> None:
    assert sentence in refused(list_id, list_file(content, name))


@pytest.mark.parametrize(
    ("list_id", "values", "sentence"),
    [
        ("goods/annex_i", {"valid_from": "soon"}, "Invalid isoformat string: 'soon'"),
        ("goods/annex_i", {"annex_iv": "perhaps"}, "Line 2, annex_iv: 'perhaps' is not known; use one of nothing, no"),
        ("goods/annex_i", {"hs": "84.71"}, "Line 2, hs: '84.71' is no customs code"),
        ("chemicals/chemicals", {"threshold_party": "much"}, "Line 2, threshold_party: 'much' is no percentage"),
        ("chemicals/chemicals", {"threshold_party": "nan"}, "'nan' is no percentage"),
        ("reasons/reason_codes", {"floor": "perhaps"}, "floor: 'perhaps' is not known; use one of clear, review"),
        ("embargoes/embargoes", {"target": False}, "target: False must be text; put it in quotes"),
        ("authorisations/general", {"include": [1, "3A001"]}, "include: [1, '3A001'] must be a list of texts"),
        ("authorisations/general", {"include": "3A001"}, "include: '3A001' must be a list of texts"),
        ("goods/annex_i", {"least": "range_km>=far"}, "0A001: could not convert string to float"),
        ("goods/parameters", {"operator": ">", "value": "far"}, "Line 2, value: 'far' is no number"),
        ("goods/parameters", {"operator": "between"}, "between needs two"),
        ("goods/annex_i", {"code": " "}, "Line 2: code is empty"),
        ("terms/term_lists", {"term": ""}, "Line 2: term is empty"),
        ("embargoes/embargoes", {"target": "QQ"}, "names the country QQ, which would be none of the destinations"),
        ("principles/principles", {"id": "no.such"}, "unknown principle"),
        ("reasons/reason_codes", {"code": "ELSE"}, "is not in the list of reason codes"),
    ],
)
def test_a_bad_value_is_told_with_its_place(list_id: str, values: dict[str, Any], sentence: str) -> None:
    assert sentence in refused(list_id, changed(list_id, **values))


def test_the_file_of_another_list_is_known_by_its_rows() -> None:
    assert "This looks like the file of goods/military" in refused("goods/annex_i", downloaded("goods/military"))
    assert "is no column of this list" in refused("goods/annex_i", downloaded("destinations/destinations"))


def test_what_rules_need_cannot_be_taken_away() -> None:
    file = downloaded("terms/term_lists")
    rows = rows_of(file)
    kept = [row for row in rows if row["list"] != "wmd"]
    assert "No term of wmd would be left" in refused("terms/term_lists", as_file(kept, file.name))
    kept.append({**rows[0], "list": "wdm", "term": "a new word"})
    assert "wdm is no term list that screening looks for" in refused("terms/term_lists", as_file(kept, file.name))
    file = downloaded("hs/groups")
    rows = [row for row in rows_of(file) if row["group"] != "computer_equipment"]
    assert "would be broken: " in refused("hs/groups", as_file(rows, file.name))
    file = downloaded("destinations/destinations")
    rows = [row for row in rows_of(file) if row["code"] != "KP"]
    assert "embargoes/embargoes names the country KP" in refused("destinations/destinations", as_file(rows, file.name))


def test_a_rule_that_does_not_compile_is_told_with_rule_clause_and_column() -> None:
    rule = rows_of(downloaded("rules/goods"))[0]
    said = refused("rules/goods", changed("rules/goods", clauses=[*rule["clauses"], "line.code =="]))
    assert f"rule {rule['id']}, clauses, clause {len(rule['clauses']) + 1}, column" in said
    assert "effect: 'perhaps' is not known" in refused("rules/goods", changed("rules/goods", effect="perhaps"))
    assert "colour is no column" in refused("rules/goods", changed("rules/goods", colour="red"))


def test_a_rule_that_was_law_is_not_taken_out_by_a_file() -> None:
    file = downloaded("rules/goods")
    said = refused("rules/goods", as_file(rows_of(file)[1:], file.name))
    assert "has been law" in said


def test_the_list_of_a_publisher_goes_out_and_does_not_come_back() -> None:
    by = editor()
    lists.take("ofac_sdn", [sdn(3)], by=by)
    file = downloaded("parties/ofac_sdn")
    assert file.name.endswith(".jsonl")
    assert len(rows_of(file)) == 3
    assert "import the publisher's file" in refused("parties/ofac_sdn", downloaded("parties/ofac_sdn"))


def test_an_own_list_comes_back() -> None:
    by = editor()
    lists.take("own_parties", [list_file("id,name,effect\n1,Alpha,asset_freeze\n2,Beta,review\n")], by=by)
    file = downloaded("parties/own")
    rows = rows_of(file)
    rows[1]["name"] = "Gamma"
    staged = lists.stage_file("parties/own", list_file("\n".join(map(json.dumps, rows)), file.name), by=by)
    assert staged.report["changes"] == {"added": 0, "removed": 0, "changed": 1}
    rows[1]["id"] = rows[0]["id"]
    assert "stands in line 1" in refused("parties/own", list_file("\n".join(map(json.dumps, rows)), file.name))


def test_a_workbook_and_the_table_of_another_language_are_read_too() -> None:
    rows = rows_of(downloaded("chemicals/pointers"))
    rows[0]["note"] = "Looked at again"
    book = workbook(list(rows[0]), *(list(row.values()) for row in rows), name="pointers.xlsx")
    first = lists.stage_file("chemicals/pointers", book, by=editor())
    assert first.report["changes"]["changed"] == 1
    table = "\ufeff" + "\r\n".join(";".join(line) for line in [list(rows[0]), *(list(row.values()) for row in rows)])
    again = lists.stage_file("chemicals/pointers", list_file(table, "pointers.csv"), by=editor())
    assert again.pk == first.pk


def test_a_file_made_from_an_earlier_edition_is_doubted() -> None:
    by, old = editor(), downloaded("terms/legal_forms")
    lists.activate(lists.stage_file("terms/legal_forms", changed("terms/legal_forms", expansion="x"), by=by), by=by)
    rows = rows_of(old)
    rows[3]["expansion"] = "y"
    staged = lists.stage_file("terms/legal_forms", as_file(rows, old.name), by=editor())
    assert staged.doubts == [editions.TAKES_BACK]
    with pytest.raises(editions.Doubted, match="takes later changes back"):
        lists.activate(staged, by=by)


def test_what_became_active_after_the_upload_is_not_taken_back_unseen() -> None:
    by = editor()
    first = lists.stage_file("terms/legal_forms", changed("terms/legal_forms", expansion="x"), by=by)
    second = lists.stage_file("terms/legal_forms", changed("terms/legal_forms", 3, expansion="y"), by=editor())
    lists.activate(first, by=by)
    with pytest.raises(editions.Doubted, match="takes later changes back"):
        lists.activate(second, by=by)


def test_rows_checked_against_another_edition_are_not_staged() -> None:
    by = editor()
    read = list_changes.read("terms/legal_forms", changed("terms/legal_forms", 3, expansion="y"))
    lists.activate(lists.stage_file("terms/legal_forms", changed("terms/legal_forms", expansion="x"), by=by), by=by)
    with pytest.raises(EditionConflict):
        list_changes.stage(read, by=by)


def test_a_file_that_cuts_a_list_waits_with_doubts() -> None:
    file = downloaded("terms/specific_phrases")
    staged = lists.stage_file("terms/specific_phrases", as_file(rows_of(file)[:-400], file.name), by=editor())
    assert "the list shrinks" in staged.doubts[0]


def test_an_officer_changes_no_list() -> None:
    with pytest.raises(PermissionDenied):
        lists.stage_file("terms/legal_forms", downloaded("terms/legal_forms"), by=factories.officer())


def test_the_command_writes_a_list_and_takes_it_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by = editor()
    call_command("list_file", "export", "terms/legal_forms")
    text = capsys.readouterr().out
    path = tmp_path / "forms.csv"
    path.write_text(text, encoding="utf-8")
    call_command("list_file", "import", "terms/legal_forms", str(path), "--by", by.username)
    assert "no change" in capsys.readouterr().out
    path.write_text(text.replace("ltd,GB", "LTD,GB").replace(",limited,", ",restricted,", 1), encoding="utf-8")
    call_command("list_file", "import", "terms/legal_forms", str(path), "--by", by.username)
    assert "is active (0 added, 0 removed, 1 changed)" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no edition ffff of terms/legal_forms"):
        call_command("list_file", "export", "terms/legal_forms", "--edition", "ffff")
    path.write_text("form\n", encoding="utf-8")
    with pytest.raises(CommandError, match="holds no row.*Nothing has changed"):
        call_command("list_file", "import", "terms/legal_forms", str(path), "--by", by.username)
