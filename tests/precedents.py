"""Cases with lines of goods, the goods lists that tests change, and officers who confirm classifications."""

from typing import Any

from django.utils import timezone

from screening import precedents, runs
from screening.models import Case, Organisation, Precedent, Run, Shipment, User
from screening.precedents import Statement
from screening.precedents.finding import Found, find_all
from screening.precedents.lists import in_force
from tests import factories
from tests.publications import put_in_force, rows_of

WHY = "The cooling stage was measured; see the data sheet."
COOLER = "Dilution refrigerator KX-4410/B"
STATEMENT = Statement("ES-2026-17", "Institute of Physics", timezone.now().date().replace(month=1, day=5))


def case(*descriptions: str, by: User | None = None, **line: Any) -> Case:
    """An open case of lines with these descriptions; its result is a factory's."""
    lines = [{"number": number, "description": text, **line} for number, text in enumerate(descriptions, start=1)]
    return factories.case(by=by, lines=lines)


def screened(*descriptions: str, by: User | None = None, **line: Any) -> Shipment:
    """A shipment that the engine has screened."""
    lines = [{"number": number, "description": text, **line} for number, text in enumerate(descriptions, start=1)]
    sent = factories.shipment(by=by, lines=lines, destination="IN")
    runs.screen(Run.objects.get(revision=sent.current).pk)
    return Shipment.objects.get(pk=sent.pk)


def confirm(case: Case, *, by: User | None = None, line: int = 1, **said: Any) -> Precedent:
    return precedents.confirm(case, line, by=by or factories.officer(), **{"code": "3A504", "reason": WHY} | said)


def found(case: Case, *, organisation: Organisation | None = None) -> list[Found]:
    """What is found for the first line of a case, by the lists in force."""
    owner = organisation or case.shipment.organisation
    lines = list(case.shipment.lines.all())
    return find_all(lines, organisation=owner, goods=in_force().goods, on=timezone.localdate())[1]


def change(code: str, **columns: Any) -> None:
    """Put another wording of an entry of the Annex in force."""
    source = entry_list(code)
    put_in_force({source: [row | (columns if row["code"] == code else {}) for row in rows_of(source)]})


def entry_list(code: str) -> str:
    """The list that holds a code."""
    entry = in_force().goods.find(code, timezone.localdate())
    assert entry is not None
    return entry.list
