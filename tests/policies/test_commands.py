"""The commands: what they print, what they refuse, and that nothing is left half done."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies import snapshots
from policies.models import Edition, ListSource, Snapshot
from screening import audit
from screening.models import AuditEvent
from tests import factories
from tests.policies.files import ofac, primary, sdn, un

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def saved(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_a_list_goes_from_file_to_force_by_two_people(tmp_path: Path, policy: Snapshot) -> None:
    for name in ("anna", "berta"):
        factories.user("policy_editor", username=name)
    alternate = ofac('1,1,"aka","ONE",-0- \r\n9,2,"aka","LOST",-0- \r\n', name="alt.csv")
    files = [
        saved(tmp_path, "sdn.csv", sdn(2).stream.read()),
        saved(tmp_path, "alt.csv", alternate.stream.read()),
    ]
    printed = run("import_list", "ofac_sdn", *files, "--by", "anna", "--as-of", "2026-02-01")
    assert "2 entries (2 added, 0 removed, 0 changed)" in printed
    assert "orphans: 1 alternate names of 1 ids without a primary entry, such as 9" in printed
    assert "as of 2026-02-01" in printed
    assert "Draft " in printed
    with pytest.raises(CommandError, match="You drafted this snapshot"):
        run("publish", "--by", "anna", "--reason", "Weekly lists")
    assert snapshots.current() == policy
    assert "is in force" in run("publish", "--by", "berta", "--reason", "Weekly lists")
    assert "parties/ofac_sdn" in run("policy_status")
    assert "by berta: Weekly lists" in run("policy_status")
    with pytest.raises(CommandError, match="No draft waits"):
        run("publish", "--by", "berta", "--reason", "again")
    again = run("import_list", "ofac_sdn", *files)
    assert "no change" in again
    assert "No draft" in again


def test_installing_twice_says_that_nothing_changed() -> None:
    assert "is in force with" in run("install_policies")
    assert "No change" in run("install_policies")
    assert Snapshot.objects.count() == 1


def test_the_status_says_what_waits_and_what_is_stale(tmp_path: Path, policy: Snapshot) -> None:
    entity = "<ENTITY><FIRST_NAME>A</FIRST_NAME><REFERENCE_NUMBER>Q.1</REFERENCE_NUMBER></ENTITY>"
    file = saved(tmp_path, "un.xml", un(entities=entity).stream.read())
    assert "sends shipments to review" in run("import_list", "un", file, "--as-of", "2020-01-01")
    assert "of the system waits: parties/un" in run("policy_status")
    factories.user("administrator", username="carl")
    run("publish", "--by", "carl", "--reason", "x")
    (line,) = [line for line in run("policy_status").splitlines() if "parties/un" in line]
    assert line.endswith("as of 2020-01-01  STALE")


def test_before_the_installation_the_status_says_what_to_do() -> None:
    assert "install_policies" in run("policy_status")


def test_a_refused_file_leaves_the_edition_before(tmp_path: Path, policy: Snapshot) -> None:
    whole = saved(tmp_path, "sdn.csv", sdn(100).stream.read())
    run("import_list", "ofac_sdn", whole)
    before = ListSource.objects.get(pk="parties/ofac_sdn").active
    cut = saved(tmp_path, "cut.csv", sdn(100).stream.read()[:3_000])
    small = saved(tmp_path, "small.csv", sdn(5).stream.read())
    for file, sentence in (
        (cut, r"cut\.csv, line \d+, column \d+: .* Nothing was imported; the edition before stays\."),
        (small, "shrinks from 100 to 5"),
        (saved(tmp_path, "zero.csv", b""), r"zero\.csv: the file is empty \(0 bytes\)"),
        (str(tmp_path / "absent.csv"), "No such file"),
        (str(tmp_path), "Is a directory"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run("import_list", "ofac_sdn", file)
        assert ListSource.objects.get(pk="parties/ofac_sdn").active == before
    assert "Staged parties/ofac_sdn" in run("policy_status")
    assert "overridden because: Checked" in run("import_list", "ofac_sdn", small, "--override", "Checked by phone")


def test_every_command_that_changes_a_list_is_audited(tmp_path: Path) -> None:
    run("install_policies")
    editor = factories.user("policy_editor")
    whole = saved(tmp_path, "sdn.csv", sdn(100).stream.read())
    run("import_list", "ofac_sdn", whole, "--by", editor.username)
    run("import_list", "ofac_sdn", whole)
    with pytest.raises(CommandError, match="It waits as staged; the active edition stays"):
        run("import_list", "ofac_sdn", saved(tmp_path, "small.csv", sdn(5).stream.read()))
    events = list(AuditEvent.objects.order_by("number").values_list("action", "by"))
    assert events == [
        ("policy.installed", None),
        ("list.activated", editor.pk),
        ("policy.drafted", editor.pk),
        ("list.confirmed", None),
        ("policy.drafted", None),
        ("list.staged", None),
    ]
    assert audit.verify() == 6


def test_without_a_feed_there_is_nothing_to_fetch() -> None:
    assert "No feed is due" in run("fetch_lists")
    with pytest.raises(CommandError, match="There is no feed of un that is switched on"):
        run("fetch_lists", "un")


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    file = saved(tmp_path, "sdn.csv", ofac(primary(1, "A")).stream.read())
    factories.officer(username="otto")
    for arguments, sentence in (
        (("ofax", file), "invalid choice: 'ofax'"),
        (("ofac_sdn", file, "--as-of", "2026-02-30"), "'2026-02-30' is not a date"),
        (("ofac_sdn", file, "--by", "nobody"), "There is no user 'nobody'"),
        (("ofac_sdn", file, "--by", "otto"), "Only a policy editor"),
        (("ofac_sdn", file, "--name", "mine"), "has lists of its own; only own lists"),
        (("ofac_sdn", file, "--as-of", "2999-01-01"), "lies in the future"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run("import_list", *arguments)
    assert not Edition.objects.exists()
