"""The rule workbench: find, check, try, save and retire rules. Nothing is in force before publication.

A rule is a row of a `rules/...` list. Saving puts a new edition of its list with that row replaced, so two editors of
different rules of one list do not disturb each other, and two editors of the same rule are told.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from policies import content, editions, snapshots
from policies.classifiers import with_classifier
from policies.engine import read, rule_checks, trials
from policies.engine.policy import Policy
from policies.engine.rule_checks import Problem
from policies.engine.trials import ExampleResult
from policies.models import Edition, EditionState, ListSource, Snapshot
from policies.permissions import Actor, check_edit

__all__ = ["ExampleResult", "Problem", "Row", "RuleConflict", "RuleRefused", "RulebookError"]

Row = Mapping[str, Any]
TRIAL_SECONDS = 5.0

_policy: tuple[dict[str, str], Policy] | None = None


class RulebookError(Exception):
    """The working lists cannot be used; the message says which and what to do."""


class RuleRefused(Exception):
    """A rule was not stored; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


class RuleConflict(Exception):
    """Somebody else changed the rule meanwhile; `theirs` is the row as it stands now, `None` when it is gone."""

    def __init__(self, rule_id: str, theirs: Row | None) -> None:
        super().__init__(f"Somebody else has changed rule {rule_id} meanwhile; compare and save again.")
        self.theirs = theirs


def working() -> dict[str, list[dict[str, Any]]]:
    """The rules that the next snapshot would pin: list id -> rows, in the order of ids."""
    active = Edition.objects.filter(state=EditionState.ACTIVE, kind="rules").order_by("source_id")
    return {edition.source_id: editions.rows(edition) for edition in active}


def find(rule_id: str) -> dict[str, Any] | None:
    """The row of a rule as it stands, or `None`."""
    return next((row for rows in working().values() for row in rows if row["id"] == rule_id), None)


def list_of(rule_id: str) -> str:
    """The id of the list that holds a rule, empty when there is no such rule."""
    return next((list_id for list_id, rows in working().items() for row in rows if row["id"] == rule_id), "")


def policy() -> Policy:
    """The policy of the active editions without the lists of parties, kept per process. Raises `RulebookError`."""
    global _policy
    active = Edition.objects.filter(state=EditionState.ACTIVE).exclude(kind__in=editions.WATCH_KINDS)
    digests = dict(active.values_list("source_id", "digest"))
    kept = _policy
    if kept is None or kept[0] != digests:
        try:
            found = {edition.source_id: read.Edition(edition.kind, editions.rows(edition)) for edition in active}
            built = read.build(found, hash=snapshots.manifest_hash(digests))
            kinds = {name: edition.kind for name, edition in found.items()}
            kept = _policy = digests, with_classifier(built, kinds, digests)
        except (content.ContentError, read.PolicyError) as error:
            raise RulebookError(f"The lists cannot be used together: {error}.") from error
    return kept[1]


def clean(row: Row) -> dict[str, Any]:
    """A row as it is stored: no empty fields, text without outer spaces, dates as ISO text."""
    result: dict[str, Any] = {}
    for name, value in row.items():
        value = value.strip() if isinstance(value, str) else value.isoformat() if isinstance(value, date) else value
        if value not in (None, "", [], (), {}):
            result[name] = value
    return result


def row_digest(row: Row) -> str:
    """SHA-256 (hex) of a row's content, whatever the order of its fields."""
    return hashlib.sha256(content.prepare("rules", [clean(row)]).text).hexdigest()


def check(row: Row, *, list_id: str = "", new: bool = False) -> list[Problem]:
    """Everything that is wrong with a row, with field, clause and column. `list_id` is where it is to be saved."""
    found = rule_checks.problems(clean(row), policy())
    if isinstance(row.get("id"), str) and (held := list_of(row["id"].strip())):
        if new:
            found.append(Problem("id", f"The rule {row['id']} exists already; choose another id."))
        elif list_id and held != list_id:
            found.append(Problem("id", f"The list {held} holds the rule {row['id']}; choose another id."))
    return found


def trial(row: Row) -> list[ExampleResult]:
    """Run a rule's own examples on the working lists with this rule in place. Raises `RuleRefused`.

    Stops after `TRIAL_SECONDS`; examples that were not tried are not ok and say so.
    """
    working_policy = policy()
    if problems := rule_checks.problems(clean(row), working_policy):
        raise RuleRefused(problems)
    end = time.monotonic() + TRIAL_SECONDS
    return list(trials.run(read.rule(clean(row)), working_policy, in_time=lambda: time.monotonic() < end))


