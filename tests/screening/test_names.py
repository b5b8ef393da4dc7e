"""The index of declared names finds at least what the matcher would, without reading the names of everybody."""

import random
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies import snapshots
from policies.engine import facts, read
from policies.engine.match.index import FLOOR, PartyIndex
from policies.engine.match.names import LegalForms, tokens
from policies.engine.screen import screen
from policies.models import Snapshot
from screening import differences, names, reach
from screening.models import DeclaredName, NameUse, NameWord, Shipment, WordForm
from screening.names import search
from screening.names.search import Sought
from tests import factories
from tests.publications import put_in_force

FORMS = LegalForms(["as", "sia", "llc", "jsc", "ltd", "joint stock company"])
RARE = [
    *re.findall(
        r"\w+",
        "zvezdny ordnance severny fjord kontor anadolu makina izmir gujarat analytical baltic precision meridian",
    ),
    *re.findall(
        r"\w+", "rotorcraft institute karachi dairy indus process polar aurora vostok lazurit almaz kvant orion granit"
    ),
    *re.findall(
        r"\w+", "radius spektr topaz kristall sapphire helios borealis kalashnikov dostoyevsky petrov ivanov mohammed"
    ),
    *re.findall(r"\w+", "abdullah yusuf hassan karimov"),
]
COMMON = ["trading", "company", "international", "limited", "general", "industrial", "logistics", "export", "group"]
LATER = "2099-12-01"


def listed_names(chance: random.Random, count: int) -> list[str]:
    return [
        " ".join(
            [*chance.sample(RARE, chance.choice((1, 1, 2, 2, 3))), *chance.sample(COMMON, chance.choice((0, 1, 2)))]
        )
        for _ in range(count)
    ]


def spoilt(chance: random.Random, name: str) -> str:
    """A name as somebody may write it: letters lost, swapped or doubled, words gone, added or turned round."""
    words = name.split()
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        place = chance.randrange(len(words))
        word = words[place]
        at = chance.randrange(len(word))
        match chance.randrange(7):
            case 0:
                words[place] = word[:at] + word[at + 1 :] or word
            case 1:
                words[place] = word[:at] + chance.choice("aeiounrst") + word[at:]
            case 2:
                words[place] = word[:at] + chance.choice("aeiounrst") + word[at + 1 :]
            case 3:
                words.append(chance.choice(COMMON))
            case 4:
                words = [*words[:place], *words[place + 1 :]] if len(words) > 1 else words
            case 5:
                chance.shuffle(words)
            case _:
                words = [*words, chance.choice(("SIA", "LLC", "Joint Stock Company"))]
    return " ".join(words).title()


def declare(spellings: list[str]) -> dict[str, Shipment]:
    """Shipments, each to one of the names."""
    made = {}
    for name in spellings:
        party = {"role": "consignee", "name": name, "country": "NO"}
        made[name] = factories.shipment(parties=[party], shipment_date=LATER)
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_matcher_meets_the_index_finds(db: None, monkeypatch: Any, seed: int) -> None:
    """Hundreds of spoilt spellings against a list: each hit of the matcher has to be among the names found."""
    monkeypatch.setattr(search, "HEAVY", 3)
    chance = random.Random(seed)
    listed = listed_names(chance, 150)
    spelled = sorted({spoilt(chance, chance.choice(listed)) for _ in range(250)})
    shipment = factories.shipment()
    for name in spelled:
        names.keep(shipment, {"parties": [{"name": name}]})
    entries = [read.listed("parties/own", {"id": name, "name": name, "effect": "arms"}) for name in set(listed)]
    index = PartyIndex(entries, legal_forms=[" ".join(form) for form in FORMS._forms])
    hits = {
        name: {hit.entry.id for hit in index.hits(facts.Party(role="consignee", name=name), review=0.85)}
        for name in spelled
    }
    missed = []
    for entry in entries[::2]:
        sought = Sought(tokens(entry.name, FORMS), index.weight, max(0.85 - 0.05, FLOOR))
        found = set(DeclaredName.objects.filter(pk__in=search.like([sought], FORMS)).values_list("spelled", flat=True))
        missed += [(entry.name, name) for name in spelled if entry.id in hits[name] and name not in found]
    assert sum(map(len, hits.values())) > 100
    assert missed == []


@pytest.mark.parametrize("seed", [11, 12])
def test_brute_force_finds_no_change_outside_the_reach(policy: Snapshot, monkeypatch: Any, seed: int) -> None:
    """Every shipment under both policies: one that a changed entry meets otherwise was reached, most others were not.

    What is left out is what `screening.reach` says is left out: unchanged entries whose words weigh a little less.
    """
    monkeypatch.setattr(search, "HEAVY", 5)
    chance = random.Random(seed)
    pool = sorted(set(listed_names(chance, 120)))
    chance.shuffle(pool)
    rows = [{"id": f"E{number}", "name": name, "effect": "asset_freeze"} for number, name in enumerate(pool)]
    base, gone, fresh = rows[:80], rows[80:85], rows[85:90]
    stakes = [{"owner": "E85", "owned": "Severny Kontor Group", "percent": 80}]
    before = put_in_force({"parties/own": [*base, *gone], "ownership/own": stakes})
    renamed = [base[0] | {"aliases": ["Lazurit Almaz Export"]}, base[1] | {"countries": ["NO"]}, *base[2:]]
    after = put_in_force({"parties/own": [*renamed, *fresh]})
    touched = {row["id"] for row in (*base[:2], *gone, *fresh)}
    spelled = {spoilt(chance, row["name"]) for row in [*rows[:30], *(gone + fresh) * 3]}
    made = declare(sorted(spelled | {"Severny Kontor Group AS", "Lazurit Almaz", "Nordic Timber Export"}))
    found = reach.between(before, after)
    reached, _ = search.users(search.like(found.names, found.forms))
    outside, inside = [], 0
    for name, shipment in made.items():
        assert shipment.current is not None
        changed = changes(shipment.current.payload, before, after)
        entries = {entry for entry in re.findall(r"'entry': '(E[0-9]+)'", str(changed)) if entry in touched}
        inside += bool(entries)
        outside += [(name, changed)] if entries and shipment.pk not in reached else []
    assert outside == []
    assert inside > 10
    assert len(reached) < len(made) * 0.8


