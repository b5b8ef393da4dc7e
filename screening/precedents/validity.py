"""Whether a classification still speaks for its code on a day, and if not, why."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.precedents import entry_digest
from screening.models import Precedent

VALID, EXPIRED, WITHDRAWN = "valid", "expired", "withdrawn"
STATES = (VALID, EXPIRED, WITHDRAWN)


class Judge:
    """Judges precedents by one edition of the goods lists on one day; the digest of an entry is made once."""

    def __init__(self, goods: GoodsIndex, *, on: date) -> None:
        self._goods, self._on = goods, on
        self._digests: dict[str, str] = {}

    def ended(self, precedent: Precedent) -> str:
        """Why it does not count any more, as a sentence; empty while it does."""
        if precedent.withdrawn_at is not None:
            day = date_format(timezone.localdate(precedent.withdrawn_at))
            return _("It was withdrawn on %(day)s: %(why)s") % {"day": day, "why": precedent.withdrawn_why}
        if precedent.until < self._on:
            return _("It expired on %(day)s.") % {"day": date_format(precedent.until)}
        if precedent.statement_until is not None and precedent.statement_until < self._on:
            return _("The expert statement expired on %(day)s.") % {"day": date_format(precedent.statement_until)}
        if self.changed(precedent.subject, precedent.entry_digest):
            return self._changed_with(precedent.subject)
        return ""

    def standing(self, path: str = "") -> Q:
        """Those neither withdrawn nor past a last day, whatever became of their entries; `path` leads to them."""
        return _standing(path) & _fresh(self._on, path)

    def changed(self, code: str, digest: str) -> bool:
        """Whether an entry is not as it was when that digest was made, or not in force on the day."""
        if code not in self._digests:
            self._digests[code] = entry_digest(self._goods, code) if self._goods.find(code, self._on) else ""
        return self._digests[code] != digest

    def _changed_with(self, code: str) -> str:
        entry = self._goods.find(code, self._on)
        if entry is None:
            return _("No control list in force holds %(code)s any more.") % {"code": code}
        edition = " ".join(filter(None, (entry.list, entry.version)))
        return _("The list entry changed with %(edition)s.") % {"edition": edition}


def of_state(rows: QuerySet[Precedent], state: str, *, judge: Judge | None, on: date) -> QuerySet[Precedent]:
    """The rows that are valid, expired or withdrawn; any other state gives all. Without lists no entry has changed."""
    standing, fresh = _standing(), _fresh(on)
    changed = Q(entry_digest__in=_changed(rows, judge)) if judge else Q(pk__in=())
    chosen = {
        VALID: standing & fresh & ~changed,
        EXPIRED: standing & (~fresh | changed),
        WITHDRAWN: ~standing,
    }
    return rows.filter(chosen.get(state, Q()))


def _standing(path: str = "") -> Q:
    return Q(**{f"{path}withdrawn_at": None})


def _fresh(on: date, path: str = "") -> Q:
    stated = Q(**{f"{path}statement_until": None}) | Q(**{f"{path}statement_until__gte": on})
    return Q(**{f"{path}until__gte": on}) & stated


def _changed(rows: QuerySet[Precedent], judge: Judge) -> Iterable[str]:
    """The digests among these rows that are not those of today."""
    pairs = rows.order_by().values_list("code", "considered", "entry_digest").distinct()
    return {digest for code, considered, digest in pairs if judge.changed(code or considered, digest)}
