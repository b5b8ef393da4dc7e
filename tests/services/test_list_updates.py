"""Automatic updates from a publisher with every fault: the edition before stays in force, and the message says why."""

import gzip
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.utils import timezone

from policies import editions, publishing, snapshots
from policies.models import Edition, EditionState, ListFeed, ListSource, Snapshot, SnapshotState
from screening import audit
from screening.editorial import lists
from screening.models import AuditEvent
from tests import factories
from tests.policies.files import UN_HEAD, ofac, primary, sdn, un
from tests.services.conftest import Service, wait_until
from tests.services.publisher import (
    Answer,
    Publisher,
    bomb,
    dripping,
    endless,
    file,
    redirect,
    running,
    silent,
    status,
)

pytestmark = pytest.mark.django_db
SDN, UN = "parties/ofac_sdn", "parties/un"
ENTITY = "<ENTITY><FIRST_NAME>A</FIRST_NAME><REFERENCE_NUMBER>Q.{}</REFERENCE_NUMBER></ENTITY>"


def sdn_bytes(count: int) -> bytes:
    return sdn(count).stream.read()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running() as started:
        yield started


@pytest.fixture
def in_force(policy: Snapshot, settings: object) -> Snapshot:
    """A hundred entries of one list and two of another are in force; only this machine is a host of lists."""
    settings.LIST_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    settings.LIST_FETCH_SECONDS = 20  # type: ignore[attr-defined]
    editions.take("ofac_sdn", [sdn(100)], by=None)
    editions.take("un", [un(entities=ENTITY.format(1) + ENTITY.format(2))], by=None)
    digests = dict(Edition.objects.filter(source__in=(SDN, UN)).values_list("source_id", "digest"))
    return publishing.put_automatically(digests, reason="To begin with")


def feed(*urls: str, source: str = "ofac_sdn", automatic: bool = True, **fields: object) -> ListFeed:
    """A feed that one editor has set and another has approved, due now."""
    one, two = factories.user("policy_editor"), factories.user("policy_editor")
    given = {"source": source, "urls": list(urls), "automatic": automatic, "max_megabytes": 5, **fields}
    saved = lists.save_feed(given, by=one)
    return lists.approve_feed(saved, by=two, version=saved.version)


def fetched(of: ListFeed) -> lists.FetchResult:
    """Fetch as if the time for it had come."""
    ListFeed.objects.filter(pk=of.pk).update(next_at=timezone.now())
    result = lists.fetch(of.pk)
    of.refresh_from_db()
    return result


def active(list_id: str = SDN) -> Edition:
    found = ListSource.objects.get(pk=list_id).active
    assert found is not None
    return found


def check_nothing_has_changed(in_force: Snapshot) -> None:
    assert snapshots.current() == in_force
    for list_id in (SDN, UN):
        assert active(list_id).digest == in_force.manifest[list_id]
        assert active(list_id).confirmed_on is None, "a fault confirms nothing"
    assert not Edition.objects.filter(source__in=(SDN, UN)).exclude(state=EditionState.ACTIVE).exists()
    assert not Snapshot.objects.filter(state=SnapshotState.DRAFT).exists()


HTML = b"<!DOCTYPE html>\n<html><body>Service unavailable</body></html>"
FAULTS: dict[str, tuple[Callable[[Publisher], Answer], str]] = {
    "HTTP 500": (lambda p: status(500), r"127\.0\.0\.1 answers 500 .*: the server has a fault; it is tried again"),
    "HTTP 404": (lambda p: status(404), "answers 404 .*look for the new address"),
    "HTTP 403": (lambda p: status(403), "answers 403 .*refuses us"),
    "304 that nobody asked for": (lambda p: status(304), "answers 304"),
    "another host": (lambda p: redirect(p.url("x", host="localhost")), "redirects to localhost, which is not a host"),
    "a private address": (lambda p: redirect("http://10.0.0.1/x"), r"redirects to 10\.0\.0\.1, which is not a host"),
    "another scheme": (lambda p: redirect("file:///etc/passwd"), "redirects to None|no address of a web server"),
    "redirects in a circle": (
        lambda p: redirect(p.url("sdn.csv")),
        "redirects more than 4 times|the connection failed or broke off",
    ),
    "endless": (lambda p: endless(p, b"x" * 65536), "sends more than the 5 MB that this feed allows"),
    "500 MB": (lambda p: endless(p, b"x" * 65536, announced=500_000_000), "sends more than the 5 MB"),
    "announced too long": (lambda p: file(sdn_bytes(100), length=99_999), "does not have the length that the server"),
    "announced too short": (lambda p: file(sdn_bytes(100), length=900), "does not have the length that the server"),
    "0 bytes": (lambda p: file(b""), r"sdn\.csv: the file is empty \(0 bytes\); download it again"),
    "truncated": (lambda p: file(sdn_bytes(100)[:2_000]), r"sdn\.csv, line \d+"),
    "web page": (lambda p: file(HTML), "this is a web page, no list"),
    "another format": (lambda p: file(un().stream.read()), r"sdn\.csv, line 1"),
    "doubled": (lambda p: file(sdn_bytes(100).rstrip(b"\x1a") * 2 + b"\x1a"), "twice"),
    "gzip bomb": (lambda p: file(bomb(200), encoding="gzip"), "sends more than the 5 MB"),
    "gzip bomb as a file": (lambda p: file(bomb(600)), "unpack to more than .* may be an attack"),
    "no gzip at all": (lambda p: file(sdn_bytes(9), encoding="gzip"), "cannot be unpacked|connection"),
    "wrong encoding": (lambda p: file(primary(1, "A").encode("utf-16") + b"\x1a"), r"sdn\.csv, line 1"),
}


