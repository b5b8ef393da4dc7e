"""The whole policy goes out as files and comes back the same; files that are wrong change nothing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from policies import editions, exchange, pack, publishing, snapshots
from policies.engine.read import PolicyError
from policies.models import Edition, EditionState, ListSource, Snapshot
from screening import audit
from screening.editorial import rules
from screening.models import AuditEvent
from tests import factories
from tests.policies.files import list_file, ofac, primary

pytestmark = pytest.mark.django_db

OWN = """id,name,effect,kind,aliases,countries,owners
1,"Комета, ООО",asset_freeze,organisation,Kometa OOO,RU,
2,"A ""quoted"" name: [x]",asset_freeze,organisation,,BY,1 60
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the first test of the module puts an export, so that the others need not make it again."""
    yield tmp_path_factory.mktemp("export") / "policy"


@pytest.fixture
def exported(policy: Snapshot, files: Path, tmp_path: Path) -> Path:
    """A fresh copy of the shipped policy with two party lists, as files. The lists are active here too."""
    editions.take("ofac_sdn", [ofac(primary(1, "ZVEZDNY ORDNANCE WORKS", remarks="a.k.a. 'ZVYOZDA'."))], by=None)
    editions.take("own_parties", [list_file(OWN, "own.csv")], by=None)
    if not files.exists():
        exchange.write(files, publishing.draft(by=None))
    return Path(shutil.copytree(files, tmp_path / "policy"))


def active() -> dict[str, str]:
    return snapshots.active_manifest()


def empty_database() -> None:
    Snapshot.objects.all().delete()
    Edition.objects.all().delete()
    ListSource.objects.all().delete()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def recatalogue(folder: Path, edit: Callable[[list[dict[str, Any]]], Any]) -> None:
    path = folder / pack.CATALOGUE
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(rows)
    path.write_text(yaml.safe_dump(rows), encoding="utf-8")


def test_an_empty_database_takes_in_exactly_what_was_written(exported: Path) -> None:
    before = active()
    sources = {
        row.pk: (row.kind, row.title, row.source, row.effect, row.max_age_days) for row in ListSource.objects.all()
    }
    as_of = dict(Edition.objects.filter(state=EditionState.ACTIVE).values_list("source_id", "as_of"))
    empty_database()
    taken, draft = rules.import_pack(exported, by=None, reason="A new installation")
    assert draft is not None
    assert draft.manifest == before
    assert draft.hash == snapshots.manifest_hash(before)
    assert all(one.changed for one in taken)
    assert {
        row.pk: (row.kind, row.title, row.source, row.effect, row.max_age_days) for row in ListSource.objects.all()
    } == sources
    assert dict(Edition.objects.filter(state=EditionState.ACTIVE).values_list("source_id", "as_of")) == as_of
    policy = snapshots.load(draft.hash)
    assert {entry.name for entry in policy.watch.entries} >= {"ZVEZDNY ORDNANCE WORKS", "Комета, ООО"}


def test_writing_twice_gives_the_same_bytes_and_old_files_go(exported: Path, tmp_path: Path) -> None:
    first = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    recatalogue(exported, lambda rows: rows.append({"id": "rules/old", "kind": "rules", "title": "Old"}))
    (exported / "rules" / "old.yaml").write_text("[]\n")
    exchange.write(exported, publishing.draft(by=None))
    again = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    assert again == first


def test_the_files_live_well_in_git(exported: Path) -> None:
    infos = {info.id: info for info in pack.catalogue(exported)}
    assert list(infos) == sorted(infos)
    suffixes = {name: pack.file_of(exported, name).suffix for name in infos}
    assert (suffixes["goods/annex_i"], suffixes["rules/goods"], suffixes["parties/ofac_sdn"]) == (
        ".csv",
        ".yaml",
        ".jsonl",
    )
    goods = (exported / "goods" / "annex_i.csv").read_text(encoding="utf-8").splitlines()
    assert len(goods) == infos["goods/annex_i"].count + 1  # type: ignore[operator]
    assert goods[1:] == sorted(goods[1:])
    assert infos["goods/annex_i"].digest == active()["goods/annex_i"]


def test_the_shipped_pack_can_be_imported_over_itself(policy: Snapshot) -> None:
    taken, draft = rules.import_pack(pack.SHIPPED, by=None, reason="Nothing new")
    assert (draft, [one for one in taken if one.changed]) == (None, [])


def test_one_changed_row_is_one_change(exported: Path, policy: Snapshot) -> None:
    before = active()
    change(
        exported / "rules" / "closing.yaml", "title: Mandatory information is missing", "title: Something is missing"
    )
    (one,) = [item for item in rules.import_pack(exported, by=None, reason="Wording")[0] if item.changed]
    assert (one.edition.source_id, dict(one.changes)) == ("rules/closing", {"added": 0, "removed": 0, "changed": 1})
    assert {name for name, digest in active().items() if before[name] != digest} == {"rules/closing"}
    (row,) = [row for row in editions.rows(one.edition) if row["id"] == "INCOMPLETE"]
    assert row["title"] == "Something is missing"


def test_what_is_imported_is_not_in_force_and_needs_a_second_person(exported: Path, policy: Snapshot) -> None:
    person = factories.user("policy_editor")
    _, draft = rules.import_pack(exported, by=person, reason="Lists of the week")
    assert draft is not None and snapshots.current() == policy
    with pytest.raises(PermissionDenied):
        publishing.publish(draft, by=person, reason="Mine")


def test_export_and_import_are_audited(exported: Path, policy: Snapshot, tmp_path: Path) -> None:
    person = factories.user("policy_editor")
    rules.export_pack(tmp_path / "out", policy, by=person)
    change(
        exported / "rules" / "closing.yaml", "title: Mandatory information is missing", "title: Something is missing"
    )
    rules.import_pack(exported, by=person, reason="Wording")
    events = AuditEvent.objects.filter(by=person).order_by("number")
    assert [event.action for event in events] == ["policy.exported", "policy.drafted", "list.imported"]
    assert events[2].details["list"] == "rules/closing"
    assert events[2].details["reason"] == "Wording"
    audit.verify()


def test_only_an_editor_imports(exported: Path) -> None:
    with pytest.raises(PermissionDenied):
        rules.import_pack(exported, by=factories.officer(), reason="x")


def without_catalogue(folder: Path) -> None:
    (folder / pack.CATALOGUE).unlink()


def cut_catalogue(folder: Path) -> None:
    (folder / pack.CATALOGUE).write_text("- {id: goods/annex_i, kind: [", encoding="utf-8")


def empty_catalogue(folder: Path) -> None:
    (folder / pack.CATALOGUE).write_text("", encoding="utf-8")


def binary_catalogue(folder: Path) -> None:
    (folder / pack.CATALOGUE).write_bytes(b"\xff\xfe\x00\x01")


def missing_file(folder: Path) -> None:
    (folder / "goods" / "annex_i.csv").unlink()


def file_twice(folder: Path) -> None:
    (folder / "goods" / "annex_i.yaml").write_text("[]", encoding="utf-8")


def list_twice(folder: Path) -> None:
    recatalogue(folder, lambda rows: rows.append(dict(rows[0])))


def unknown_kind(folder: Path) -> None:
    recatalogue(folder, lambda rows: rows[0].update(kind="spells"))


def other_kind(folder: Path) -> None:
    recatalogue(folder, lambda rows: next(row for row in rows if row["id"] == "hs/chpi").update(kind="reference"))


def unknown_field(folder: Path) -> None:
    recatalogue(folder, lambda rows: rows[0].update(colour="blue"))


def out_of_the_folder(folder: Path) -> None:
    recatalogue(folder, lambda rows: rows[0].update(id="../secret"))


def absolute(folder: Path) -> None:
    recatalogue(folder, lambda rows: rows[0].update(id="/etc/passwd"))


def by_a_link(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    (folder / "goods" / "annex_i.csv").rename(outside)
    (folder / "goods" / "annex_i.csv").symlink_to(outside)


def stranger(folder: Path) -> None:
    (folder / "goods" / "more.csv").write_text("code\n1A001\n", encoding="utf-8")


def short_row(folder: Path) -> None:
    with (folder / "goods" / "annex_i.csv").open("a", encoding="utf-8") as stream:
        stream.write("9Z999,too short\n")


def broken_line(folder: Path) -> None:
    with (folder / "parties" / "ofac_sdn.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"id": "2", "name": \n')


def same_party_twice(folder: Path) -> None:
    path = folder / "parties" / "ofac_sdn.jsonl"
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")


def misspelt_clause(folder: Path) -> None:
    change(folder / "rules" / "closing.yaml", "size(shipment.missing) > 0", "size(shipment.mising) > 0")


def rule_twice(folder: Path) -> None:
    path = folder / "rules" / "closing.yaml"
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")


def unknown_principle(folder: Path) -> None:
    change(folder / "rules" / "embargoes.yaml", "- P21", "- P77")


def misspelt_example(folder: Path) -> None:
    path = folder / "rules" / "closing.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("stale_lists:\n", "stale_list:\n", 1), encoding="utf-8")


def laughs(folder: Path) -> None:
    lines = ["- &a [x, x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    lines += [f"- &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip(names, names[1:], strict=False)]
    (folder / "rules" / "closing.yaml").write_text("\n".join(lines), encoding="utf-8")


def endless(folder: Path) -> None:
    (folder / "rules" / "closing.yaml").write_text("- &a {id: X, again: *a}", encoding="utf-8")


def object_tag(folder: Path) -> None:
    (folder / "rules" / "closing.yaml").write_text("- !!python/object/apply:os.getcwd []", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_catalogue, "begins with its catalogue"),
        (cut_catalogue, "catalogue.yaml"),
        (empty_catalogue, "expected a list of lists"),
        (binary_catalogue, "catalogue.yaml"),
        (missing_file, "add the file"),
        (file_twice, "both hold it"),
        (list_twice, "stands there twice"),
        (unknown_kind, "unknown kind 'spells'"),
        (other_kind, "hs/chpi is a list of kind hs_groups here"),
        (unknown_field, "unknown colour"),
        (out_of_the_folder, "an id is two words"),
        (absolute, "an id is two words"),
        (by_a_link, "leads out of the folder"),
        (stranger, "goods/more.csv: not in the catalogue"),
        (short_row, r"annex_i\.csv, line \d+: expected \d+ columns"),
        (broken_line, r"ofac_sdn\.jsonl, line 2"),
        (same_party_twice, "stands twice"),
        (misspelt_clause, "INCOMPLETE: clause refused, column 14"),
        (rule_twice, "stands twice"),
        (unknown_principle, "unknown principle P77"),
        (misspelt_example, "there is no field stale_list"),
        (laughs, "aliases unfold"),
        (endless, "aliases unfold"),
        (object_tag, "closing.yaml"),
    ],
)
def test_files_that_are_wrong_are_refused_with_what_to_do(
    exported: Path, damage: Callable[[Path], None], said: str
) -> None:
    before, counts = active(), (ListSource.objects.count(), Edition.objects.count(), AuditEvent.objects.count())
    damage(exported)
    with pytest.raises(PolicyError, match=said):
        rules.import_pack(exported, by=None, reason="x")
    assert active() == before
    assert (ListSource.objects.count(), Edition.objects.count(), AuditEvent.objects.count()) == counts


def test_a_list_that_lost_most_of_its_rows_needs_a_reason(exported: Path) -> None:
    before, count = active(), Edition.objects.count()
    path = exported / "goods" / "annex_i.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-100]), encoding="utf-8")
    with pytest.raises(editions.EditionRefused, match="goods/annex_i: the list shrinks"):
        rules.import_pack(exported, by=None, reason="x")
    assert (active(), Edition.objects.count()) == (before, count)
    taken, _ = rules.import_pack(exported, by=None, reason="x", override="Entries were deleted by the annex of 2026")
    (one,) = [item for item in taken if item.changed]
    assert one.edition.reason == "Entries were deleted by the annex of 2026"
    assert len(one.edition.doubts) == 1


def test_lists_that_the_files_do_not_have_stay(exported: Path) -> None:
    before = active()
    (exported / "parties" / "ofac_sdn.jsonl").unlink()
    recatalogue(exported, lambda rows: rows.remove(next(row for row in rows if row["id"] == "parties/ofac_sdn")))
    rules.import_pack(exported, by=None, reason="x")
    assert active() == before


def test_a_folder_with_other_things_is_not_written_over(policy: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(PolicyError, match="not empty and holds no pack"):
        exchange.write(tmp_path, policy)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_command_exports_and_imports(exported: Path, policy: Snapshot, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "by-hash"
    call_command("policy", "export", str(out), "--snapshot", policy.hash[:10])
    assert f"{len(policy.manifest)} lists" in capsys.readouterr().out
    change(out / "rules" / "closing.yaml", "title: Mandatory information is missing", "title: Something is missing")
    factories.user("policy_editor", username="peteris")
    call_command("policy", "import", str(out), "--by", "peteris", "--reason", "Wording")
    said = capsys.readouterr().out
    assert "rules/closing: 0 added, 0 removed, 1 changed" in said
    assert "a second editor publishes it" in said
    with pytest.raises(CommandError, match="There is no snapshot ffff"):
        call_command("policy", "export", str(out), "--snapshot", "ffff")
    with pytest.raises(CommandError, match="Nothing has changed"):
        call_command("policy", "import", str(tmp_path / "nowhere"), "--by", "peteris")