def changes(payload: dict[str, Any], *policies: Snapshot) -> dict[str, Any]:
    """What the second policy says of a shipment that the first did not."""
    old, new = (screen(facts.read(payload), snapshots.load(one.hash)) for one in policies)
    rows = [[finding.as_dict() for finding in one.findings] for one in (old, new)]
    return differences.between(*rows, outcomes=(old.outcome, new.outcome))


def test_what_is_everybodys_word_is_not_looked_up(db: None, monkeypatch: Any) -> None:
    """A listed trading company is found without reading the names of all trading companies."""
    monkeypatch.setattr(search, "HEAVY", 3)
    shipment = factories.shipment()
    for number in range(30):
        names.keep(shipment, {"parties": [{"name": f"{RARE[number]} Trading Company"}]})
    sought = Sought(tokens("Zvezdny Trading Company", FORMS), lambda word: 1.0 if word in RARE else 0.3, 0.8)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = search.like([sought], FORMS)
    assert list(DeclaredName.objects.filter(pk__in=found).values_list("spelled", flat=True)) == [
        "zvezdny Trading Company"
    ]
    looked_up = queries.captured_queries[-1]["sql"]
    assert "zvezdny" in looked_up
    assert "trading" not in looked_up


def test_intake_keeps_names_at_the_cost_of_a_few_queries(db: None) -> None:
    shipment = factories.shipment()
    body = factories.payload(transit_countries=["TR", "GE"])
    body["parties"][1] |= {
        "name": "Anadolu Makina",
        "aliases": ["Anadolu Makine", "AM"],
        "owners": [{"name": "Izmir Metal Works"}],
        "identifiers": {"vat": "TR 123 456"},
        "address": "12 Harbour Road, 35000 Izmir",
    }
    with CaptureQueriesContext(connection) as first:
        names.keep(shipment, body)
    with CaptureQueriesContext(connection) as second:
        names.keep(shipment, body)
    assert (len(first), len(second)) == (6, 2)
    kept = set(DeclaredName.objects.filter(uses__shipment=shipment).values_list("kind", "text"))
    assert kept >= {
        ("name", "anadolu makina"),
        ("name", "am"),
        ("name", "izmir metal works"),
        ("name", "baltic precision sia"),
        ("identifier", "vat tr123456"),
        ("address", "12 harbour road 35000 izmir"),
        ("country", "GE"),
    }


def test_a_name_is_kept_once_however_often_it_is_declared(db: None) -> None:
    counts = []
    for _ in range(2):
        for spelled in ("Fjord Kontor AS", "FJORD-KONTOR, as", "Fjord  Kontor As"):
            factories.shipment(parties=[{"role": "consignee", "name": spelled}])
        tables = (DeclaredName.objects.filter(kind="name"), NameWord, WordForm)
        counts.append([getattr(table, "objects", table).count() for table in tables])
    assert counts[0] == counts[1]
    assert counts[0][:2] == [1, 3]
    assert NameUse.objects.filter(name__kind="name").count() == 6


@pytest.mark.parametrize("name", ["…", "北京" * 250, "a" * 500, "x " * 250, "\u0130stanbul \u200f ltd"])
def test_names_of_any_script_and_length_are_kept_and_found(db: None, name: str) -> None:
    shipment = factories.shipment(parties=[{"role": "consignee", "name": name}])
    words = tokens(name, FORMS)
    found = search.like([Sought(words, lambda word: 1.0, 0.8)], FORMS) if words else set()
    assert search.users(found)[0] == ({shipment.pk} if words else set())


def test_an_address_is_the_same_without_the_legal_form_at_its_end(db: None) -> None:
    address = "Works JSC, 12 Leninsky Prospekt, Moscow LLC"
    shipment = factories.shipment(parties=[{"role": "consignee", "name": "Someone", "address": address}])
    assert search.users(search.at(["12 Leninsky Prospekt Moscow Works JSC"], FORMS))[0] == set()
    assert search.users(search.at(["Moscow 12 Leninsky Prospekt, Works JSC, 1"], FORMS))[0] == set()
    assert search.users(search.at(["Works JSC 12 Leninsky Prospekt Moscow"], FORMS))[0] == {shipment.pk}


def test_shipments_from_before_the_index_are_indexed_by_a_command(db: None, monkeypatch: Any, capsys: Any) -> None:
    for _ in range(5):
        factories.shipment()
    licence = factories.licence()
    kept = NameUse.objects.count()
    NameUse.objects.all().delete()
    DeclaredName.objects.all().delete()
    monkeypatch.setattr(names, "FILLED_AT_ONCE", 2)
    for _ in range(2):
        call_command("index_names")
        assert NameUse.objects.filter(shipment__isnull=False).count() == kept
        assert NameUse.objects.filter(licence=licence).count() == 3
