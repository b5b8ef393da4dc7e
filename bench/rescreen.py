"""What a list update costs in a database of a million declared parties, against screening everything again.

    python bench/rescreen.py [--parties 1000000] [--listed 20000]

Builds shipments of four parties each with names that share words as real ones do, in a database of its own: SQLite in a
temporary folder, or the empty one that DATABASE_URL names. Then a list of `--listed` entries is updated by 50, 500 and
5,000 entries (added, changed and removed; one in fifty names a declared party), and each update is followed from the
publication to the last screening. A full re-screening is estimated from a sample. Prints one JSON object.
"""

import argparse
import io
import itertools
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.services.conftest import Broker  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="sargs-bench-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")
BROKER = Broker()  # takes every message and hands it to nobody
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR", "REDIS_URL": BROKER.url}
os.environ["INDEX_DIR"] = FOLDER.name
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import OuterRef, Subquery  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.throughput import aim  # noqa: E402
from config.celery import app  # noqa: E402, F401 - the tasks of the service
from policies import snapshots  # noqa: E402
from policies.engine.facts import Party  # noqa: E402
from screening import names, rescreening, runs  # noqa: E402
from screening.models import DeclaredName, Organisation, Run, Shipment, ShipmentRevision, User  # noqa: E402
from screening.names import search, segments  # noqa: E402
from tests.publications import publish, put_in_force  # noqa: E402

PROBE = Party(role="consignee", name="Nobody")
LATER = timezone.localdate() + timedelta(days=60)

SIZES = (50, 500, 5000)
PER_SHIPMENT = 4
BATCH = 1000
SAMPLE = 200
TRADES = (
    "trading company international limited general industrial logistics export group holding engineering systems "
    "technologies solutions services development investment energy marine shipping construction electronics medical"
)
ONSETS = (*"bdfghjklmnprstvwyz", "br", "ch", "dr", "fl", "gr", "kl", "kr", "pl", "pr", "sh", "sk", "st", "tr", "zh")
FORMS = ("LLC", "Ltd", "JSC", "GmbH", "AS", "SIA", "Co Ltd", "FZE", "SA", "")
COUNTRIES = ("NO", "TR", "IN", "US", "CH", "GE", "KZ", "AE", "CN", "DE", "SG", "RS", "BR", "ZA")


def syllable(builder: random.Random) -> str:
    return (
        builder.choice(ONSETS)
        + builder.choice("aaeeiioouy")
        + builder.choice(("", "", *"bdgklmnrstvx", "ng", "nt", "rd", "sk"))
    )


class Names:
    """Names as companies and people have them: few words that everybody uses, many that nearly nobody does."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        builder = random.Random(1)
        words = {"".join(syllable(builder) for _ in range(builder.choice((2, 2, 3)))) for _ in range(60_000)}
        self.words = sorted(words)
        builder.shuffle(self.words)
        self.weights = list(itertools.accumulate(1 / (rank + 1000) for rank in range(len(self.words))))
        self.trades = TRADES.split()

    def __next__(self) -> str:
        chance = self.chance
        own = chance.choices(self.words, cum_weights=self.weights, k=chance.choice((1, 2, 2, 2, 3, 3)))
        trade = chance.sample(self.trades, k=chance.choice((0, 1, 1, 2)))
        return " ".join(word.title() for word in (*own, *trade, chance.choice(FORMS)) if word)

    def __iter__(self) -> Iterator[str]:
        return self


def store(parties: int) -> list[str]:
    """Shipments that have not left yet, screened and indexed as intake does it; the names of every hundredth."""

    owner = Organisation.objects.create(name="Bench SIA")
    user = User.objects.create(username="bench", role="exporter", organisation=owner)
    spelled, kept = Names(2), []
    for first in range(0, parties // PER_SHIPMENT, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, parties // PER_SHIPMENT)):
            payload = body(number, [next(spelled) for _ in range(PER_SHIPMENT)])
            kept += [payload["parties"][1]["name"]] if number % 100 == 0 else []
            rows.append((Shipment(organisation=owner, **columns(payload)), payload))
        insert(rows, user)
    return kept


def insert(rows: list[tuple[Shipment, dict[str, Any]]], user: User) -> None:
    with transaction.atomic():
        made = Shipment.objects.bulk_create([shipment for shipment, _ in rows])
        ShipmentRevision.objects.bulk_create(
            ShipmentRevision(shipment=shipment, number=1, payload=payload, submitted_by=user)
            for shipment, (_, payload) in zip(made, rows, strict=True)
        )
        of = ShipmentRevision.objects.filter(shipment=OuterRef("pk")).values("pk")[:1]
        Shipment.objects.filter(current=None).update(current=Subquery(of))
        names._keep(
            {shipment.pk: names.of_payload(payload) for shipment, (_, payload) in zip(made, rows, strict=True)},
            "shipment",
        )


def body(number: int, spelled: list[str]) -> dict[str, Any]:
    country = COUNTRIES[number % len(COUNTRIES)]
    roles = ("exporter", "consignee", "end_user", "intermediary")
    return {
        "reference": f"B-{number}",
        "direction": "export",
        "origin": "LV",
        "destination": country,
        "shipment_date": LATER.isoformat(),
        "parties": [
            {"role": role, "name": name, "country": "LV" if role == "exporter" else country}
            for role, name in zip(roles, spelled, strict=True)
        ],
        "lines": [
            {"number": 1, "description": "spare belts", "hs_code": "401039", "quantity": 2, "unit": "pcs"},
        ],
        "end_use": "quality control of castings",
        "declarations": {},
    }


def columns(payload: dict[str, Any]) -> dict[str, Any]:
    drawn = {name: payload[name] for name in ("reference", "direction", "origin", "destination")}
    return drawn | {"shipment_date": LATER, "status": "screened", "outcome": "clear", "screened_at": timezone.now()}


def listed(count: int, seed: int) -> list[dict[str, Any]]:
    spelled, chance = Names(seed), random.Random(seed)
    return [
        {
            "id": f"{seed}-{number}",
            "name": next(spelled),
            "aliases": sorted({next(spelled) for _ in range(chance.choice((0, 1, 2)))}),
            "effect": "foreign_listing",
        }
        for number in range(count)
    ]


def updated(rows: list[dict[str, Any]], size: int, declared: list[str], seed: int) -> list[dict[str, Any]]:
    """Six tenths of the change added, two tenths removed, two tenths changed; one in fifty names a declared party."""
    added = listed(size * 6 // 10, seed)
    chance = random.Random(seed)
    for row in added[::30]:
        row["name"] = chance.choice(declared)
    gone, changed = size * 2 // 10, size * 2 // 10
    extra = Names(seed + 1)
    aliased = [row | {"aliases": [*row["aliases"], next(extra)]} for row in rows[gone : gone + changed]]
    return [*aliased, *rows[gone + changed :], *added]


def follow(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Put the rows in force and do everything that a worker does; policies are in memory, as they are in a worker."""

    made = publish({"parties/bench": rows})
    began = time.perf_counter()
    for hash in (made.before_hash, made.snapshot.hash):
        snapshots.load(hash).watch.hits(PROBE, review=0.85)
    loaded = time.perf_counter() - began
    counted = {"queries": 0, "compared": 0}

    def count(execute: Any, *arguments: Any) -> Any:
        counted["queries"] += 1
        return execute(*arguments)

    compare = search.compare

    def compared(*arguments: Any, **more: Any) -> Any:
        counted["compared"] += 1
        return compare(*arguments, **more)

    setattr(search, "compare", compared)  # noqa: B010 - counted, not changed
    began = time.perf_counter()
    with connection.execute_wrapper(count):
        while not made.done_at:
            rescreening.work(made.pk)
            made.refresh_from_db()
            assert not made.error, made.error
        searched = time.perf_counter() - began
        queries = counted["queries"]
        for run in Run.objects.filter(trigger=f"rescreen {made.pk}").values_list("pk", flat=True):
            runs.screen(run)
    setattr(search, "compare", compare)  # noqa: B010
    return {
        "seconds": time.perf_counter() - began,
        "search_seconds": searched,
        "load_policies_seconds": loaded,
        "queries_to_find": queries,
        "names_compared": counted["compared"],
        "shipments_screened": made.found,
    }


