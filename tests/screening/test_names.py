"""What is declared is kept once, and a changed list finds at least what the matcher would meet or lose by it."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies import snapshots
from policies.engine import facts
from policies.engine.facts import Party
from policies.engine.lists import Listed
from policies.engine.match.lexicon import Lexicon, NameWord, spelling
from policies.engine.match.watch import BELOW, Watch, of_parties
from policies.engine.screen import screen
from policies.models import Snapshot
from screening import differences, names, reach
from screening.models import DeclaredName, NameUse, Shipment
from screening.names import search
from screening.names.search import Measure, Sought
from tests import factories
from tests.publications import put_in_force
from tests.spellings import FORMS, listed_entries, spoilt

WORDS = [
    NameWord("mr", "title"),
    NameWord("al", "particle"),
    NameWord("the", "stop"),
    NameWord("bill", "nickname", "william", "person"),
    NameWord("aleksandr", "spelling", "alexander", "person"),
    NameWord("sasha", "nickname", "alexander", "person"),
    NameWord("zavod", "translation", "plant", "organisation"),
    NameWord("intl", "abbreviation", "international", "organisation"),
    NameWord("محمد", "native", "mohammed"),
]
LEXICON = Lexicon(FORMS, WORDS)
LATER = "2099-12-01"
REVIEW = 0.8


def declare(*spellings: str) -> None:
    """Names that one shipment declares."""
    shipment = factories.shipment()
    for name in spellings:
        names.keep(shipment, {"parties": [{"name": name}]})


def spelled(found: set[int]) -> set[str]:
    return set(DeclaredName.objects.filter(pk__in=found).values_list("spelled", flat=True))


def met(text: str, *, least: float = REVIEW - BELOW, person: bool = False, kinds: Any = (True, False)) -> set[str]:
    """The declared names that a listed one could meet, with the weights of a short list."""
    entries = [Listed("l", "1", text, "review", kind="person" if person else ""), Listed("l", "2", "Trading", "review")]
    index = of_parties(entries, LEXICON)
    return spelled(search.like([Sought(text, person, (Measure(index, least, kinds),))], LEXICON))


def parties(name: str) -> Iterator[Party]:
    for kind in ("", "person", "organisation"):
        for more in ({}, {"country": "RU"}, {"date_of_birth": "1970-01-01"}):
            yield Party(role="consignee", name=name, type=kind, **more)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_matcher_meets_the_search_from_the_other_side_finds(db: None, seed: int) -> None:
    """Hundreds of spoilt spellings against a list: each pair that the matcher meets has to be found from the list."""
    chance = random.Random(seed)
    entries = listed_entries(chance, 150)
    listed = [name for entry in entries for name in (entry.name, *entry.aliases)]
    declared = sorted({spoilt(chance, chance.choice(listed)) for _ in range(400)})
    declare(*declared)
    watch = Watch([of_parties(entries, LEXICON)], LEXICON)
    hits = {
        (hit.entry.id, spelling(name))
        for name in declared
        for party in parties(name)
        for hit in watch.hits(party, review=REVIEW)
    }
    found = set()
    for entry in entries:
        measure = Measure(watch.indexes[0], REVIEW - BELOW)
        of_entry = [Sought(name, entry.kind == "person", (measure,)) for name in (entry.name, *entry.aliases)]
        found |= {(entry.id, spelling(name)) for name in spelled(search.like(of_entry, LEXICON))}
    assert len(hits) > 200
    assert hits - found == set()


@pytest.mark.parametrize("seed", range(3))
def test_brute_force_finds_no_change_outside_the_reach(policy: Snapshot, seed: int) -> None:
    """Every shipment under both policies: one that a changed entry meets otherwise was reached, most others were not.

    What is left out is what `screening.reach` says is left out: what changed entries do to the others.
    """
    chance = random.Random(seed)
    rows = [
        {"id": entry.id, "name": entry.name, "effect": "asset_freeze", "kind": entry.kind, "aliases": entry.aliases}
        for entry in listed_entries(chance, 90)
    ]
    base, gone, fresh = rows[:80], rows[80:85], rows[85:]
    stakes = [{"owner": fresh[0]["id"], "owned": "Severny Kontor Group", "percent": 80}]
    before = put_in_force({"parties/own": [*base, *gone], "ownership/own": stakes})
    renamed = [
        base[0] | {"aliases": ["Lazurit Almaz Export"]},
        base[1] | {"countries": ["NO"]},
        base[2] | {"kind": "organisation" if base[2]["kind"] == "person" else "person"},
        *base[3:],
    ]
    after = put_in_force({"parties/own": [*renamed, *fresh]})
    touched = {row["id"] for row in (*base[:3], *gone, *fresh)}
    spellings = {spoilt(chance, row["name"]) for row in [*rows[:30], *(base[:3] + gone + fresh) * 5]}
    spellings |= {"Severny Kontor Group AS", "SevernyKontor Group", "Lazurit Almaz", "Nordic Timber Export"}
    made = shipments(chance, sorted(spellings))
    found = reach.between(before, after)
    assert found.lexicon
    reached, _ = search.users(search.like(found.names, found.lexicon))
    outside, inside = [], 0
    for name, shipment in made.items():
        assert shipment.current is not None
        changed = changes(shipment.current.payload, before, after)
        entries = {entry for entry in re.findall(r"'entry': '(E[0-9]+)'", str(changed)) if entry in touched}
        inside += bool(entries)
        outside += [(name, changed)] if entries and shipment.pk not in reached else []
    assert outside == []
    assert inside > 20
    assert len(reached) < len(made) * 0.8


def shipments(chance: random.Random, spellings: list[str]) -> dict[str, Shipment]:
    """Shipments, each to one of the names."""
    made = {}
    for name in spellings:
        kind = chance.choice(({}, {"type": "person"}, {"type": "private"}))
        party = {"role": "consignee", "name": name, "country": "NO", **kind}
        made[name] = factories.shipment(parties=[party], shipment_date=LATER)
    return made


def changes(payload: dict[str, Any], *policies: Snapshot) -> dict[str, Any]:
    """What the second policy says of a shipment that the first did not."""
    old, new = (screen(facts.read(payload), snapshots.load(one.hash)) for one in policies)
    rows = [[finding.as_dict() for finding in one.findings] for one in (old, new)]
    return differences.between(*rows, outcomes=(old.outcome, new.outcome))


@pytest.mark.parametrize(
    ("listed", "declared"),
    [
        ("Abu Bakar Basyir", "AbuBakarBasyir"),
        ("Abubakarbasyir", "Abu Bakar Basyir"),
        ("Petrochem Trading", "Petro Chem Trading"),
        ("Petro Chem Trading", "Petrochem Trading"),
        ("Li Wei", "WeiLi"),
        ("Sergei Haddad", "haddadsergeitrading"),
        ("Zvezdny Ordnance Works", "Zvesdny Ordnanse Works JSC"),
        ("Severny Kontor", "Logistics Department of Severny Kontor in Oslo"),
        ("Alexander Petrov", "A. Petrov"),
        ("Alexander Petrov", "Sasha Petrov"),
        ("Mohammed Saidov", "محمد saidov"),
        ("Ivan Kalashnikov", "иван калашников"),
    ],
)
def test_a_name_that_is_written_otherwise_is_found_from_the_list(db: None, listed: str, declared: str) -> None:
    declare(declared, "Nordic Timber Export", "Gujarat Analytical Labs")
    assert met(listed, person=listed[0] in "AMI" and "bu" not in listed) == {declared}


def test_a_common_name_is_not_cut_off(db: None) -> None:
    spellings = {
        f"{given}{extra} {family}"
        for given in ("Mohamed", "Mohammed", "Mohammad")
        for family in ("Ali", "Aly")
        for extra in ("", *(f" {letter}." for letter in "abcdefghijklmnopqrstuvwxyz"))
    }
    declare(*spellings)
    found = met("Mohammed Ali", person=True)
    assert len(spellings) == 162
    assert found == spellings


def test_a_denied_end_user_meets_equal_names_only(db: None) -> None:
    declare("JSC Indus Process", "Process Indus", "Indus Proces", "Indus Process Industries")
    assert met("Indus Process JSC", least=reach.EQUAL_ONLY, kinds=(False,)) == {"JSC Indus Process", "Process Indus"}


def test_a_company_that_reads_otherwise_as_a_person_is_found_as_both(db: None) -> None:
    """Co is a legal form of companies and a name of people."""
    declare("Co Zvezdny Almaz", "A. B. Zvezdny")
    assert met("Almaz Zvezdny", least=reach.EQUAL_ONLY) == set()
    assert met("Zvezdny AB", least=reach.EQUAL_ONLY) == {"A. B. Zvezdny"}
    assert met("Zvezdny A B", least=reach.EQUAL_ONLY, person=True) == {"A. B. Zvezdny"}


def test_two_names_with_one_spelling_are_read_alike_by_every_lexicon() -> None:
    chance = random.Random(3)
    seen: dict[str, str] = {}
    pairs = 0
    for entry in listed_entries(chance, 300) * 5:
        name = spoilt(chance, entry.name)
        other = seen.setdefault(spelling(name), name)
        pairs += other != name
        for lexicon in (LEXICON, Lexicon()):
            for person in (True, False):
                assert lexicon.read(name, person=person) == lexicon.read(other, person=person)
    assert pairs > 20
    assert len({spelling(name) for name in ("J. R. Smith", "JR Smith", "Юрий", "Yuriy", "محمد", "mhmd")}) == 5


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
    assert (len(first), len(second)) == (4, 2)
    kept = set(DeclaredName.objects.filter(uses__shipment=shipment).values_list("kind", "text"))
    assert kept >= {
        ("name", "anadolu makina"),
        ("name", "am"),
        ("name", "izmir metal works"),
        ("name", "baltic precision sia"),
        ("identifier", "vat tr123456"),
        ("address", "12 35000 harbour izmir road"),
        ("country", "GE"),
    }


def test_a_name_is_kept_once_however_often_it_is_declared(db: None) -> None:
    for spellings in ("Fjord Kontor AS", "FJORD-KONTOR, as", "Fjord  Kontor As"):
        factories.shipment(parties=[{"role": "consignee", "name": spellings}])
    assert DeclaredName.objects.filter(kind="name").count() == 1
    assert NameUse.objects.filter(name__kind="name").count() == 3


@pytest.mark.parametrize("name", ["…", "北京" * 250, "a" * 500, "x " * 250, "\u0130stanbul \u200f ltd"])
def test_names_of_any_script_and_length_are_kept_and_found(db: None, name: str) -> None:
    shipment = factories.shipment(parties=[{"role": "consignee", "name": name}])
    index = of_parties([Listed("l", "1", name, "review")], LEXICON)
    found = search.like([Sought(name, False, (Measure(index, REVIEW),))], LEXICON)
    assert search.users(found)[0] == ({shipment.pk} if name != "…" else set())


def test_an_address_is_the_same_in_any_order_of_its_words(db: None) -> None:
    shipment = factories.shipment(
        parties=[{"role": "consignee", "name": "Someone", "address": "Works, 12 Leninsky Prospekt, Moscow"}]
    )
    for address, found in (
        ("Moscow 12 Leninsky Prospekt Works", {shipment.pk}),
        ("12 Leninsky Prospekt Moscow", set()),
    ):
        kept = names.addressed(address)
        assert kept is not None
        assert search.users(search.equal([kept]))[0] == found
    assert names.addressed("Leninsky Moscow") is None


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