LARGE = ("endless", "500 MB", "gzip bomb", "gzip bomb as a file")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_everything_and_says_what_happened(fault: str, publisher: Publisher, in_force: Snapshot) -> None:
    answer, sentence = FAULTS[fault]
    of = feed(publisher.give("sdn.csv", answer(publisher)))
    tracemalloc.start()
    try:
        result = fetched(of)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.what == "failed"
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(result.sentence)
    check_nothing_has_changed(in_force)
    assert (of.error, of.failures, of.claimed_at, of.succeeded_at) == (result.sentence, 1, None, None)
    assert timedelta(minutes=4) < of.next_at - timezone.now() <= timedelta(minutes=5)  # type: ignore[operator]
    assert AuditEvent.objects.filter(action="feed.failed", object_id=str(of.pk)).count() == 1
    assert peak < 80_000_000 or fault not in LARGE
    assert publisher.sent < 60_000_000, "a server is not listened to for longer than the limit allows"


@pytest.mark.parametrize("fault", ["in the body", "in the headers", "silent"])
def test_a_server_that_keeps_us_waiting_is_left_when_the_time_is_up(
    fault: str, publisher: Publisher, in_force: Snapshot, settings: object
) -> None:
    settings.LIST_FETCH_SECONDS = 1  # type: ignore[attr-defined]
    answer = silent() if fault == "silent" else dripping(headers=fault == "in the headers")
    of = feed(publisher.give("sdn.csv", answer))
    began = time.monotonic()
    result = fetched(of)
    assert time.monotonic() - began < 30
    assert (result.what, result.sentence) == (
        "failed",
        "The download took longer than 1 seconds and was stopped; it is tried again.",
    )
    check_nothing_has_changed(in_force)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (UN_HEAD.replace("<CONS", f"{XXE}<CONS").encode(), "document type declaration"),
        (UN_HEAD.replace("<CONS", f"{LAUGHS}<CONS").encode(), "document type declaration"),
        (un(entities=ENTITY.format(1)).stream.read()[:-40], "cut off"),
        (un(entities=ENTITY.format(1)).stream.read() * 2, r"un\.xml, line"),
        (un(entities=ENTITY.format("\xe9")).stream.read().replace("\xe9".encode(), b"\xe9"), r"un\.xml, line"),
    ],
    ids=["external entity", "billion laughs", "truncated", "doubled", "mis-encoded"],
)
def test_xml_that_is_damaged_or_means_ill_changes_nothing(
    body: bytes, sentence: str, publisher: Publisher, in_force: Snapshot
) -> None:
    result = fetched(feed(publisher.give("un.xml", file(body)), source="un"))
    assert result.what == "failed"
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(result.sentence)
    check_nothing_has_changed(in_force)


def test_a_list_without_entries_waits_for_a_person_for_as_long_as_it_takes(
    publisher: Publisher, in_force: Snapshot
) -> None:
    """As a real list did for two weeks."""
    of = feed(publisher.give("un.xml", file(un().stream.read(), etag='"empty"')), source="un")
    for _day in range(14):
        result = fetched(of)
        assert result.what == "waits"
        assert "the file holds no entry at all" in result.sentence
    assert "A person has to look at it; the edition before stays" in of.error
    assert (snapshots.current(), active(UN).digest) == (in_force, in_force.manifest[UN])
    assert active(UN).confirmed_on is None
    assert Edition.objects.filter(source=UN, state=EditionState.STAGED).count() == 1, "not one a day"
    publisher.give("un.xml", file(un(entities=ENTITY.format(1) + ENTITY.format(2)).stream.read()))
    assert fetched(of).what == "unchanged"
    assert active(UN).confirmed_on == timezone.localdate()
    assert not Edition.objects.filter(source=UN, state=EditionState.STAGED).exists()
    assert of.error == ""