def save(row: Row, *, list_id: str, by: Actor, base: str, reason: str) -> Edition:
    """Store a rule in its list; `base` is the digest of the row that the editor started from, empty for a new rule.

    Raises `RuleRefused`, `RuleConflict`, `PermissionDenied`. Failing examples stop the publication, not the save.
    """
    check_edit(by)
    fresh = clean(row)
    if problems := check(fresh, list_id=list_id, new=not base):
        raise RuleRefused(problems)
    if not all(result.in_time for result in trial(fresh)):
        said = f"Its examples take longer than {TRIAL_SECONDS:g} seconds; make the clauses simpler."
        raise RuleRefused([Problem("clauses", said)])
    return _put(list_id, fresh["id"], fresh, by=by, base=base, reason=reason)


def retire(rule_id: str, *, on: date, by: Actor, base: str, reason: str) -> Edition:
    """Let a rule end: `on` is its last day. The row is kept, so that the law of a past day can be proved.

    Only the day is checked: a rule that could not be saved today can still be ended.
    """
    check_edit(by)
    list_id = list_of(rule_id)
    row = clean({**(find(rule_id) or {}), "valid_to": on})
    if not list_id:
        raise RuleRefused([Problem("id", f"There is no rule {rule_id}.")])
    if problems := rule_checks.dates(row):
        raise RuleRefused(problems)
    return _put(list_id, rule_id, row, by=by, base=base, reason=reason)


def remove(rule_id: str, *, by: Actor, base: str, reason: str) -> Edition:
    """Take a rule out that was never published. One that was ever law is retired, not removed: `RuleRefused`."""
    check_edit(by)
    list_id = list_of(rule_id)
    if not list_id:
        raise RuleRefused([Problem("id", f"There is no rule {rule_id}.")])
    if was_published(rule_id):
        raise RuleRefused([Problem("id", f"The rule {rule_id} has been law; give it a last day instead.")])
    return _put(list_id, rule_id, None, by=by, base=base, reason=reason)


def was_published(rule_id: str) -> bool:
    """Whether a snapshot that was ever published or is scheduled holds a rule of that id."""
    pinned = Snapshot.objects.filter(published_at__isnull=False).values_list("manifest", flat=True)
    digests = {digest for manifest in pinned for digest in manifest.values()}
    stored = Edition.objects.filter(kind="rules", digest__in=digests)
    return any(row["id"] == rule_id for edition in stored for row in editions.rows(edition))


def copied(rule_id: str) -> dict[str, Any]:
    """A row like that of a rule under an id that is free, to begin a new rule from. Raises `RuleRefused`."""
    row = find(rule_id)
    if row is None:
        raise RuleRefused([Problem("id", f"There is no rule {rule_id}.")])
    taken = {item["id"] for rows in working().values() for item in rows}
    stem = rule_id[:35]
    return {**row, "id": next(name for number in range(2, 10_000) if (name := f"{stem}-{number}") not in taken)}


def _put(list_id: str, rule_id: str, row: Row | None, *, by: Actor, base: str, reason: str) -> Edition:
    """Replace one row of the list as it stands now; `None` takes it out."""
    if not reason.strip():
        raise RuleRefused([Problem("change", "Say why the rule is changed.")])
    with transaction.atomic():
        # All lists of rules, in one order: an id is used once in all of them, and nobody waits in a circle.
        sources = {source.pk: source for source in ListSource.objects.select_for_update().filter(kind="rules")}
        source = sources.get(list_id)
        if source is None:
            raise RuleRefused([Problem("list", f"There is no list of rules {list_id}.")])
        if (held := list_of(rule_id)) not in ("", list_id):
            raise RuleRefused([Problem("id", f"The list {held} holds the rule {rule_id}; choose another id.")])
        active = source.active
        rows = editions.rows(active) if active else []
        theirs = next((item for item in rows if item["id"] == rule_id), None)
        if (row_digest(theirs) if theirs else "") != base:
            raise RuleConflict(rule_id, theirs)
        others = [item for item in rows if item["id"] != rule_id]
        merged = [*others, row] if row else others
        return editions.put(list_id, merged, by=by, reason=reason, expected=active.digest if active else "")
