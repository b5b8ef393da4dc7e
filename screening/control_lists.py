"""The goods lists in force for everybody to read, and the pre-check of a line against them. Nothing is stored."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from policies import queries, snapshots
from policies.engine import facts
from policies.engine.browse.about import about, brief, status
from policies.engine.browse.tree import Branch, known_code
from policies.engine.classify.codes import normalise, parents
from policies.engine.classify.explain import explained
from policies.engine.classify.lines import FOREIGN, classify
from policies.engine.classify.search import Found
from policies.engine.gather.terms import Terms
from policies.engine.lists import Entry
from policies.engine.policy import Policy
from policies.models import Edition, Snapshot
from screening.lookup import NoPolicy

NEAR = 6  # entries that are suggested for a code that no list holds
FAMILIES = ("annex_i", "military", "firearm", "anti_torture", "national")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The goods lists of the snapshot in force, read on a day. `editions` are those of the goods lists, by list."""

    snapshot: Snapshot
    policy: Policy
    editions: Mapping[str, Edition]
    today: date

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The tree of all goods lists."""
        return self.policy.entry_tree.branches

    def title(self, list_id: str) -> str:
        """What a list is called."""
        edition = self.editions.get(list_id)
        return edition.source.title if edition else list_id


def in_force() -> Shelf:
    """The lists of the snapshot in force. Raises `NoPolicy` when there is none, or it cannot be loaded."""
    snapshot = snapshots.current()
    if snapshot is None:
        raise NoPolicy(_("No policy has been published yet, so there are no control lists to read."))
    try:
        policy = snapshots.load(snapshot.hash)
    except snapshots.SnapshotError as error:
        raise NoPolicy(str(error)) from error
    lists = {entry.list for entry in policy.entries}
    editions = queries.of_manifest({name: snapshot.manifest[name] for name in lists if name in snapshot.manifest})
    return Shelf(snapshot, policy, editions, timezone.localdate())


def search(query: str, shelf: Shelf, *, lists: Sequence[str] = (), family: str = "") -> list[Found]:
    """The entries that a query finds, best first; without a query all entries, in the order of their codes."""
    if query.strip():
        return shelf.policy.entry_search.find(query, on=shelf.today, lists=lists, family=family)
    return shelf.policy.entry_search.everything(on=shelf.today, lists=lists, family=family)


def entry(text: str, shelf: Shelf) -> dict[str, Any] | None:
    """Everything known of a code, however it is written; `None` when no list holds it."""
    code = known_code(text, shelf.policy.goods)
    if not code:
        return None
    known = any(shelf.policy.goods.editions(parent) for parent in parents(code)) or shelf.policy.goods.find(code, None)
    return about(code, shelf.policy, on=shelf.today) if known else None


def status_of(item: Entry, shelf: Shelf) -> str:
    """Whether a row is `in_force`, `future` or `retired` today."""
    return status((item,), shelf.today)


def suggestions(text: str, shelf: Shelf) -> list[dict[str, Any]]:
    """Entries that somebody may mean who writes a code that no list holds."""
    search = shelf.policy.entry_search
    near = search.near(text, on=shelf.today, most=NEAR)
    if not near:
        codes = list(dict.fromkeys(item.code for item in shelf.policy.entries))
        alike = difflib.get_close_matches(text.strip().upper(), codes, n=NEAR, cutoff=0.5)
        near = [shelf.policy.goods.editions(code)[-1] for code in alike]
    if not near:
        near = [item.entry for item in search.find(text[:60], on=shelf.today)[:NEAR]]
    return [brief(item, shelf.today) for item in near]


def foreign(text: str) -> bool:
    """Whether a code is a designation of the United States, which no European list holds."""
    code = normalise(text)
    return code == "EAR99" or (bool(code) and parents(code)[-1][2:4] in FOREIGN)


def result(found: Found, shelf: Shelf) -> dict[str, Any]:
    """A search result as plain JSON values."""
    return {
        **brief(found.entry, shelf.today),
        "score": found.score,
        "because": [
            {
                "code": item.code,
                "kind": item.kind,
                "language": item.language,
                "text": "".join(piece.text for piece in item.text),
                "marked": [piece.text for piece in item.text if piece.marked],
            }
            for item in found.because
        ],
    }


def precheck(lines: Sequence[Mapping[str, Any]], shelf: Shelf) -> list[dict[str, Any]]:
    """How cleaned lines are classified today. No destination is known, so the lower mixture threshold counts."""
    policy, terms = shelf.policy, Terms(shelf.policy)
    answers = []
    for line in facts.read({"lines": lines}).lines:
        found = classify(
            line,
            policy.goods,
            on=shelf.today,
            cwc_party=False,
            negated=terms.negations(line.description),
            review=policy.setting.classify_review,
        )
        answers.append(explained(found, line, policy.goods, note=policy.setting.classify_note))
    return answers