def whole() -> float:
    """Seconds that one screening takes as a run, from a sample."""

    sample = Shipment.objects.order_by("pk").values_list("current", flat=True)[:SAMPLE]
    made = Run.objects.bulk_create(
        Run(revision_id=number, trigger="sample", queued_at=timezone.now()) for number in sample
    )
    runs.screen(made[0].pk)
    began = time.perf_counter()
    for run in made[1:]:
        runs.screen(run.pk)
    return (time.perf_counter() - began) / (len(made) - 1)


def measure(parties: int, count: int) -> dict[str, float]:

    call_command("migrate", verbosity=0)
    call_command("install_policies", verbosity=0, stdout=io.StringIO())
    began = time.perf_counter()
    declared = store(parties)
    figures: dict[str, float] = {"parties": parties, "build_seconds": time.perf_counter() - began}
    current = snapshots.current()
    assert current is not None
    figures |= {"names": DeclaredName.objects.filter(kind="name").count()}
    began = time.perf_counter()
    while not segments.prepare(snapshots.load(current.hash).lexicon):
        pass
    figures |= {"segments_seconds": time.perf_counter() - began}
    figures |= {"segments_mb": sum(path.stat().st_size for path in Path(FOLDER.name).glob("declared/*.index")) / 1e6}
    rows = listed(count, 3)
    put_in_force({"parties/bench": rows})
    follow(rows[:-1])  # the first pass looks once for shipments without an index
    each = whole()
    figures |= {"screening_ms": each * 1000, "full_rescreen_seconds": each * parties / PER_SHIPMENT}
    for size in SIZES:
        put_in_force({"parties/bench": rows})
        found = follow(updated(rows, size, declared, 100 + size))
        figures |= {f"{name}_{size}": value for name, value in found.items()}
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--parties", type=int, default=1_000_000)
    arguments.add_argument("--listed", type=int, default=20_000)
    given = arguments.parse_args()
    BROKER.start()
    try:
        figures = measure(given.parties, given.listed)
    finally:
        BROKER.stop()
    share = figures["seconds_500"] / figures["full_rescreen_seconds"] * 100
    names = figures["names_compared_5000"] / max(figures["names_compared_500"], 1)
    seconds = figures["search_seconds_5000"] / figures["search_seconds_50"]
    print(
        json.dumps(
            {
                "name": "rescreen",
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
                "database": connection.vendor,
                "figures": {name: round(value, 3) for name, value in figures.items()},
                "aims": [
                    aim("500 entries", "at most 2 % of the time of a full re-screening", share, share <= 2),
                    aim("rows follow the change", "4 to 20 times for 10 times the entries", names, 4 <= names <= 20),
                    aim("time follows the change", "5 times or more for 100 times the entries", seconds, seconds >= 5),
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
