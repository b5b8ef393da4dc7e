"""The whole policy as files that live well in git: written from a snapshot, and taken in again as editions.

One row a line where rows are flat (CSV) or many (JSON lines), else YAML; always in the same order. What is taken in is
active at once, as an import is, and in force after a snapshot is published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.db import transaction

from policies import content, editions, limits, list_files, pack, snapshots, storage
from policies.content import Content, ContentError
from policies.editions import WATCH_KINDS, EditionRefused, Origin, Taken
from policies.engine import read, rule_checks
from policies.engine.read import PolicyError
from policies.models import Edition, EditionState, ListSource, Snapshot
from policies.pack import ListInfo
from policies.permissions import Actor, check_edit

_ABOUT = ("title", "source", "confidence", "effect", "publisher_url", "max_age_days")


def write(folder: Path, snapshot: Snapshot) -> list[ListInfo]:
    """Write every list of a snapshot and a catalogue. Files of an earlier export that have no list any more go.

    Raises `PolicyError` for a folder that holds other things, `ContentError` for an edition that is not whole.
    """
    before = _earlier(folder)
    infos = []
    for list_id, digest in sorted(snapshot.manifest.items()):
        edition = snapshots.kept_edition(list_id, digest)
        path = _write_list(folder / list_id, edition.kind, editions.rows(edition))
        infos.append(_info(edition))
        before -= {path}
    for path in before:
        path.unlink(missing_ok=True)
    rows = [{name: value for name, value in _plain(info).items() if value not in (None, "")} for info in infos]
    _write(folder / pack.CATALOGUE, [list_files.as_yaml(rows)])
    return infos


def take(folder: Path, *, by: Actor | None, reason: str, override: str = "") -> list[Taken]:
    """Make the lists of a folder the active ones: all that differ, or none. Lists that it does not have stay.

    `override` is the reason for taking what the limits doubt. Raises `PolicyError` for files that are wrong or do not
    make a policy together, `EditionRefused` for doubts, `PermissionDenied`; then nothing has changed.
    """
    if by is not None:
        check_edit(by)
    if not reason.strip():
        raise EditionRefused("Say why the policy is imported.")
    prepared = _prepared(folder)
    _check(prepared)
    with transaction.atomic():
        taken = [_take(info, fresh, by=by, reason=reason.strip(), override=override) for info, fresh in prepared]
        doubts = [f"{one.edition.source_id}: {doubt}" for one in taken for doubt in _doubts(one)]
        if doubts and not override.strip():
            raise editions.Doubted(doubts)
    return taken


def _prepared(folder: Path) -> list[tuple[ListInfo, Content]]:
    """The lists of a folder, read to their end. Raises `PolicyError`."""
    infos = pack.catalogue(folder)
    if strange := pack.strangers(folder, infos):
        raise PolicyError(f"{', '.join(strange[:5])}: not in the catalogue; add it there or take it out")
    found = []
    for info in infos:
        try:
            fresh = content.prepare(info.kind, pack.rows(folder, info.id))
        except (ContentError, UnicodeEncodeError) as error:
            raise PolicyError(f"{info.id}: {error}") from error
        if info.kind in (*WATCH_KINDS, "rules", "principles") and (repeated := fresh.repeated()):
            raise PolicyError(f"{info.id}: the id {repeated[0]} stands twice; each row needs its own")
        found.append((info, fresh))
    return found


def _check(prepared: Sequence[tuple[ListInfo, Content]]) -> None:
    """Whether the lists make a policy, with the active ones that stay, and every rule could have been saved here."""
    lists = {info.id: read.Edition(info.kind, tuple(content.rows(fresh))) for info, fresh in prepared}
    staying = Edition.objects.filter(state=EditionState.ACTIVE).exclude(source__in=lists)
    lists |= {edition.source_id: read.Edition(edition.kind, editions.rows(edition)) for edition in staying}
    policy = read.build(lists, hash="import")
    for info, fresh in prepared:
        if info.kind != "rules":
            continue
        for row in content.rows(fresh):
            if found := rule_checks.problems(row, policy):
                said = "; ".join(f"{problem.field}: {problem.message}" for problem in found[:5])
                raise PolicyError(f"{info.id}, {row.get('id')}: {said}")


def _take(info: ListInfo, fresh: Content, *, by: Actor | None, reason: str, override: str) -> Taken:
    known = ListSource.objects.select_for_update().filter(pk=info.id).first()
    if known is not None and known.kind != info.kind:
        raise PolicyError(
            f"{info.id} is a list of kind {known.kind} here and {info.kind} in the files; rename it there"
        )
    about = {name: getattr(info, name) for name in _ABOUT}
    source = known or editions.register(info.id, kind=info.kind, **about)
    active = source.active
    if active is not None and active.digest == fresh.digest:
        return Taken(active, changed=False, changes=editions.NO_CHANGES)
    origin = Origin(by=by, as_of=info.as_of)
    changes = storage.changes(fresh, active)
    doubts = [] if active is None else limits.exceeded(changes, before=active.count, after=fresh.count)
    doubts += [] if active is None else limits.older(info.as_of, active.as_of)
    edition = storage.keep(source, fresh, origin, state=EditionState.STAGED, doubts=doubts, counts=changes)
    return Taken(storage.swap(edition, by=by, reason=override.strip() or reason), changed=True, changes=changes)


def _doubts(taken: Taken) -> Sequence[str]:
    return taken.edition.doubts if taken.changed else ()


def _info(edition: Edition) -> ListInfo:
    source = edition.source
    about = {name: getattr(source, name) for name in _ABOUT}
    return ListInfo(
        id=source.pk, kind=edition.kind, as_of=edition.as_of, count=edition.count, digest=edition.digest, **about
    )


def _plain(info: ListInfo) -> dict[str, Any]:
    return {field.name: getattr(info, field.name) for field in fields(ListInfo)}


def _earlier(folder: Path) -> set[Path]:
    """The files of an earlier export into a folder. Raises `PolicyError` when it holds something else."""
    if not folder.exists() or not any(item for item in folder.iterdir() if not item.name.startswith(".")):
        return set()
    try:
        infos = pack.catalogue(folder)
    except PolicyError as error:
        raise PolicyError(f"{folder} is not empty and holds no pack; choose another folder ({error})") from error
    return {path for info in infos for suffix in pack.FORMATS if (path := folder / f"{info.id}{suffix}").exists()}


def _write_list(base: Path, kind: str, rows: list[dict[str, Any]]) -> Path:
    return _write(base.with_suffix(list_files.suffix(kind, rows)), list_files.parts(kind, rows))


def _write(path: Path, parts: Iterable[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(parts)
    return path
