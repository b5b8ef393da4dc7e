"""Lists that say how goods are named and measured: what a file of them may hold, and what of theirs is kept."""

from typing import Any

import pytest

from policies import changelog, content, diffs, editions, list_files, pack, publishing, shipped, snapshots
from policies.models import Edition, EditionState, ListSource, Snapshot
from screening.editorial import lists
from screening.models import Role
from screening.templatetags.policy import KINDS, kind_word
from screening.views.policy import rows as shown_rows
from tests import factories
from tests.policies.files import list_file
from tests.policies.test_list_files import active, as_file, changed, downloaded, refused, rows_of

NEW = {
    *("goods_terms", "chemical_names", "ordinary_goods", "glossary", "designations", "units", "relations"),
    "synonyms",
}
PARAMETERS = "goods/parameters"
OLD_PARAMETERS = [
    {
        "code": "3A225",
        "parameter": "frequency",
        "operator": ">=",
        "value": "600",
        "unit": "Hz",
        "joint_condition": "",
        "confidence": "high",
    },
    {
        "code": "9A012",
        "parameter": "endurance",
        "operator": "between",
        "value": "30-60",
        "unit": "min",
        "joint_condition": "exclusion: toys",
        "confidence": "high",
    },
]
OLD_SYNONYMS = [
    {"concept": "drone", "en": "flying whatsit", "lv": "drons", "ru": "дрон", "de": "Drohne", "codes": "9A012"},
]


def number_of(list_id: str, **values: str) -> int:
    """The first row of a list that holds these values."""
    found = rows_of(downloaded(list_id))
    return next(n for n, row in enumerate(found) if all(row[name] == value for name, value in values.items()))


def test_every_kind_of_list_has_a_name_for_people_and_what_names_its_rows() -> None:
    kinds = {info.kind for info in pack.catalogue()}
    assert kinds <= KINDS.keys()
    assert {kind_word(kind) for kind in NEW}.isdisjoint(NEW)
    assert NEW | {"parameters"} <= content.NAMES.keys()


@pytest.mark.parametrize("kind", sorted(NEW | {"parameters"}))
def test_what_names_a_row_names_one_row_of_the_shipped_lists(kind: str) -> None:
    for info in pack.catalogue():
        if info.kind == kind:
            names = [content.name(kind, row) for row in pack.rows(pack.SHIPPED, info.id)]
            assert content.repeated(names) == set(), info.id


@pytest.mark.parametrize("kind", sorted(NEW | {"parameters"}))
def test_a_page_shows_what_a_row_is_about(kind: str) -> None:
    for info in pack.catalogue():
        for row in list(pack.rows(pack.SHIPPED, info.id))[:3] if info.kind == kind else ():
            assert shown_rows.shown(row)["title"] or shown_rows.shown(row)["key"]


def test_a_threshold_that_is_raised_is_a_changed_row() -> None:
    before = {"code": "3A225", "case": "1", "parameter": "frequency", "operator": ">=", "value": "600"}
    upper = before | {"operator": "<", "value": "9000"}
    found = diffs.difference([before, upper], [before | {"value": "700"}, upper], kind="parameters")
    (change,) = found.changed
    assert (change.key, change.fields, found.added) == ("3A225 / 1 / frequency / >=", ("value",), ())


