"""What changes between two snapshots, as people read it: per list the counts, and the rows where there are few.

Kept with a snapshot when it is published, and shown for a draft before. Rules are shown whole, each with the fields
that differ; of other lists the first rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from policies import content, diffs
from policies.models import Edition, EditionState, ListSource

Row = Mapping[str, Any]
SHOWN = 50  # rows of one list that are written out; all rules are
WHOLE = frozenset({"rules", "settings"})
LONGEST = 500  # characters of one value


def between(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lists that differ between two manifests (`{list id: digest}`), rules first.

    Each is `{"list", "title", "kind", "before", "after", "counts", "rows", "more"}`: `before` and `after` are
    `{"digest", "as_of", "count"}` or `None`, a row is `{"key", "what", "title", "fields": {name: [before, after]}}`
    and `more` counts the rows that are not written out. Raises `ContentError` for a damaged edition.
    """
    changed = sorted(list_id for list_id in {*before, *after} if before.get(list_id) != after.get(list_id))
    titles = ListSource.objects.in_bulk(changed)
    found = [
        _of_list(titles[list_id], _edition(list_id, before), _edition(list_id, after))
        for list_id in changed
        if list_id in titles
    ]
    return sorted(found, key=lambda item: (item["kind"] not in WHOLE, item["list"]))


def _edition(list_id: str, manifest: Mapping[str, str]) -> Edition | None:
    digest = manifest.get(list_id)
    editions = Edition.objects.filter(source=list_id, digest=digest) if digest else Edition.objects.none()
    return editions.exclude(state=EditionState.REJECTED).order_by("-id").first()


def _of_list(source: ListSource, before: Edition | None, after: Edition | None) -> dict[str, Any]:
    difference = diffs.difference(_rows(before), _rows(after), kind=source.kind)
    whole = source.kind in WHOLE
    rows = [
        *({"key": row.key, "what": "changed", **_changed(row)} for row in difference.changed),
        *(_single(row, "added", whole) for row in difference.added),
        *(_single(row, "removed", whole) for row in difference.removed),
    ]
    shown = rows if whole else rows[:SHOWN]
    return {
        "list": source.id,
        "title": source.title,
        "kind": source.kind,
        "before": _about(before),
        "after": _about(after),
        "counts": difference.counts,
        "rows": shown,
        "more": len(rows) - len(shown),
    }


def _rows(edition: Edition | None) -> Sequence[Row]:
    if edition is None:
        return ()
    return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)


def _about(edition: Edition | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    as_of = edition.as_of.isoformat() if edition.as_of else ""
    return {"digest": edition.digest, "as_of": as_of, "count": edition.count}


def _changed(change: diffs.Change) -> dict[str, Any]:
    fields = {name: [_short(change.before.get(name)), _short(change.after.get(name))] for name in change.fields}
    return {"title": _title(change.after), "fields": fields}


def _single(row: Row, what: str, whole: bool) -> dict[str, Any]:
    """A row that only one side has; of a rule everything it says, since a second person has to judge it."""
    fields = {name: _short(value) for name, value in sorted(row.items()) if whole and name != "id"}
    pairs = {name: [None, value] if what == "added" else [value, None] for name, value in fields.items()}
    return {"key": content.key(row), "what": what, "title": _title(row), "fields": pairs}


def _title(row: Row) -> str:
    return str(next((_short(row[name]) for name in content.TITLES if row.get(name)), ""))


def _short(value: Any) -> Any:
    """A value fit to be kept as JSON and shown."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + " …"
    return value
