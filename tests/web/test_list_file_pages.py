"""A list as a file on the screen: downloaded by all who see the policy, uploaded and refused where it belongs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies import editions
from policies.models import Edition, EditionState
from screening.models import AuditEvent, Role
from tests import factories
from tests.policies.files import sdn
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

FORMS = "terms/legal_forms"


def address(list_id: str = FORMS) -> str:
    return reverse("screening:list_file", args=[list_id])


def download(client: Any, path: str) -> str:
    return b"".join(client.get(path).streaming_content).decode()


def upload(client: Any, content: str, name: str = "forms.csv", list_id: str = FORMS) -> Any:
    return client.post(address(list_id), {"changed_file": SimpleUploadedFile(name, content.encode())})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_whoever_sees_the_policy_downloads_a_list_and_only_editors_upload() -> None:
    client = browser(factories.auditor())
    answer = client.get(address())
    edition = Edition.objects.get(source=FORMS)
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="terms-legal_forms-{edition.digest[:12]}.csv"'
    )
    assert answer.headers["Content-Type"].startswith("text/csv")
    page = text(client.get(reverse("screening:list", args=[FORMS])))
    assert address() in page
    assert "Upload a changed file" not in page
    content = download(client, address())
    assert content.startswith("countries,expansion,form\n")
    assert download(client, reverse("screening:edition_file", args=[edition.pk])) == content
    assert reverse("screening:edition_file", args=[edition.pk]) in text(
        client.get(reverse("screening:edition", args=[edition.pk]))
    )
    assert upload(client, content).status_code == 403
    assert browser(factories.exporter()).get(address()).status_code == 403


def test_an_editor_changes_a_row_sees_it_and_activates_it() -> None:
    person = factories.user(Role.POLICY_EDITOR)
    client = browser(person)
    content = download(client, address())
    answer = upload(client, content.replace(",limited,", ",restricted,", 1))
    edition = Edition.objects.get(state=EditionState.STAGED)
    assert answer.headers["Location"] == reverse("screening:edition", args=[edition.pk])
    page = text(client.get(answer.headers["Location"]))
    assert "Changed 1" in page
    assert "Added 0" in page
    assert AuditEvent.objects.filter(by=person, action="list.staged").count() == 1
    assert client.post(reverse("screening:edition_activate", args=[edition.pk])).status_code == 302
    assert Edition.objects.get(source=FORMS, state=EditionState.ACTIVE).pk == edition.pk


def test_an_unchanged_file_is_no_change() -> None:
    client = browser(factories.user(Role.POLICY_EDITOR))
    before = Edition.objects.count()
    answer = upload(client, download(client, address()))
    assert "No change" in text(client.get(answer.headers["Location"]))
    assert Edition.objects.count() == before


def test_a_refused_file_is_told_at_its_field() -> None:
    client = browser(factories.user(Role.POLICY_EDITOR))
    before = Edition.objects.count()
    answer = upload(client, "form,expansion\nltd,limited\n")
    assert answer.status_code == 422
    assert "the column countries is missing" in text(answer)
    assert "Choose the file of the list." in text(client.post(address(), {}))
    assert "The file is empty" in text(upload(client, ""))
    assert Edition.objects.count() == before


def test_a_file_that_is_too_large_is_refused_with_a_sentence(settings: Any) -> None:
    settings.LIST_UPLOAD_MAX_BYTES = 5_000
    answer = upload(browser(factories.user(Role.POLICY_EDITOR)), "x" * 100_000)
    assert answer.status_code == 413
    assert "larger than" in text(answer)


def test_the_list_of_a_publisher_has_no_upload() -> None:
    person = factories.user(Role.POLICY_EDITOR)
    editions.take("ofac_sdn", [sdn(3)], by=person)
    client = browser(person)
    page = text(client.get(reverse("screening:list", args=["parties/ofac_sdn"])))
    assert "Download as file" in page
    assert "Upload a changed file" not in page
    content = download(client, address("parties/ofac_sdn"))
    answer = upload(client, content, "sdn.jsonl", "parties/ofac_sdn")
    assert answer.status_code == 422
    assert "is not changed by hand" in text(answer)


def test_a_damaged_edition_is_not_handed_out() -> None:
    Edition.objects.filter(source=FORMS).update(digest="0" * 64)
    answer = browser(factories.officer()).get(address(), follow=True)
    assert "It cannot be downloaded." in text(answer)


@pytest.mark.parametrize("path", ["/policy/list-file/no/such/", "/policy/list-file/%00/", "/policy/editions/999/file/"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert browser(factories.officer()).get(path).status_code == 404
