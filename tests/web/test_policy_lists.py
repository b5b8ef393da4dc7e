"""Lists, editions, uploads and feeds on the screen: what an editor sees, does, and is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from policies import editions
from policies.importers import SOURCES
from policies.models import Edition, EditionState, ListFeed, ListSource
from screening.forms.lists import formats
from screening.models import AuditEvent, Role, User
from tests import factories
from tests.policies.files import list_file, sdn
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db

SDN = "parties/ofac_sdn"


def editor(**columns: Any) -> User:
    return factories.user(Role.POLICY_EDITOR, **columns)


def uploaded(count: int = 30, *, first: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("sdn.csv", sdn(count, first=first).stream.read(), content_type="text/csv")


def send(client: Client, *files: SimpleUploadedFile, **fields: str) -> HttpResponse:
    given = {"source": "ofac_sdn", "name": "", "as_of": "2026-11-20", **fields}
    answer: Any = client.post(reverse("screening:upload"), {**given, "list_files": list(files)})
    return answer


def active(by: User, count: int = 30) -> Edition:
    (edition,) = editions.stage("ofac_sdn", [sdn(count)], by=by)
    return editions.activate(edition, by=by)


def staged(by: User, count: int, *, first: int = 1) -> Edition:
    (edition,) = editions.stage("ofac_sdn", [sdn(count, first=first)], by=by)
    return edition


def address(edition: Edition, query: str = "") -> str:
    return reverse("screening:edition", args=[edition.pk]) + query


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Lists


def test_a_list_tells_its_age_in_words() -> None:
    person = editor()
    edition = active(person)
    Edition.objects.filter(pk=edition.pk).update(imported_at=timezone.now() - timedelta(days=40))
    client = browser(factories.officer())
    overview, page = text(client.get("/policy/lists/")), text(client.get(f"/policy/lists/{SDN}/"))
    assert "Stale" in overview
    assert "Shipments that depend on it go to review." in page
    assert "OFAC Specially Designated Nationals" in text(client.get("/policy/lists/?state=stale"))
    assert "OFAC Specially Designated Nationals" not in text(client.get("/policy/lists/?state=fresh"))


def test_lists_are_found_by_kind_and_by_word() -> None:
    active(editor())
    client = browser(factories.auditor())
    assert SDN in text(client.get("/policy/lists/?kind=parties&q=designated"))
    assert "No list is like this" in text(client.get("/policy/lists/?q=nothing-like-this"))


def test_pages_of_lists_never_load_the_rows() -> None:
    person = editor()
    active(person)
    staged(person, 40)
    client = browser(person)
    for path in ("/policy/", "/policy/lists/", f"/policy/lists/{SDN}/", "/policy/feeds/", "/policy/snapshots/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert [one["sql"] for one in queries if '"policies_edition"."content"' in one["sql"]] == [], path


def test_who_reads_finds_no_form_for_what_they_may_not_do() -> None:
    person = editor()
    edition = staged(person, 30)
    client = browser(factories.officer())
    for path in (f"/policy/lists/{SDN}/", address(edition)):
        assert 'method="post" action="/policy/' not in text(client.get(path))
    assert client.get(reverse("screening:upload")).status_code == 403
    answer = client.post(reverse("screening:edition_activate", args=[edition.pk]))
    assert answer.status_code == 403
    edition.refresh_from_db()
    assert edition.state == EditionState.STAGED


def test_an_editor_sets_the_greatest_age_and_an_officer_does_not() -> None:
    person = editor()
    active(person)
    assert (
        browser(factories.officer())
        .post(f"/policy/lists/{SDN}/", {"max_age_days": "5", "reason": "It is published weekly."})
        .status_code
        == 403
    )
    assert ListSource.objects.get(pk=SDN).max_age_days == 30
    wrong = browser(person).post(f"/policy/lists/{SDN}/", {"max_age_days": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in text(wrong)
    assert (
        browser(person)
        .post(f"/policy/lists/{SDN}/", {"max_age_days": "5", "reason": "It is published weekly."})
        .status_code
        == 302
    )
    assert ListSource.objects.get(pk=SDN).max_age_days == 5


def test_a_list_leads_to_its_import_with_the_format_chosen() -> None:
    person = editor()
    active(person)
    client = browser(person)
    assert 'href="/policy/upload/?source=ofac_sdn"' in text(client.get(f"/policy/lists/{SDN}/"))
    assert 'value="ofac_sdn" selected' in text(client.get("/policy/upload/?source=ofac_sdn"))


# Upload


def test_every_format_says_what_to_choose() -> None:
    """A format that is added without a sentence fails here."""
    described = formats()
    assert {one["source"] for one in described} == set(SOURCES)
    assert [one["source"] for one in described if not one["files"]] == []
    own = next(one for one in described if one["source"] == "own_parties")
    assert {"id", "name", "effect", "owners"} <= {column.name for column in own["columns"]}


def test_an_upload_waits_and_shows_what_it_would_change() -> None:
    person = editor()
    before = active(person)
    answer = send(browser(person), uploaded(32))
    edition = Edition.objects.get(state=EditionState.STAGED)
    assert answer.headers["Location"] == address(edition)
    page = text(browser(person).get(address(edition)))
    assert "COMPANY 31 LLC" in page
    assert "COMPANY 1 LLC" not in page
    before.refresh_from_db()
    assert before.state == EditionState.ACTIVE
    assert str(edition.as_of) == "2026-11-20"


def test_the_same_rows_again_confirm_the_list() -> None:
    person = editor()
    edition = active(person)
    answer = browser(person).post(
        reverse("screening:upload"), {"source": "ofac_sdn", "list_files": [uploaded(30)]}, follow=True
    )
    assert "no change" in text(answer)
    assert Edition.objects.get().pk == edition.pk


def test_a_file_that_is_cut_off_is_told_with_file_and_line() -> None:
    person = editor()
    whole = sdn(30).stream.read()
    answer = send(browser(person), SimpleUploadedFile("sdn.csv", whole[: len(whole) // 2]))
    assert answer.status_code == 422
    assert "sdn.csv, line " in text(answer)
    assert 'value="ofac_sdn" selected' in text(answer)
    assert 'value="2026-11-20"' in text(answer)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"source": ""}, "This field is required."),
        ({"source": "nothing"}, "Select a valid choice"),
        ({"name": "mine"}, "name"),
        ({"as_of": "yesterday"}, "Enter a valid date."),
        ({"as_of": "2199-01-01"}, "lies in the future"),
    ],
)
def test_a_wrong_field_is_told_and_stores_nothing(fields: dict[str, str], sentence: str) -> None:
    answer = send(browser(editor()), uploaded(), **fields)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Edition.objects.exists()


def test_a_form_without_a_file_and_an_empty_file_are_told() -> None:
    client = browser(editor())
    assert "Choose the files of the list." in text(send(client))
    assert "is empty (0 bytes)" in text(send(client, SimpleUploadedFile("sdn.csv", b"")))


def test_files_that_are_too_large_are_refused_with_a_sentence(settings: Any) -> None:
    settings.LIST_UPLOAD_MAX_BYTES = 5_000
    answer = send(browser(editor()), SimpleUploadedFile("sdn.csv", b"x" * 100_000))
    assert answer.status_code == 413
    assert "larger than" in text(answer)
    assert "Choose the files of the list." not in text(answer)
    assert 'value="ofac_sdn" selected' in text(answer)


def test_a_large_file_is_neither_kept_in_memory_nor_written_to_disk(settings: Any, monkeypatch: Any) -> None:
    settings.LIST_UPLOAD_MAX_BYTES = 5_000
    made: list[object] = []
    original = TemporaryUploadedFile.__init__

    def counted(self: Any, *args: Any, **kwargs: Any) -> None:
        made.append(self)
        original(self, *args, **kwargs)

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", counted)
    request = RequestFactory().post("/policy/upload/", {"files": [SimpleUploadedFile("a.csv", b"x" * 100_000)]})
    request.user, request.resolver_match = editor(), resolve("/policy/upload/")
    assert list(request.FILES) == []
    assert made == []


@pytest.mark.parametrize(("path", "role"), [("/shipments/new/", Role.POLICY_EDITOR), ("/policy/upload/", Role.OFFICER)])
def test_files_are_taken_nowhere_else_and_from_nobody_else(path: str, role: str) -> None:
    request = RequestFactory().post(path, {"files": [uploaded()]})
    request.user, request.resolver_match = factories.user(role), resolve(path)
    assert list(request.FILES) == []


# Editions


def test_the_difference_is_counted_searched_and_paged() -> None:
    person = editor()
    active(person, 60)
    edition = staged(person, 130, first=11)
    client = browser(person)
    page = text(client.get(address(edition)))
    assert "Added 80" in page
    assert "Removed 10" in page
    assert "1–50 of 90" in page
    assert "51–90 of 90" in text(client.get(address(edition, "?page=2")))
    removed = text(client.get(address(edition, "?what=removed&q=company+7")))
    assert "COMPANY 7 LLC" in removed
    assert "1–1 of 1" in removed
    assert "No row is like this" in text(client.get(address(edition, "?q=nobody-of-this-name")))


def test_a_changed_row_shows_each_field_before_and_after() -> None:
    person = editor()
    header = "id,name,effect,aliases,note\n"
    (before,) = editions.stage("own_parties", [list_file(header + "A1,Alpha,asset_freeze,One|Two,old\n")], by=person)[
        :1
    ]
    editions.activate(before, by=person)
    after = next(
        one
        for one in editions.stage(
            "own_parties", [list_file(header + "A1,Alpha,asset_freeze,Two|Three,new\n")], by=person
        )
        if one.state == EditionState.STAGED
    )
    page = text(browser(person).get(address(after)))
    assert "<del>One</del>" in page
    assert "<ins>Three</ins>" in page
    assert "<del>old</del>" in page
    assert "<ins>new</ins>" in page
    assert ">Two<" not in page


def test_an_edition_is_compared_with_any_other_of_its_list() -> None:
    person = editor()
    first = active(person, 30)
    second = staged(person, 32)
    editions.activate(second, by=person)
    third = staged(person, 34)
    client = browser(person)
    assert "Added 2" in text(client.get(address(third)))
    assert "Added 4" in text(client.get(address(third, f"?against={first.pk}")))
    assert "Removed 2" in text(client.get(address(first, f"?against={second.pk}")))


def test_the_rows_of_every_edition_can_be_searched() -> None:
    edition = active(editor(), 60)
    client = browser(factories.auditor())
    page = text(client.get(address(edition, "?view=rows&q=company+59")))
    assert "COMPANY 59 LLC" in page
    assert "COMPANY 58 LLC" not in page
    assert "51–60 of 60" in text(client.get(address(edition, "?view=rows&page=2")))


@pytest.mark.parametrize("query", ["view=nonsense", "against=x", "what=;drop", "page=-7", "q=%00", "against=999999"])
def test_nonsense_in_the_address_gives_a_page(query: str) -> None:
    person = editor()
    active(person)
    edition = staged(person, 32)
    assert browser(person).get(address(edition, f"?{query}")).status_code == 200


def test_an_edition_with_doubts_is_activated_only_with_a_reason() -> None:
    person = editor()
    active(person, 100)
    edition = staged(person, 40)
    client = browser(person)
    assert "shrinks from 100 to 40" in text(client.get(address(edition)))
    deed = reverse("screening:edition_activate", args=[edition.pk])
    refused = client.post(deed, {"reason": ""})
    assert refused.status_code == 409
    assert "shrinks from 100 to 40" in text(refused)
    edition.refresh_from_db()
    assert edition.state == EditionState.STAGED
    assert client.post(deed, {"reason": "The publisher has cleaned up."}).status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.reason) == (EditionState.ACTIVE, "The publisher has cleaned up.")
    assert AuditEvent.objects.filter(by=person).exists()


def test_a_rejected_edition_needs_a_reason_and_stays_out() -> None:
    person = editor()
    active(person)
    edition = staged(person, 32)
    client, deed = browser(person), reverse("screening:edition_reject", args=[edition.pk])
    refused = client.post(deed, {"reason": " "})
    assert refused.status_code == 409
    assert "Say why" in text(refused)
    assert client.post(deed, {"reason": "A test file."}).status_code == 302
    again = client.post(reverse("screening:edition_activate", args=[edition.pk]), {"reason": "All the same."})
    assert again.status_code == 409
    assert "was rejected (A test file.)" in text(again)
    assert "All the same." in text(again)
    edition.refresh_from_db()
    assert edition.state == EditionState.REJECTED


def test_of_two_editors_the_second_is_told_that_the_edition_was_set_aside() -> None:
    person, other = editor(), editor()
    active(person)
    early = staged(person, 32)
    staged(other, 33)
    answer = browser(person).post(reverse("screening:edition_activate", args=[early.pk]))
    assert answer.status_code == 409
    assert "A later import" in text(answer)


def test_a_second_click_changes_nothing() -> None:
    person = editor()
    active(person)
    edition = staged(person, 32)
    client, deed = browser(person), reverse("screening:edition_activate", args=[edition.pk])
    first, second = client.post(deed), client.post(deed)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Edition.objects.filter(state=EditionState.ACTIVE).get().pk == edition.pk


def test_an_edition_that_is_not_what_its_digest_says_is_told_and_not_shown() -> None:
    person = editor()
    edition = active(person)
    Edition.objects.filter(pk=edition.pk).update(digest="0" * 64)
    page = browser(person).get(address(edition, "?view=rows"))
    assert page.status_code == 200
    assert "the stored rows have the digest" in text(page)
    assert "COMPANY 1 LLC" not in text(page)


@pytest.mark.parametrize(
    "path",
    ["/policy/lists/no/such/", "/policy/lists/%00/", "/policy/editions/99999999999999999999/", "/policy/feeds/7/"],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert browser(editor()).get(path).status_code == 404


# Feeds

UN = "https://scsanctions.un.org/resources/xml/en/consolidated.xml"
FEED = {
    "source": "un",
    "name": "",
    "urls": UN,
    "every_hours": "24",
    "max_megabytes": "50",
    "enabled": "on",
    "automatic": "on",
}


def feed_of(person: User) -> ListFeed:
    answer: Any = browser(person).post(reverse("screening:feed_new"), FEED)
    assert answer.status_code == 302, text(answer)
    return ListFeed.objects.get()


def test_a_feed_is_set_by_one_person_and_approved_by_another() -> None:
    person, other = editor(), editor()
    feed = feed_of(person)
    assert (feed.urls, feed.automatic, feed.approved_by) == ([UN], True, None)
    deed = reverse("screening:feed_approve", args=[feed.pk])
    own = browser(person).post(deed, {"version": feed.version})
    assert own.status_code == 403
    assert "another policy editor must approve it" in text(own)
    assert browser(other).post(deed, {"version": feed.version}).status_code == 302
    feed.refresh_from_db()
    assert feed.approved_by == other
    browser(person).post(reverse("screening:feed", args=[feed.pk]), {**FEED, "every_hours": "12"})
    feed.refresh_from_db()
    assert (feed.every_hours, feed.approved_by) == (12, None)


def test_a_feed_that_was_changed_meanwhile_is_not_approved_unseen() -> None:
    person, other = editor(), editor()
    feed = feed_of(person)
    browser(person).post(reverse("screening:feed", args=[feed.pk]), {**FEED, "urls": UN + "?other"})
    answer = browser(other).post(reverse("screening:feed_approve", args=[feed.pk]), {"version": feed.version})
    assert answer.status_code == 409
    assert "look at it as it is now" in text(answer)
    feed.refresh_from_db()
    assert feed.approved_by is None


def test_two_editors_of_one_feed_do_not_overwrite_each_other() -> None:
    person, other = editor(), editor()
    feed = feed_of(person)
    path = reverse("screening:feed", args=[feed.pk])
    browser(person).post(path, {**FEED, "every_hours": "12", "version": feed.version})
    late = browser(other).post(path, {**FEED, "every_hours": "48", "version": feed.version})
    assert late.status_code == 422
    assert "Somebody else has changed this feed" in text(late)
    assert 'value="48"' in text(late)
    assert ListFeed.objects.get().every_hours == 12


def test_an_address_that_is_never_asked_is_refused_with_a_sentence() -> None:
    answer = browser(editor()).post(reverse("screening:feed_new"), {**FEED, "urls": "file:///etc/passwd"})
    assert answer.status_code == 422
    assert "file:///etc/passwd" in text(answer)
    assert not ListFeed.objects.exists()


def test_a_failing_feed_says_what_happened_and_what_to_do() -> None:
    feed = feed_of(editor())
    ListFeed.objects.filter(pk=feed.pk).update(failures=3, error="HTTP 500 from the publisher.")
    client = browser(factories.officer())
    for path in ("/policy/", "/policy/feeds/", reverse("screening:feed", args=[feed.pk])):
        assert "HTTP 500 from the publisher." in text(client.get(path))
    assert "import the list by hand meanwhile" in text(client.get(reverse("screening:feed", args=[feed.pk])))


def test_a_feed_is_asked_for_now_by_editors_only() -> None:
    feed = feed_of(editor())
    ListFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now() + timedelta(days=1))
    deed = reverse("screening:feed_fetch", args=[feed.pk])
    assert browser(factories.officer()).post(deed).status_code == 403
    assert browser(editor()).post(deed).status_code == 302
    feed.refresh_from_db()
    assert feed.next_at is not None
    assert feed.next_at <= timezone.now()
