"""Small pieces of every page: words and icons for outcomes, names for codes, times for people."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies import snapshots
from policies.models import Snapshot
from screening import notices, permissions
from screening.forms import vocabulary
from screening.models import Case, CaseState, User

register = template.Library()

# Effect -> word, icon. Colour comes with the class `tone-<effect>`; none of the three stands alone.
TONES: dict[str, tuple[Any, str]] = {
    "prohibited": (gettext_lazy("Prohibited"), "no-symbol"),
    "licence_required": (gettext_lazy("Licence required"), "document-check"),
    "review": (gettext_lazy("Review"), "eye"),
    "cover": (gettext_lazy("Covers"), "shield-check"),
    "covered": (gettext_lazy("Covered"), "shield-check"),
    "clear": (gettext_lazy("Clear"), "check-circle"),
    "waiting": (gettext_lazy("Waiting for screening"), "clock"),
}
STATES: dict[str, Any] = {
    CaseState.OPEN: gettext_lazy("New"),
    CaseState.IN_REVIEW: gettext_lazy("In review"),
    CaseState.PROPOSED: gettext_lazy("Proposed"),
    CaseState.DECIDED: gettext_lazy("Decided"),
}
SHORT = {"licence_required": gettext_lazy("Licence")}


@register.inclusion_tag("ui/badge.html")
def badge(effect: str, count: int | None = None) -> dict[str, Any]:
    """An outcome or effect as word, icon and colour; with a count the word is the short one."""
    word, icon = TONES.get(effect or "waiting", TONES["waiting"])
    return {
        "tone": effect or "waiting",
        "word": SHORT.get(effect, word) if count is not None else word,
        "icon": icon,
        "count": count,
    }


@register.simple_tag
def tone_icon(effect: str) -> str:
    return TONES.get(effect or "waiting", TONES["waiting"])[1]


@register.simple_tag(takes_context=True)
def may(context: template.Context, deed: str, *args: Any) -> bool:
    """Whether the user may do what `permissions.can_<deed>` says."""
    user = getattr(context.get("request"), "user", None)
    return user is not None and bool(getattr(permissions, f"can_{deed}")(user, *args))


@register.filter
def country(code: str) -> str:
    return vocabulary.country_name(code) if code else ""


@register.filter
def role(code: str) -> str:
    return str(vocabulary.ROLES.get(code, code.replace("_", " ")))


@register.filter
def party_type(code: str) -> str:
    return str(vocabulary.PARTY_TYPES.get(code, code.replace("_", " ")))


@register.filter
def unit(code: str) -> str:
    return str(vocabulary.UNITS.get(code, code))


@register.filter
def plain_number(value: Any) -> str:
    """A quantity without the zeros that its column adds.

    >>> plain_number(Decimal("2.500000")), plain_number(Decimal("4000"))
    ('2.5', '4,000')
    """
    if value in (None, ""):
        return ""
    number = Decimal(str(value)).normalize()
    places = max(0, -int(number.as_tuple().exponent))
    return number_format(number, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def money(value: Any, currency: str = "") -> str:
    """An amount with two decimals only when it has cents."""
    if value in (None, ""):
        return ""
    amount = Decimal(str(value))
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)} {currency}".strip()


@register.filter
def percent(share: Any) -> str:
    """A score from 0 to 1 as whole percent; one that is not quite 1 never reads as 100."""
    value = float(share or 0)
    return "100" if value >= 1 else str(min(99, round(value * 100)))


@register.filter
def points(share: Any) -> str:
    """What something adds to a score or takes from it, in points of a hundred, with its sign.

    >>> points(0.306), points(-0.05), points(0), points(None)
    ('+30.6', '−5', '0', '')
    """
    if share is None:
        return ""
    value = round(float(share) * 100, 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_format(abs(value), decimal_pos=0 if value == int(value) else 1, use_l10n=True)}"


@register.filter
def weight(points: Any) -> str:
    """Points of a sum with their sign and one decimal.

    >>> weight(3.4), weight(-2.58), weight(0), weight(None)
    ('+3.4', '−2.6', '0.0', '')
    """
    if points is None:
        return ""
    value = round(float(points), 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_format(abs(value), decimal_pos=1, use_l10n=True)}"


@register.filter
def clauses(value: str) -> list[str]:
    """The values behind a clause, one for each name it read."""
    return [part for part in str(value).split("; ") if part]


@register.simple_tag
def policy_in_force() -> Snapshot | None:
    """The snapshot that new shipments are judged by."""
    return snapshots.current()


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """How many notices the user has not read yet."""
    user = getattr(context.get("request"), "user", None)
    return notices.unread(user).count() if isinstance(user, User) else 0


@register.filter
def state(case: Case) -> str:
    """The state of a case in the one or two words that a row has room for."""
    return str(STATES[case.state])


@register.simple_tag
def due(case: Case) -> dict[str, Any]:
    """When a case is due, in the words an officer needs, and whether it is late."""
    if case.state == CaseState.DECIDED:
        return {"text": _("Decided"), "late": False}
    return due_words(case.due_at, timezone.localtime())


def due_words(due_at: datetime, now: datetime) -> dict[str, Any]:
    local = timezone.localtime(due_at)
    if local < now:
        return {"text": _("Overdue %(time)s") % {"time": _ago(now - local)}, "late": True}
    days = (local.date() - now.date()).days
    clock = date_format(local, "H:i")
    if days == 0:
        return {"text": _("Today %(time)s") % {"time": clock}, "late": False}
    if days == 1:
        return {"text": _("Tomorrow %(time)s") % {"time": clock}, "late": False}
    return {"text": date_format(local, "j M" if local.year == now.year else "j M Y"), "late": False}


def _ago(late: timedelta) -> str:
    if late.days:
        return ngettext("%(number)d day", "%(number)d days", late.days) % {"number": late.days}
    hours = int(late.total_seconds() // 3600)
    return _("%(hours)d h") % {"hours": hours} if hours else _("%(minutes)d min") % {"minutes": late.seconds // 60}
