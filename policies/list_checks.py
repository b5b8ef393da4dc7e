"""Whether changed rows can take the place of a list: columns, types, words, names, and the working policy with them.

Everything is found now and not at publication: the first problems are told together, each with its line.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any

from policies import classifiers, content, editions, goods_checks, imports, rulebook
from policies.engine import analysis, read
from policies.engine.lists import EFFECTS
from policies.engine.policy import Policy, Rule
from policies.engine.subjects import Setting
from policies.list_reading import Found, ReadFile
from policies.models import Edition, EditionState, ListSource

TOLD = 5  # problems that one refusal names
Row = Mapping[str, Any]
_YES = ("yes", "no")
_PARTLY = ("", "no", "partial", "full")
# Words that the engine compares with: another one would silently mean something else.
_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "reasons": {"floor": EFFECTS},
    "goods": {
        "family": ("annex_i", "military", "firearm", "anti_torture", "national"),
        "annex_iv": _PARTLY,
        "section_i": _PARTLY,
        "intangible": _YES,
    },
    "embargoes": {
        "kind": ("FULL", "PARTIAL", "NGF", "OSCE", "SECTORAL", "NONE", "LAPSED"),
        "counts_for_art4_1_b": ("yes", "conditional", "contested", "no"),
    },
    "destinations": {
        "cwc": ("party", "signatory only", "non-party", "non-party (verify)", "not a party (status)"),
    },
    **goods_checks.WORDS,
}
_PERCENT = {"chemicals": ("threshold_party", "threshold_non_party"), "ownership": ("percent",)}
_HS = {"goods", "hs_groups", "chemicals", "agents"}
_DIGITS = re.compile(r"\d{2,10}(\s*\|\s*\d{2,10})*|", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}")


class RowsRefused(Exception):
    """Changed rows cannot take the place of a list; the message names lines and says what to do."""

    def __init__(self, problems: Sequence[str], more: bool = False) -> None:
        super().__init__(" ".join(problems) + (" There are more." if more else ""))


def check(source: ListSource, active: Edition, file: ReadFile) -> list[dict[str, Any]]:
    """The rows as they would be stored. Raises `RowsRefused` for the problems of the first check that finds any."""
    before = editions.rows(active)
    columns = _known(source.kind, before)
    _refuse(_columns(source.kind, before, columns, file))
    rows = [rulebook.clean(one.row) if source.kind == "rules" else dict(one.row) for one in file.rows]
    _refuse(_another_list(source, active, before, rows))
    _refuse(_types(source.kind, before, file.rows))
    _refuse(_values(source.kind, file.rows))
    _refuse(_nameless(source.kind, before, file.rows))
    _refuse(_twice(source.kind, before, file.rows))
    if source.kind == "rules":
        _refuse(_rules(source, before, file.rows))
    _refuse(_together(source, rows, file.rows))
    return rows


def _refuse(problems: Iterator[str]) -> None:
    if found := list(islice(problems, TOLD + 1)):
        raise RowsRefused(found[:TOLD], more=len(found) > TOLD)


def _known(kind: str, before: Sequence[Row]) -> list[str]:
    names = list(dict.fromkeys(name for row in before for name in row))
    return list(dict.fromkeys([*(field.name for field in fields(Rule)), *names])) if kind == "rules" else names


def _columns(kind: str, before: Sequence[Row], columns: Sequence[str], file: ReadFile) -> Iterator[str]:
    if file.flat and any(not isinstance(value, str) for row in before for value in row.values()):
        yield "This list holds numbers, yes/no values or lists, which a table would turn into text: give YAML."
        return
    needed = [name for name in columns if kind != "rules" and all(name in row for row in before)]
    lines = [Found(1, dict.fromkeys(file.columns, ""))] if file.flat else file.rows
    for one in lines:
        missing = [name for name in needed if name not in one.row]
        strange = [name for name in one.row if name not in columns]
        said = [f"the column {', '.join(missing)} is missing"] if missing else []
        said += [f"{', '.join(strange)[:200]} is no column of this list"] if strange else []
        if said:
            yield f"Line {one.line}: {'; '.join(said)}. Its columns are {', '.join(columns)}."


def _another_list(source: ListSource, active: Edition, before: Sequence[Row], rows: Sequence[Row]) -> Iterator[str]:
    """The file of another list with the same columns: it has more rows in common with that one."""
    here = {content.name(source.kind, row) for row in before}
    names = {content.name(source.kind, row) for row in rows}
    if not here or 2 * len(names & here) >= len(names):
        return
    others = Edition.objects.filter(kind=source.kind, state=EditionState.ACTIVE).exclude(pk=active.pk)
    for other in others:
        there = {content.name(source.kind, row) for row in editions.rows(other)}
        if 2 * len(names & there) > len(names) and len(names & there) > len(names & here):
            yield f"This looks like the file of {other.source_id}; upload it on the page of that list."
            return


def _types(kind: str, before: Sequence[Row], found: Sequence[Found]) -> Iterator[str]:
    """A value has one of the types that its column has today; a setting has that of its default."""
    if kind == "rules":
        return
    allowed: dict[str, set[str]] = {}
    for row in before:
        for name, value in row.items():
            allowed.setdefault(name, set()).add(_type(value))
    defaults = {field.name: _type(field.default) for field in fields(Setting)}
    for one in found:
        for name, value in one.row.items():
            known = allowed[name]
            if kind == "settings" and name == "value":
                known = {defaults.get(str(one.row.get("name")), "a number")}
            if _type(value) not in known and not (value == [] and "a list" in known):
                quotes = "; put it in quotes" if known == {"text"} else ""
                yield f"Line {one.line}, {name}: {_shown(value)} must be {' or '.join(sorted(known))}{quotes}."


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "a list of texts" if all(isinstance(item, str) for item in value) else "a list"
    return "text" if isinstance(value, str) else "named values" if isinstance(value, dict) else "empty"


def _values(kind: str, found: Sequence[Found]) -> Iterator[str]:
    """Each row by itself: the words, numbers and dates that the engine's reader would take for something else."""
    for one in found:
        for name, words in _WORDS.get(kind, {}).items():
            if name in one.row and one.row[name] not in words:
                known = ", ".join(word or "nothing" for word in words)
                yield f"Line {one.line}, {name}: {_shown(one.row[name])} is not known; use one of {known}."
        for name in _PERCENT.get(kind, ()):
            value = one.row.get(name)
            if value not in ("", None) and not 0 <= _number(value) <= 100:
                yield f"Line {one.line}, {name}: {_shown(value)} is no percentage from 0 to 100."
        yield from goods_checks.problems(kind, one)
        if kind == "settings" and isinstance(one.row.get("value"), int | float) and one.row["value"] < 0:
            yield f"Line {one.line}, value: a setting is not negative."
        if kind in _HS and not _DIGITS.fullmatch(str(one.row.get("hs", ""))):
            shown = _shown(one.row.get("hs"))
            yield f"Line {one.line}, hs: {shown} is no customs code; write digits, with | between several."


