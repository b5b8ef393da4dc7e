"""How much of a list may change at once before a person has to say that it is right.

Usual days of a large list: 9 entries touched, on one day in twenty 130 or more; 14 removed at most on nineteen days of
twenty, 150 on the busiest. What these limits stop are emptied, cut, doubled and exchanged files, and years of changes
in one step.
"""

from collections.abc import Mapping
from datetime import date

# What may be removed, added or changed: this many entries, or this part of the active edition, whichever is more.
LIMITS: Mapping[str, tuple[int, float]] = {"removed": (25, 0.02), "added": (1_000, 0.5), "changed": (100, 0.1)}


def allowed(what: str, count: int) -> int:
    """How many of `count` entries may be removed, added or changed at once.

    >>> allowed("removed", 100), allowed("removed", 15_000)
    (25, 300)
    """
    fewest, part = LIMITS[what]
    return max(fewest, int(part * count))


def exceeded(changes: Mapping[str, int], *, before: int, after: int) -> list[str]:
    """Sentences for the limits that an edition of `after` entries breaks against one of `before`; none if all is well.

    `changes` counts the entries `added`, `removed` and `changed`.
    """
    found = []
    most = {what: allowed(what, before) for what in LIMITS}
    if before - after > most["removed"]:
        found.append(f"the list shrinks from {before} to {after} entries; {most['removed']} may go at once")
    elif changes["removed"] > most["removed"]:
        found.append(f"{changes['removed']} of {before} entries are gone; {most['removed']} may go at once")
    if changes["added"] > most["added"]:
        found.append(f"{changes['added']} entries are new beside {before}; {most['added']} may come at once")
    if changes["changed"] > most["changed"]:
        found.append(f"{changes['changed']} of {before} entries change; {most['changed']} may change at once")
    return found


def older(as_of: date | None, active: date | None) -> list[str]:
    """A sentence when the publisher's date lies before that of the active edition."""
    if as_of and active and as_of < active:
        return [f"the file is of {as_of}, the active edition of {active}: an older file"]
    return []
