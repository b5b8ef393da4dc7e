"""What a screening says now that it did not say before, and the other way round: small, and fit to be read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.models import Outcome

Row = Mapping[str, Any]

SHOWN = ("reason", "subject", "title", "effect", "rule", "covered_by")
COMPARED = ("reason", "effect", "legal_basis", "covered_by")
# Evidence that only explains. Which candidates contradict the clause says; how likely they are drifts with the lists.
WORDS = {"name", "heading", "description", "text", "instrument", "scope", "note", "candidates"}
HITS = ("hits", "dismissed")  # evidence that is list entries
MOST_HITS = 10  # hits of one finding that are kept
MOST_TITLES = 3  # findings that a sentence names before it counts


def between(before: Iterable[Row], after: Iterable[Row], *, outcomes: tuple[str, str]) -> dict[str, Any]:
    """Compare two screenings of one shipment, each as `Finding.as_dict()` rows; empty when they say the same.

    Returns `{"outcome": [before, after], "added": [...], "removed": [...], "changed": [...]}`, each row with `SHOWN`.
    A row of a finding about a listed party has `hits`, the list entries; a changed row says `fields` (which differ),
    `was` (their earlier values), `hits_added` and `hits_removed`. Findings are the same one when rule and subject are.
    No difference are words (a rule's title, a heading, a rewritten clause), or nobody could mend one without reopening
    thousands of cases; nor is a score, which moves a little whenever a list does: the finding says whether it counts.
    """
    old, new = ({(row["rule"], row["subject"]): row for row in rows} for rows in (before, after))
    pairs = [(old[place], row) for place, row in new.items() if place in old]
    found = {
        "added": [_shown(row) for place, row in new.items() if place not in old],
        "removed": [_shown(row) for place, row in old.items() if place not in new],
        "changed": [change for pair in pairs if (change := _change(*pair))],
    }
    if not any(found.values()) and outcomes[0] == outcomes[1]:
        return {}
    return {"outcome": list(outcomes), **found}


def sentence(changes: Row) -> str:
    """The differences in words: the outcome, if it is another one, and the findings."""
    if not changes:
        return ""
    labels = dict(Outcome.choices)
    before, after = changes["outcome"]
    names = {"before": labels.get(before, before), "after": labels.get(after, after)}
    outcome = _("The outcome was “%(before)s” and is “%(after)s”.") % names if before != after else ""
    return f"{outcome} {in_findings(changes)}".strip()


def in_findings(changes: Row) -> str:
    """The differences of the findings in words, for the history of a case, which names the outcome itself."""
    said = []
    for rows, text in (
        (changes.get("added"), _("New: %(findings)s.")),
        (changes.get("removed"), _("Gone: %(findings)s.")),
        (changes.get("changed"), _("Changed: %(findings)s.")),
    ):
        if rows:
            said.append(text % {"findings": _titles(rows)})
    return " ".join(said)


def _titles(rows: Sequence[Row]) -> str:
    named = [_title(row) for row in rows[:MOST_TITLES]]
    if more := len(rows) - MOST_TITLES:
        named += [ngettext("%(count)s more", "%(count)s more", more) % {"count": more}] if more > 0 else []
    return "; ".join(named)


def _title(row: Row) -> str:
    hits = row.get("hits_added") or row.get("hits_removed") or row.get("hits") or ()
    entries = ", ".join(f"{hit['name']} ({hit['list']} {hit['entry']})" for hit in hits[:MOST_TITLES])
    about = f"{row['title'].rstrip('.')} ({row['subject']})"
    return f"{about}: {entries}" if entries else about


def _shown(row: Row) -> dict[str, Any]:
    shown = {name: row.get(name, "") for name in SHOWN}
    if hits := _hits(row):
        shown["hits"] = list(hits.values())[:MOST_HITS]
    return shown


def _change(before: Row, after: Row) -> dict[str, Any] | None:
    fields = [name for name in COMPARED if before.get(name) != after.get(name)]
    old, new = _hits(before), _hits(after)
    gained = [hit for place, hit in new.items() if place not in old]
    lost = [hit for place, hit in old.items() if place not in new]
    if not fields and not gained and not lost and not _grounds_differ(before, after):
        return None
    change = {**_shown(after), "fields": fields, "was": {name: before.get(name, "") for name in fields}}
    if gained or lost:
        change |= {"hits_added": gained[:MOST_HITS], "hits_removed": lost[:MOST_HITS]}
    return change


def _hits(row: Row) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The list entries of a finding by what makes them another hit."""
    return {
        _place(hit): {
            "list": hit["list"],
            "entry": hit["entry"],
            "name": hit["entry_name"],
            "match": hit["match"],
        }
        for kind in HITS
        for hit in row.get("evidence", {}).get(kind, ())
    }


def _place(hit: Row) -> tuple[Any, ...]:
    """What makes it another hit; one that was dismissed is another when the dismissal is."""
    about = ("list", "entry", "match", "effect", "country_contradicts", "percent")
    return (*(hit[name] for name in about), hit.get("dismissal", {}).get("number"))


def _grounds_differ(before: Row, after: Row) -> bool:
    """Whether a finding rests on something else: a value that both read, or evidence. Hits are compared one by one."""
    old, new = (dict(row.get("evidence", {})) for row in (before, after))
    if any(
        kind in one for kind in HITS for one in (old, new)
    ):  # a clause shows the names of hits, in the order of their scores
        return False
    read, now = _values(before), _values(after)
    return any(read[path] != now[path] for path in read.keys() & now.keys()) or _bare(old) != _bare(new)


def _values(row: Row) -> dict[str, str]:
    """The values that the clauses of a finding read, by path."""
    parts = [part.partition(" = ") for cause in row.get("because", ()) for part in cause["value"].split("; ")]
    return {path: value for path, equals, value in parts if equals}


def _bare(evidence: Any) -> Any:
    """Evidence without the words that only explain it."""
    if isinstance(evidence, Mapping):
        return {name: _bare(value) for name, value in evidence.items() if name not in WORDS}
    return [_bare(value) for value in evidence] if isinstance(evidence, list) else evidence