def _nameless(kind: str, before: Sequence[Row], found: Sequence[Found]) -> Iterator[str]:
    """Rows that lack what names a row, where every row of the list has it today."""
    for column in content.NAMES.get(kind, ("id", "code", "concept", "section")):
        if all(row.get(column) for row in before):
            yield from (f"Line {one.line}: {column} is empty." for one in found if not str(one.row[column]).strip())


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:60] + " …") if isinstance(value, str) else text[:60]


def _twice(kind: str, before: Sequence[Row], found: Sequence[Found]) -> Iterator[str]:
    """Rows of one name, unless the list has such rows today; and rows that are the same throughout."""
    shared = content.repeated(content.name(kind, row) for row in before)
    seen: dict[str, int] = {}
    for one in found:
        name = content.name(kind, one.row)
        if not name or name in shared:
            name = repr(sorted(one.row.items(), key=lambda pair: pair[0]))
        if name in seen:
            yield f"Line {one.line}: {name[:80]} stands in line {seen[name]} already; each row stands once."
        seen.setdefault(name, one.line)


def _rules(source: ListSource, before: Sequence[Row], found: Sequence[Found]) -> Iterator[str]:
    """What the workbench would say of each rule; and rules that were law are ended, not taken out."""
    for one in found:
        for problem in rulebook.check(one.row, list_id=source.pk):
            clause = f", clause {problem.clause}" if problem.clause else ""
            column = f", column {problem.column}" if problem.column else ""
            place = f"Line {one.line}, rule {one.row.get('id', '')}, {problem.field or 'row'}{clause}{column}"
            yield f"{place}: {problem.message}"
    gone = {str(row["id"]) for row in before} - {str(one.row.get("id")) for one in found}
    for rule_id in sorted(gone):
        if rulebook.was_published(rule_id):
            yield f"The rule {rule_id} is missing and has been law; leave it in and give it a last day (valid_to)."


def _together(source: ListSource, rows: Sequence[dict[str, Any]], found: Sequence[Found]) -> Iterator[str]:
    """The working policy with these rows: it must build, and no rule may lose a name that it has today."""
    if source.kind in editions.WATCH_KINDS:
        try:
            imports.check(source.pk, source.kind, rows)
        except imports.EditionRefused as error:
            yield str(error)
        return
    active = Edition.objects.filter(state=EditionState.ACTIVE).exclude(kind__in=editions.WATCH_KINDS)
    lists = {one.source_id: read.Edition(one.kind, editions.rows(one)) for one in active.exclude(source=source)}
    lists[source.pk] = read.Edition(source.kind, rows)
    try:
        after = read.build(lists, hash="upload")
        _ = after.goods, after.term_index, after.watch  # made at the first screening: what they cannot take, say now
        if source.kind in classifiers.KINDS:
            classifiers.ready(after)
    except (read.PolicyError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"The lists do not make a policy with this file: {error}."
        return
    yield from _targets(lists, after)
    yield from goods_checks.unknown(source.kind, found, after)
    try:
        before = rulebook.policy()
    except rulebook.RulebookError:
        return  # the lists could not be used together before; with this file they can
    yield from _lost(before, after)


def _lost(before: Policy, after: Policy) -> Iterator[str]:
    """What the rules or the engine look for by name and would not find any more, or never."""
    for name in sorted(before.terms.keys() - after.terms.keys()):
        yield f"No term of {name} would be left, and screening looks for that term list: keep one at least."
    for name in sorted(after.terms.keys() - before.terms.keys()):
        yield f"{name} is no term list that screening looks for; use one of {', '.join(sorted(before.terms))}."
    yield from goods_checks.lost(before, after)
    known = {(remark.rule, remark.kind, remark.sentence) for remark in analysis.names(before)}
    for remark in analysis.names(after):
        if (remark.rule, remark.kind, remark.sentence) not in known:
            yield f"With this file the rule {remark.rule} would be broken: {remark.sentence} Change the rule first."


def _targets(lists: Mapping[str, read.Edition], after: Policy) -> Iterator[str]:
    for list_id, edition in lists.items():
        for row in edition.rows if edition.kind == "embargoes" else ():
            target = row["target"]
            if _COUNTRY.fullmatch(target) and target not in after.destinations:
                yield f"{list_id} names the country {target}, which would be none of the destinations."
