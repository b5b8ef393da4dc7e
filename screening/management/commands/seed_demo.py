"""Fill an empty service with a demonstration: policies, people of every role, shipments screened for real."""

import io
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from policies.importers import ListFile
from screening import cases, intake, runs
from screening.editorial import lists, publication
from screening.models import Case, Licence, Organisation, Run, Shipment, User

DEMO = Path(__file__).resolve().parent.parent / "demo.yaml"
WHY = "Fictional parties and denials of the demonstration."
SHIPS_IN = 14


class Command(BaseCommand):
    help = "Install policies and demonstration data. A second start keeps what is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demonstration data is for DEBUG only: it makes accounts and prints their passwords.")
        demo = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
        lists.install()
        if User.objects.filter(username=demo["people"][0]["username"]).exists():
            self.stdout.write("The demonstration data is here already and stays as it is (make reset throws it away).")
            self.stdout.write("A forgotten password: manage.py changepassword USERNAME")
        else:
            self._people(demo)
        self._lists(demo)
        for row in demo["licences"]:
            licence(row)
        made = sum(shipment(row) for row in demo["shipments"])
        if made:
            self.stdout.write(f"{made} worked shipments are screened.")

    @transaction.atomic
    def _people(self, demo: Mapping[str, Any]) -> None:
        owners: dict[str, Organisation] = {}
        for row in demo["organisations"]:
            columns = {name: value for name, value in row.items() if name != "people"}
            organisation, _new = Organisation.objects.get_or_create(name=columns.pop("name"), defaults=columns)
            owners |= dict.fromkeys(row["people"], organisation)
        self.stdout.write("Demonstration accounts. The passwords are random and shown only now:")
        for row in demo["people"]:
            password = secrets.token_urlsafe(9)
            person = User.objects.create_user(
                **row,
                email=f"{row['username']}@example.org",
                password=password,
                organisation=owners.get(row["username"]),
            )
            place = f", {person.organisation}" if person.organisation else ""
            self.stdout.write(f"  {person.username:10} {password}   {person}, {person.get_role_display()}{place}")

    def _lists(self, demo: Mapping[str, Any]) -> None:
        """The fictional lists, imported by the editor and published by another person, as real ones are."""
        file = ListFile("demo.yaml", io.BytesIO(yaml.safe_dump({"fixtures": demo["fixtures"]}).encode()))
        editor, publisher = (User.objects.filter(role=role).first() for role in ("policy_editor", "administrator"))
        taken = lists.take("fixtures", [file], by=editor)
        if publisher is not None and any(one.changed for one in taken):
            publication.publish(publication.draft(by=editor), by=publisher, reason=WHY)


def licence(row: Mapping[str, Any]) -> None:
    """A licence that is valid from a month ago for a year."""
    today = timezone.localdate()
    dates = {"valid_from": today - timedelta(days=30), "valid_to": today + timedelta(days=335)}
    Licence.objects.get_or_create(number=row["number"], defaults={**row, **dates})


def shipment(row: Mapping[str, Any]) -> bool:
    """Submit, screen and work on one shipment. `False` when it is here already."""
    by = User.objects.select_related("organisation").get(username=row["by"])
    organisation = by.organisation
    if organisation is None:
        raise CommandError(f"{by.username} belongs to no organisation and cannot submit.")
    if Shipment.objects.filter(organisation=organisation, reference=row["payload"]["reference"]).exists():
        return False
    sent = intake.submit(row["payload"] | {"shipment_date": _ships()}, by=by, organisation=organisation)
    received = timezone.now() - timedelta(days=row["received"])
    Shipment.objects.filter(pk=sent.pk).update(received_at=received)
    runs.screen(Run.objects.get(revision=sent.current).pk)
    for step in row.get("then", ()):
        work(Case.objects.get(shipment=sent), step)
    return True


def work(case: Case, step: Mapping[str, str]) -> None:
    """One step of an officer: assign, propose (a kind, `by` somebody), confirm or send_back, each with its doer."""
    if kind := step.get("propose"):
        texts = {name: step.get(name, "") for name in ("legal_basis", "reason", "conditions")}
        cases.propose(case, by=_person(step["by"]), version=case.version, kind=kind, **texts)
    elif who := step.get("assign"):
        cases.assign(case, by=_person(who), version=case.version)
    elif who := step.get("confirm"):
        cases.confirm(case, by=_person(who), version=case.version)
    elif who := step.get("send_back"):
        cases.send_back(case, by=_person(who), version=case.version, reason=step["reason"])


def _person(username: str) -> User:
    return User.objects.get(username=username)


def _ships() -> str:
    day: date = timezone.localdate() + timedelta(days=SHIPS_IN)
    return day.isoformat()
