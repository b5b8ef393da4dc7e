"""Whether what an officer wrote is a classification: a code or an entry considered, a reason, perhaps a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies.engine.classify.index import GoodsIndex
from screening.cases import Incomplete

FEWEST_LETTERS = 10  # of the words that say why
USUAL = timedelta(days=730)
LONGEST = timedelta(days=1830)
LIMITS = {"number": 100, "issued_by": 200}


@dataclass(frozen=True, slots=True)
class Statement:
    """What an expert issued about the goods: a document of somebody, of a day, perhaps with a last one."""

    number: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    valid_until: date | None = None

    @property
    def given(self) -> bool:
        return any((self.number.strip(), self.issued_by.strip(), self.issued_on, self.valid_until))


def accepted(
    goods: GoodsIndex, *, code: str, considered: str, reason: str, statement: Statement, until: date | None
) -> dict[str, Any]:
    """The columns that say it. Raises `Incomplete` with a sentence for each field that is wrong."""
    errors: dict[str, str] = {}
    today = timezone.localdate()
    columns: dict[str, Any] = {"code": "", "considered": "", "reason": reason.strip(), "until": until or today + USUAL}
    field, written = ("code", code.strip()) if code.strip() else ("considered", considered.strip())
    columns[field] = _known(goods, written, field, errors, on=today)
    if sum(map(str.isalnum, reason)) < FEWEST_LETTERS:
        errors["reason"] = _("Say in a few words why the goods are classified so.")
    if until and not today <= until <= today + LONGEST:
        errors["until"] = _("Choose a day from today to %(day)s.") % {"day": date_format(today + LONGEST)}
    columns |= _of_statement(statement, errors, today=today)
    if errors:
        raise Incomplete(errors)
    return columns


def _known(goods: GoodsIndex, written: str, field: str, errors: dict[str, str], *, on: date) -> str:
    """The code in its one form, if a list in force holds it; else empty, with the sentence that says so."""
    if not written:
        errors[field] = _("Not listed: name the entry that was considered and does not apply.")
        return ""
    code = goods.normal(written)
    if not code or not goods.known(code) or goods.find(code, on) is None:
        errors[field] = _("No control list in force holds “%(code)s”.") % {"code": written[:60]}
        return ""
    return code[:60]


def _of_statement(statement: Statement, errors: dict[str, str], *, today: date) -> Mapping[str, Any]:
    said = {"number": statement.number.strip(), "issued_by": statement.issued_by.strip()}
    named = {"number": "statement_number", "issued_by": "statement_by"}
    if statement.given:
        for name, text in said.items():
            if not text:
                errors[named[name]] = _("A statement needs its number, who issued it and when.")
            elif len(text) > LIMITS[name]:
                errors[named[name]] = _("At most %(number)s characters.") % {"number": LIMITS[name]}
        if statement.issued_on is None:
            errors["statement_on"] = _("A statement needs its number, who issued it and when.")
        elif statement.issued_on > today:
            errors["statement_on"] = _("A statement cannot be issued after today.")
        if statement.valid_until and statement.valid_until < today:
            errors["statement_until"] = _("This statement is not valid any more.")
    days = {"statement_on": statement.issued_on, "statement_until": statement.valid_until}
    return {named[name]: text for name, text in said.items()} | days