def test_an_update_within_the_limits_is_in_force_without_a_person(publisher: Publisher, in_force: Snapshot) -> None:
    of = feed(publisher.give("sdn.csv", file(gzip.compress(sdn_bytes(101)), encoding="gzip")))
    result = fetched(of)
    assert (result.what, result.sentence) == (
        "in_force",
        f"{SDN}: 101 entries (1 added, 0 removed, 0 changed). It is in force.",
    )
    now = snapshots.current()
    assert now is not None
    assert (now.automatic, now.manifest[SDN], now.published_by) == (True, active().digest, None)
    assert {**now.manifest, SDN: ""} == {**in_force.manifest, SDN: ""}, "nothing else came into force with it"
    assert len(list(snapshots.load(now.hash).watch.entries)) == 103
    actions = list(AuditEvent.objects.order_by("number").values_list("action", flat=True))
    assert actions[-3:] == ["list.activated", "feed.fetched", "policy.published"]
    assert audit.verify() == len(actions)


def test_the_same_answer_confirms_the_list_and_is_not_sent_twice(publisher: Publisher, in_force: Snapshot) -> None:
    of = feed(publisher.give("sdn.csv", file(sdn_bytes(100), etag='"v1"')))
    assert (fetched(of).what, active().confirmed_on) == ("unchanged", timezone.localdate())
    yesterday = timezone.localdate() - timedelta(days=1)
    Edition.objects.update(confirmed_on=yesterday)
    assert (fetched(of).what, active().confirmed_on) == ("unchanged", timezone.localdate())
    assert publisher.asked[-1]["if-none-match"] == '"v1"'
    editions.take("ofac_sdn", [sdn(110)], by=None)
    result = fetched(of)
    assert result.what == "updated", "what a person has taken meanwhile is not what the publisher has"
    assert result.sentence.endswith("That is what is in force.")
    assert "if-none-match" not in publisher.asked[-1]
    assert active().digest == in_force.manifest[SDN]


def test_of_several_files_one_that_changed_brings_all(publisher: Publisher, in_force: Snapshot) -> None:
    alternate = ofac('1,1,"aka","ONE",-0- \r\n', name="alt.csv").stream.read()
    urls = [
        publisher.give("sdn.csv", file(sdn_bytes(100), modified="Mon, 02 Mar 2026 08:00:00 GMT")),
        publisher.give("alt.csv", file(alternate, etag='"a"')),
    ]
    of = feed(*urls, automatic=False)
    assert fetched(of).what == "updated"
    assert (fetched(of).what, len(publisher.asked)) == ("unchanged", 4)
    publisher.give("alt.csv", file(alternate.replace(b"ONE", b"TWO"), etag='"b"'))
    assert fetched(of).what == "updated"
    assert [row["aliases"] for row in editions.rows(active())[:1]] == [["TWO"]]


def test_a_shrunken_list_waits_and_a_person_decides(publisher: Publisher, in_force: Snapshot) -> None:
    of = feed(publisher.give("sdn.csv", file(sdn_bytes(60))))
    result = fetched(of)
    assert result.what == "waits"
    assert "the list shrinks from 100 to 60 entries; 25 may go at once" in of.error
    assert (snapshots.current(), active().digest) == (in_force, in_force.manifest[SDN])
    editor = factories.user("policy_editor")
    with pytest.raises(editions.EditionRefused, match="shrinks from 100 to 60"):
        lists.activate(result.editions[0], by=editor)
    lists.reject(result.editions[0], by=editor, reason="The publisher says that it is a mistake")
    assert fetched(of).what == "waits"
    assert "rejected before: The publisher says" in of.error
    publisher.give("sdn.csv", file(sdn_bytes(102)))
    assert fetched(of).what == "in_force"
    assert of.error == ""


def test_failures_are_tried_again_ever_more_slowly_until_it_works(publisher: Publisher, in_force: Snapshot) -> None:
    of = feed(publisher.give("sdn.csv", status(503)), automatic=False)
    waits = []
    for _time in range(8):
        assert fetched(of).what == "failed"
        waits.append(round((of.next_at - timezone.now()).total_seconds() / 60))  # type: ignore[operator]
    assert waits == [5, 15, 45, 135, 405, 720, 720, 720]
    assert lists.fetch(of.pk).what == "not_due", "nobody asks before it is time"
    publisher.give("sdn.csv", file(sdn_bytes(101)))
    assert fetched(of).what == "updated"
    assert (of.failures, of.error) == (0, "")
    assert round((of.next_at - timezone.now()).total_seconds() / 3600) == 24  # type: ignore[operator]


