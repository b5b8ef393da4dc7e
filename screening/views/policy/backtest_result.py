"""The result of a backtest as its page shows it: by outcome, by rule, by destination, shipment by shipment.

Who reads policies does not by that read shipments: a row without a shipment that `visible_shipments` gives has neither
reference nor link.
"""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from policies.engine.lists import EFFECTS
from screening import backtests, permissions
from screening.models import Backtest, BacktestChange, Case, Outcome, User

PAGE = 50
RULES = 200


def result_of(backtest: Backtest, *, by: User, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What has come out so far; `asked` holds `before`, `after`, `rule`, `destination` and `page` of the address."""
    report = backtests.report(backtest)
    chosen = {name: str(asked.get(name, ""))[:60] for name in ("before", "after", "rule", "destination")}
    rows = Paginator(_changes(report.changes, chosen).order_by("pk"), PAGE).get_page(asked.get("page"))
    changed = {change.rule for change in report.rules}
    return {
        "report": report,
        "matrix": _matrix(report.outcomes),
        "outcomes": Outcome.choices,
        "moved": sum(move.shipments for move in report.outcomes if move.before != move.after),
        "stayed": sum(move.shipments for move in report.outcomes if move.before == move.after),
        "rules": [(change, report.fired.get(change.rule, 0)) for change in report.rules[:RULES]],
        "quiet": [(rule, count) for rule, count in report.fired.items() if rule not in changed],
        "rows": rows,
        "changes": _rows(list(rows), by),
        "chosen": chosen,
        "filtered": any(chosen.values()),
    }


def _matrix(moves: list[Any]) -> list[dict[str, Any]]:
    """One row for each outcome before; its cells say how many go where, and whether that is stricter."""
    counts = {(move.before, move.after): move.shipments for move in moves}
    words = dict(Outcome.choices)
    return [
        {
            "before": before,
            "cells": [
                {
                    "after": after,
                    "count": counts.get((before, after), 0),
                    "word": words[after],
                    "way": "worse"
                    if EFFECTS.index(after) > EFFECTS.index(before)
                    else "better"
                    if after != before
                    else "",
                }
                for after in Outcome.values
            ],
        }
        for before in Outcome.values
    ]


def _changes(every: QuerySet[BacktestChange], chosen: Mapping[str, str]) -> QuerySet[BacktestChange]:
    same = {name: chosen[name] for name in ("before", "after", "destination") if chosen[name]}
    found = every.filter(**same)
    if rule := chosen["rule"]:
        # JSON as text: containment in JSON is not the same on both databases.
        named = Q(gained_text__contains=f'"{rule}"') | Q(lost_text__contains=f'"{rule}"')
        texts = {"gained_text": Cast("gained", TextField()), "lost_text": Cast("lost", TextField())}
        found = found.annotate(**texts).filter(named)
    return found


def _rows(changes: list[BacktestChange], by: User) -> list[dict[str, Any]]:
    ids = [change.shipment_id for change in changes]
    visible = set(permissions.visible_shipments(by).filter(pk__in=ids).values_list("pk", flat=True))
    cases: set[int] = set()
    if permissions.can_see_queue(by):
        cases = set(Case.objects.filter(shipment__in=ids).values_list("shipment_id", flat=True))
    return [
        {
            "change": change,
            "reference": change.shipment.reference if change.shipment_id in visible else "",
            "address": _address(change, cases) if change.shipment_id in visible else "",
            "same": change.before == change.after,
            "gained": [rule for rule in change.gained if rule not in change.lost],
            "lost": [rule for rule in change.lost if rule not in change.gained],
            "otherwise": [rule for rule in change.gained if rule in change.lost],
        }
        for change in changes
    ]


def _address(change: BacktestChange, cases: set[int]) -> str:
    door = "case" if change.shipment_id in cases else "shipment"
    return reverse(f"screening:{door}", args=[change.shipment.public_id])