@pytest.mark.django_db
@pytest.mark.usefixtures("policy")
class TestFiles:
    """What an editor uploads."""

    @pytest.mark.parametrize(
        ("list_id", "values", "sentence"),
        [
            ("goods_terms/arms", {"says": "always"}, "Line 2, says: 'always' is not known; use one of is, often, may"),
            ("goods_terms/arms", {"language": "fi"}, "Line 2, language: 'fi' is not known; use one of en, lv"),
            ("goods_terms/arms", {"term": " "}, "Line 2, term: it holds no word; write at least one"),
            ("goods_terms/arms", {"term": "***"}, "Line 2, term: it holds no word"),
            ("goods_terms/arms", {"code": "ML99"}, "Line 2, code: 'ML99' is no code as the lists write it"),
            ("goods_terms/arms", {"code": "ml10c"}, "'ml10c' is no code as the lists write it; write ML10.c"),
            (
                "goods_terms/annex_i_2_3",
                {"code": "3A777"},
                "Line 2, code: no goods list holds 3A777; correct it, or add",
            ),
            ("chemicals/names", {"kind": "nickname"}, "Line 2, kind: 'nickname' is not known; use one of synonym"),
            ("chemicals/names", {"name": ""}, "Line 2, name: it holds no word"),
            ("goods_terms/ordinary", {"says": "is"}, "use one of goods, context, below"),
            ("goods_terms/ordinary", {"spares": "9A012|everything"}, "spares: 'everything' is no code"),
            ("goods_terms/glossary", {"means": ""}, "Line 2, means: it holds no word"),
            ("terms/synonyms", {"en": "|"}, "Line 2, en: it holds no word"),
            ("terms/synonyms", {"codes": "9A012|X1"}, "Line 2, codes: 'X1' is no code"),
            ("goods_terms/designations", {"pattern": "7*"}, "Line 2, pattern: '7*' needs 2 fixed characters"),
            ("goods_terms/designations", {"pattern": "#075"}, "needs 2 fixed characters before its first # or *"),
            ("goods_terms/designations", {"says": "never"}, "use one of is, often, may, not"),
            ("goods_terms/designations", {"attributes": "230 GPa"}, "write name=value unit"),
            ("goods_terms/designations", {"codes": "1c210a"}, "write 1C210.a"),
            ("goods_terms/units", {"factor": "0"}, "Line 2, factor: '0' is no number above 0"),
            ("goods_terms/units", {"factor": "ten"}, "factor: 'ten' is no number above 0"),
            ("goods_terms/units", {"offset": "nan"}, "offset: 'nan' is no number"),
            ("goods_terms/units", {"exact_case": "perhaps"}, "use one of yes, no"),
            ("goods_terms/relations", {"kind": "goods"}, "use one of software, technology"),
            ("goods_terms/relations", {"of": "9Z"}, "Line 2, of: '9Z' is no code"),
            ("goods_terms/relations", {"phase": "repair"}, "phase: 'repair' is not known; use one of development"),
            (PARAMETERS, {"role": "limit"}, "Line 2, role: 'limit' is not known; use one of threshold, release"),
            (PARAMETERS, {"operator": "=", "value": "1"}, "use one of >, >=, <, <=, between, is"),
            (PARAMETERS, {"operator": "is", "value": " "}, "Line 2, value: ' ' is empty; write yes"),
            (PARAMETERS, {"operator": ">", "value": "1,200"}, "'1,200' is no number; write 1200"),
            (PARAMETERS, {"operator": "between", "value": "100"}, "between needs two as 10..20"),
            (PARAMETERS, {"operator": "between", "value": "20..10"}, "does not begin with its lower end"),
            (PARAMETERS, {"question": "Its frequency."}, "question: 'Its frequency.' is no question"),
            (PARAMETERS, {"question": "?"}, "question: '?' is no question"),
            (PARAMETERS, {"unit": "furlong"}, "Line 2, unit: no list of units knows 'furlong'; add its spelling"),
            (PARAMETERS, {"code": "3A001/7x"}, "'7x' is no code"),
        ],
    )
    def test_a_row_that_cannot_be_used_is_told_with_its_line(
        self, list_id: str, values: dict[str, Any], sentence: str
    ) -> None:
        assert sentence in refused(list_id, changed(list_id, **values))

    @pytest.mark.parametrize("value", ["10..20", "10-20", "-5..2.5", "-20--10", "1e-3-2e-3"])
    def test_a_span_is_taken_in_both_spellings(self, value: str) -> None:
        file = changed(PARAMETERS, number_of(PARAMETERS, operator="between"), value=value)
        staged = lists.stage_file(PARAMETERS, file, by=factories.user(Role.POLICY_EDITOR))
        assert staged.report["changes"] == {"added": 0, "removed": 0, "changed": 1}

    def test_a_beginning_of_codes_may_stand_where_many_codes_are_meant(self) -> None:
        file = changed("goods_terms/relations", of="2B2|9B")
        assert lists.stage_file("goods_terms/relations", file, by=factories.user(Role.POLICY_EDITOR))

    def test_a_unit_that_thresholds_are_written_in_cannot_be_taken_away(self) -> None:
        file = downloaded("goods_terms/units")
        kept = [row for row in rows_of(file) if row["spelling"].lower() != "khz"]
        said = refused("goods_terms/units", as_file(kept, file.name))
        assert "Technical thresholds are written in kHz, which no list of units would know: leave it in." in said

    def test_two_rows_of_one_name_are_told(self) -> None:
        file = downloaded("goods_terms/designations")
        rows = rows_of(file)
        said = refused("goods_terms/designations", as_file([*rows, rows[0] | {"means": "else"}], file.name))
        assert f"{rows[0]['pattern']} stands in line 2 already" in said


def keep_old(list_id: str, kind: str, old: list[dict[str, str]]) -> Edition:
    """Make rows of an earlier release the active edition of a list, as an installation of that time has them."""
    ListSource.objects.filter(pk=list_id).update(kind=kind)
    made = editions.keep(
        ListSource.objects.get(pk=list_id),
        content.prepare(kind, old),
        editions.Origin(report={"pack": True}),
        state=EditionState.STAGED,
    )
    return editions.activate(made, by=None, override="as it was then")


@pytest.fixture
def earlier(policy: Snapshot) -> Snapshot:
    """A snapshot with thresholds and synonyms as they were kept before there were cases and questions."""
    keep_old(PARAMETERS, "parameters", OLD_PARAMETERS)
    keep_old("terms/synonyms", "reference", OLD_SYNONYMS)
    return publishing.draft(by=None)


def test_a_snapshot_of_earlier_rows_loads_as_it_was(earlier: Snapshot) -> None:
    found = snapshots.load(earlier.hash).knowledge
    frequency, endurance = found.thresholds
    assert (frequency.value, frequency.case, frequency.question, frequency.role) == ("600", "", "", "threshold")
    assert (endurance.value, endurance.role) == ("30..60", "release")
    assert not any("whatsit" in (row.term, row.means) for row in found.glossary)
    assert not any("whatsit" in row.term for row in found.terms)


def test_the_lists_of_a_later_release_take_the_place_of_earlier_rows(earlier: Snapshot) -> None:
    Edition.objects.exclude(state=EditionState.ACTIVE).filter(source__in=[PARAMETERS, "terms/synonyms"]).delete()
    publishing.put_in_force(earlier, by=factories.user(Role.POLICY_EDITOR), reason="as it was then")
    later, new = shipped.install_shipped()
    assert new
    assert active("terms/synonyms").kind == "synonyms"
    assert "question" in editions.rows(active(PARAMETERS))[0]
    assert snapshots.load(earlier.hash).hash == earlier.hash
    told = {one["list"]: one["counts"] for one in changelog.between(earlier.manifest, later.manifest)}
    assert told["terms/synonyms"]["added"] == active("terms/synonyms").count - 1
    assert told["terms/synonyms"]["changed"] == 1


def test_earlier_rows_go_out_as_a_file(earlier: Snapshot) -> None:
    for list_id in (PARAMETERS, "terms/synonyms"):
        made = list_files.written(active(list_id))
        assert list_file("".join(made.parts), made.name)