def test_without_approval_an_update_waits_for_publication(publisher: Publisher, in_force: Snapshot) -> None:
    of = feed(publisher.give("sdn.csv", file(sdn_bytes(101))))
    by = factories.user("policy_editor")
    lists.save_feed({"source": "ofac_sdn", "urls": of.urls, "automatic": True, "max_megabytes": 6}, feed=of, by=by)
    of.refresh_from_db()
    assert of.approved_by is None, "a change takes the approval away"
    assert "Nobody has approved this feed" in fetched(of).sentence
    assert (active().count, snapshots.current()) == (100, in_force), "one person alone activates nothing by a feed"
    assert not Snapshot.objects.filter(state=SnapshotState.DRAFT).exists()


def test_what_waited_for_an_approval_comes_into_force_with_it(publisher: Publisher, in_force: Snapshot) -> None:
    one, two = factories.user("policy_editor"), factories.user("policy_editor")
    fields = {"source": "ofac_sdn", "urls": [publisher.give("sdn.csv", file(sdn_bytes(101)))], "automatic": True}
    of = lists.save_feed(fields, by=one)
    assert (fetched(of).what, snapshots.current()) == ("waits", in_force)
    lists.approve_feed(of, by=two, version=of.version)
    assert fetched(of).what == "in_force"


def test_what_a_person_had_a_hand_in_does_not_come_into_force_by_a_feed(
    publisher: Publisher, in_force: Snapshot
) -> None:
    """A person takes a list of 40 by an override, unpublished; the feed then brings 41, a small step from there."""
    editions.take("ofac_sdn", [sdn(40)], by=factories.user("policy_editor"), override="I know better")
    of = feed(publisher.give("sdn.csv", file(sdn_bytes(41))))
    assert fetched(of).what == "updated"
    assert snapshots.current() == in_force, "60 of 100 entries would go without a second person"


BEGIN = """
from pathlib import Path
from policies.importers import ListFile
from screening.editorial import lists, publication
from screening.models import User
one, two = (User.objects.create_user(name, role="policy_editor") for name in ("anna", "berta"))
path = Path({path!r})
lists.take("ofac_sdn", [ListFile(path.name, path.open("rb"))], by=one)
publication.publish(publication.draft(by=one), by=two, reason="To begin with")
saved = lists.save_feed({{"source": "ofac_sdn", "urls": [{url!r}], "automatic": True, "every_hours": 1}}, by=one)
lists.approve_feed(saved, by=two, version=saved.version)
"""
TIME_PASSES = (
    "UPDATE policies_listfeed SET claimed_at = claimed_at - interval '1 day', next_at = next_at - interval '1 day'"
)


def test_a_worker_killed_in_the_middle_leaves_nothing_half_and_another_finishes(
    service: Service, publisher: Publisher, tmp_path: Path
) -> None:
    """`kill -9` while the file comes in, and again while it is read; then beat, worker, in force."""
    service.environment["LIST_HOSTS"] = "127.0.0.1"
    path = tmp_path / "sdn.csv"
    path.write_bytes(sdn_bytes(14_500))
    service.shell(BEGIN.format(path=str(path), url=publisher.give("sdn.csv", dripping())))
    beat = Celery(broker=service.broker.url)
    before = state(service)

    for answer, middle in ((dripping(), 0.5), (file(sdn_bytes(14_600)), 0.3)):
        publisher.give("sdn.csv", answer)
        asked, worker = len(publisher.asked), service.start_worker()
        beat.send_task("screening.update_lists")
        wait_until(lambda asked=asked: len(publisher.asked) > asked, seconds=60, what=service.tail("worker"))
        time.sleep(middle)
        service.kill(worker)
        assert service.count("policies_listfeed WHERE claimed_at IS NOT NULL") == 1, "it was done before it was killed"
        assert state(service) == before
        with psycopg.connect(service.database) as connection:
            connection.execute(TIME_PASSES)

    service.start_worker()
    beat.send_task("screening.update_lists")
    automatic = "policies_snapshot WHERE automatic AND state = 'published'"
    wait_until(lambda: service.count(automatic) == 1, seconds=60, what=service.tail("worker"))
    assert service.count("policies_edition WHERE source_id = 'parties/ofac_sdn' AND state = 'active'") == 1
    assert service.count("policies_edition WHERE source_id = 'parties/ofac_sdn'") == 2
    assert service.count("policies_edition WHERE state = 'active' AND count = 14600") == 1
    assert "chain whole" in service.manage("verify_audit")


def state(service: Service) -> list[tuple[object, ...]]:
    return service.sql("SELECT id, state, digest FROM policies_edition ORDER BY id") + service.sql(
        "SELECT id, state, hash FROM policies_snapshot ORDER BY id"
    )
