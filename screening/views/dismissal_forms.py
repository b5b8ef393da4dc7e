"""What stands beside each hit of a case: the form to dismiss it, what waits for a second person, what others said."""

from collections.abc import Sequence
from typing import Any

from screening import permissions
from screening.dismissals import met, terms
from screening.dismissals.suggestions import Earlier, earlier
from screening.forms.dismissal import DismissForm, anchor
from screening.models import Case, User


def put(
    findings: Sequence[dict[str, Any]], by: User, case: Case, *, like: str = "", bound: DismissForm | None = None
) -> None:
    """Give each shown hit what stands beside it, as `dismissing`: once, however often the hit stands on the page.

    `like` is the number of a dismissal whose words fill the form of the hit it is suggested for; `bound` the form that
    could not be accepted.
    """
    hits = met.hits(case.shipment.latest_run)
    said = {
        (one.position, one.place): (one, about) for one, about in zip(hits, earlier(case.shipment, hits), strict=True)
    }
    seen: set[tuple[Any, ...]] = set()
    counts = terms.setting().dismissals_count
    for finding in findings:
        for place, hit in enumerate(finding["hits"]):
            one, about = said.get((finding["position"], place), (None, None))
            if one is not None and about is not None and (one.number, *one.same) not in seen:
                seen.add((one.number, *one.same))
                hit["dismissing"] = _beside(one, about, by, case, like=like, bound=bound, counts=counts)
        for hit in finding["dismissed"]:
            hit["may_reopen"] = by.role in permissions.OFFICERS


def _beside(
    one: met.Met, said: Earlier, by: User, case: Case, *, like: str, bound: DismissForm | None, counts: bool
) -> dict[str, Any]:
    run = case.shipment.latest_run
    spot = (run.public_id if run else None, one.position, one.place)
    kept = bound if bound is not None and bound.spot == spot else None
    chosen = next((row for row, _why in said.suggestions if str(row.pk) == like), None)
    filled: dict[str, Any] = dict(zip(("run", "position", "place"), spot, strict=True))
    filled |= {"reason": chosen.reason, "because": chosen.because} if chosen else {}
    form = kept or DismissForm(initial=filled, auto_id=f"id_dismiss_{one.position}_{one.place}_%s")
    offered = counts and permissions.can_dismiss(by, case) and one.digest and said.own is None
    return {
        "anchor": anchor(one.position, one.place),
        "form": form if offered or kept else None,
        "open": bool(kept or chosen),
        "counts": counts,
        "own": said.own,
        "may_confirm": said.own is not None and permissions.can_confirm_dismissal(by, said.own),
        "may_reopen": said.own is not None and permissions.can_reopen_dismissal(by, said.own),
        "suggestions": said.suggestions,
        "needs_second": one.needs_second,
    }
