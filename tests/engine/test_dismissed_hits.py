"""A dismissed hit stays away for the same party and the same entry, and comes back when anything about them differs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine import facts
from policies.engine.examples import policy_of, shipment_of
from policies.engine.facts import Dismissal, Owner, Party
from policies.engine.gather import gather
from policies.engine.lists import Listed
from policies.engine.match.dismissals import entry_digest, fold, needs_second, party_digest, split
from policies.engine.match.hits import Hit
from policies.engine.policy import Policy
from policies.engine.screen import Screening, screen
from policies.engine.subjects import Setting

TODAY = date(2026, 3, 2)
ON = Setting(dismissals_count=True)
ENTRY = Listed(
    "parties/eu",
    "X1",
    "Zvezdny Ordnance Works JSC",
    "asset_freeze",
    aliases=("Zvezdny", "ZOW"),
    countries=("RU",),
    identifiers=(("registration", "1027700"),),
)
PARTY = Party(
    role="consignee",
    name="Zvezdny Ordnance Work JSC",
    country="RU",
    aliases=("ZOW Trade",),
    address="1 Factory Street, Perm",
    identifiers=(("registration", "5902-1"),),
    owners=(Owner("A Person", "RU", 100.0),),
)


def hit(match: str = "similar", **more: Any) -> Hit:
    return Hit(**{"entry": ENTRY, "match": match, "declared": PARTY.name, "name": ENTRY.name, "score": 0.96} | more)


def dismissal(match: str = "similar", **more: Any) -> Dismissal:
    plain = {"number": 7, "party": party_digest(PARTY), "list": ENTRY.list, "entry": ENTRY.id, "match": match}
    said = {"reason": "other_identifier", "because": "Another registration number", "by": "Anna Ozola"}
    return Dismissal(**plain | said | {"entry_digest": entry_digest(ENTRY), "on": date(2026, 3, 1)} | more)


def stays_away(
    given: Dismissal, met: Hit | None = None, *, party: Party = PARTY, on: date | None = TODAY, setting: Setting = ON
) -> bool:
    """Whether the dismissal covers the hit; whatever it does, the hit is in exactly one of the two places."""
    met = met or hit()
    standing, dismissed = split(party, [met], [given], on=on, setting=setting)
    assert [*standing, *(item.hit for item in dismissed)] == [met]
    return bool(dismissed)


def test_the_same_party_and_the_same_entry_stay_away_in_every_role() -> None:
    assert stays_away(dismissal())
    assert stays_away(dismissal(), party=replace(PARTY, role="end_user", type="private"))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Zvezdny Ordnance Works JSC"},
        {"name": "Звездный оружейный завод"},
        {"name": "Zvezdny Ordnance Work LLC"},
        {"aliases": ()},
        {"country": "BY"},
        {"date_of_birth": "1961-04-09"},
        {"address": "2 Factory Street, Perm"},
        {"identifiers": (("registration", "5902-2"),)},
        {"identifiers": (("vat", "5902-1"),)},
        {"owners": (Owner("A Person", "RU", 51.0),)},
        {"owners": (Owner("Another Person", "RU", 100.0),)},
    ],
)
def test_another_party_is_looked_at(changed: dict[str, Any]) -> None:
    assert not stays_away(dismissal(), party=replace(PARTY, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "  ZVEZDNY ordnance  work, JSC."},
        {"address": "1 FACTORY STREET PERM"},
        {"name": "ZOW Trade", "aliases": ("Zvezdny Ordnance Work JSC",)},
        {"registered_on": date(2020, 1, 1), "in_free_zone": True},
    ],
)
def test_spelling_and_what_is_not_identity_make_no_other_party(changed: dict[str, Any]) -> None:
    assert stays_away(dismissal(), party=replace(PARTY, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Zvezdny Works"},
        {"aliases": ("Zvezdny",)},
        {"weak": ("ZOW Trade",)},
        {"countries": ("RU", "BY")},
        {"addresses": ("1 Factory Street, Perm",)},
        {"identifiers": (("registration", "5902-1"),)},
        {"births": ("1961",)},
        {"programme": "NPWMD"},
        {"effect": "dual_use_end_user"},
        {"kind": "person"},
        {"id": "X2"},
        {"list": "parties/un"},
    ],
)
def test_an_entry_that_has_changed_is_looked_at(changed: dict[str, Any]) -> None:
    assert not stays_away(dismissal(), hit(entry=replace(ENTRY, **changed)))


def test_the_order_of_an_entry_and_a_remark_on_it_change_nothing() -> None:
    assert stays_away(dismissal(), hit(entry=replace(ENTRY, aliases=("ZOW", "Zvezdny"), note="Corrected 2026")))


def test_another_share_or_another_owner_is_looked_at() -> None:
    chain = ("Zvezdny → Severny",)
    digest = entry_digest(ENTRY, percent=30.0, chain=chain)
    given = dismissal("part_owned", entry_digest=digest)
    assert stays_away(given, hit("part_owned", percent=30.0, chain=chain))
    assert not stays_away(given, hit("part_owned", percent=45.0, chain=chain))
    assert not stays_away(given, hit("part_owned", percent=30.0, chain=("Another → Severny",)))


@pytest.mark.parametrize(
    ("given_for", "met_as", "away"),
    [
        ("similar", "similar", True),
        ("similar", "shared", False),
        ("similar", "equal", False),
        ("similar", "identifier", False),
        ("similar", "owned", False),
        ("similar", "part_owned", False),
        ("equal", "similar", True),
        ("equal", "identifier", True),
        ("identifier", "equal", False),
        ("equal", "owned", False),
        ("equal", "part_owned", False),
        ("owned", "part_owned", True),
        ("part_owned", "owned", False),
        ("owned", "similar", False),
        ("equal", "of a kind not known yet", False),
        ("of a kind not known yet", "of a kind not known yet", False),
    ],
)
def test_a_dismissal_never_covers_a_stronger_or_another_kind_of_match(given_for: str, met_as: str, away: bool) -> None:
    assert stays_away(dismissal(given_for, confirmed_by="A Senior"), hit(met_as)) is away


@pytest.mark.parametrize("match", ["equal", "identifier", "owned"])
def test_what_may_lift_a_prohibition_needs_a_second_person(match: str) -> None:
    assert needs_second(match)
    assert not stays_away(dismissal(match), hit(match))
    assert stays_away(dismissal(match, confirmed_by="A Senior"), hit(match))
    assert not stays_away(dismissal(match), hit("similar")), "nor does it count for less meanwhile"


@pytest.mark.parametrize("match", ["similar", "shared", "part_owned"])
def test_what_only_leads_to_review_needs_one_officer(match: str) -> None:
    assert not needs_second(match)
    assert stays_away(dismissal(match), hit(match))


def test_it_counts_until_it_expires_and_not_before_it_was_given() -> None:
    given = dismissal(expires=date(2026, 3, 31))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [stays_away(given, on=on) for on in days] == [False, True, True, False]
    assert not stays_away(given, on=None), "without a day nobody knows whether it still counts"


def test_the_policy_says_for_how_long_and_whether_at_all() -> None:
    assert not stays_away(dismissal(), setting=Setting()), "a policy that does not say so counts none"
    assert not stays_away(dismissal(), setting=Setting(dismissals_count=False, dismissal_days=365.0))
    for days, away in ((0.0, False), (1.0, True), (-5.0, False), (1e15, True)):
        assert stays_away(dismissal(), setting=Setting(dismissals_count=True, dismissal_days=days)) is away
    assert not stays_away(dismissal(), on=date(2027, 3, 2), setting=ON)
    assert stays_away(dismissal(), on=date(2027, 3, 1), setting=ON)


def test_of_two_that_cover_the_newest_is_shown() -> None:
    older, newer = dismissal(number=9, on=date(2026, 1, 1)), dismissal(number=8)
    _standing, (shown,) = split(PARTY, [hit()], [newer, older], on=TODAY, setting=ON)
    assert (shown.dismissal, shown.until) == (newer, date(2027, 3, 1))


LISTED = {"id": "X1", "name": "Zvezdny Ordnance Works JSC", "country": "RU", "effect": "asset_freeze"}
SIMILAR = {"consignee": {"name": "Zvezdny Ordnance Work JSC", "country": "RU"}, "listed": [LISTED]}
EQUAL = {"consignee": {"name": "Zvezdny Ordnance Works", "country": "RU"}, "listed": [LISTED]}


def screened(patch: dict[str, Any], policy: Policy) -> Screening:
    return screen(shipment_of(patch), policy_of(patch, policy))


def test_a_dismissed_hit_is_shown_with_who_when_and_because_and_lifts_the_review(shipped: Policy) -> None:
    assert screened(SIMILAR, shipped).outcome == "review"
    found = screened(SIMILAR | {"dismissals": [{"entry": "X1", "by": "Anna Ozola", "expires": "2026-01-01"}]}, shipped)
    assert found.outcome == "clear"
    (finding,) = [one for one in found.findings if one.reason == "PARTY_DISMISSED_EARLIER"]
    (shown,) = finding.evidence["dismissed"]
    assert "hits" not in finding.evidence
    assert (shown["entry"], shown["match"]) == ("X1", "similar")
    assert shown["dismissal"] == {
        "number": 1,
        "match": "similar",
        "reason": "other",
        "because": "Another party",
        "by": "Anna Ozola",
        "on": "2025-11-01",
        "confirmed_by": "",
        "until": "2026-01-01",
    }


def test_a_ban_is_lifted_by_two_persons_only(shipped: Policy) -> None:
    one = {"entry": "X1", "match": "equal"}
    assert screened(EQUAL | {"dismissals": [one]}, shipped).outcome == "prohibited"
    assert screened(EQUAL | {"dismissals": [one | {"confirmed_by": "A Senior"}]}, shipped).outcome == "clear"


def test_another_entry_that_the_party_meets_still_stands(shipped: Policy) -> None:
    second = LISTED | {"id": "X2", "name": "Zvezdny Ordnance Worx JSC"}
    patch = SIMILAR | {"listed": [LISTED, second], "dismissals": [{"entry": "X1"}]}
    found = screened(patch, shipped)
    assert found.outcome == "review"
    hits = {one.reason: one.evidence.get("hits", one.evidence.get("dismissed")) for one in found.findings}
    assert [one["entry"] for one in hits["PARTY_POSSIBLE_MATCH"]] == ["X2"]
    assert [one["entry"] for one in hits["PARTY_DISMISSED_EARLIER"]] == ["X1"]


@pytest.mark.parametrize("retired", [{"valid_to": date(2025, 1, 1)}, {"directions": ("import",)}, None])
def test_no_hit_is_put_away_when_no_rule_would_say_so(shipped: Policy, retired: dict[str, Any] | None) -> None:
    others = tuple(rule for rule in shipped.rules if rule.id != "PARTY-DISMISSED-EARLIER")
    (told,) = [rule for rule in shipped.rules if rule.id == "PARTY-DISMISSED-EARLIER"]
    rules = (*others, replace(told, **retired)) if retired else others
    silent = replace(shipped, rules=rules)
    assert screened(SIMILAR | {"dismissals": [{"entry": "X1"}]}, silent).outcome == "review"


def test_the_facts_hold_the_dismissals_and_come_back_with_them(shipped: Policy) -> None:
    shipment = shipment_of(EQUAL | {"dismissals": [{"entry": "X1", "match": "equal", "confirmed_by": "A Senior"}]})
    again = facts.restore(facts.as_dict(shipment))
    assert again == shipment
    assert facts.digest(again) == facts.digest(shipment)
    policy = policy_of(EQUAL, shipped)
    assert screen(again, policy) == screen(shipment, policy)


def test_facts_that_were_kept_before_there_were_dismissals_come_back_with_their_digest() -> None:
    shipment = shipment_of(SIMILAR)
    stored = facts.as_dict(shipment)
    assert not {"dismissals", "screened_on"} & set(stored)
    assert facts.digest(facts.restore(stored)) == facts.digest(shipment)
    assert facts.digest(shipment_of(SIMILAR | {"dismissals": [{"entry": "X1"}]})) != facts.digest(shipment)


def test_the_hits_of_a_party_are_those_that_stand_and_those_that_are_dismissed(shipped: Policy) -> None:
    patch = SIMILAR | {"dismissals": [{"entry": "X1"}]}
    gathered = gather(shipment_of(patch), policy_of(patch, shipped))
    party = next(party for party in gathered.shipment.parties if party.role == "consignee")
    assert (party.hits, [hit.entry for hit in party.dismissed]) == ([], ["X1"])


words = st.text(alphabet=st.characters(categories=("L", "M", "N", "P", "Z", "S")), max_size=30)


@given(first=words, second=words)
def test_the_names_of_two_parties_fold_together_only_when_they_say_the_same(first: str, second: str) -> None:
    parties = [Party(role="bank", name=name, country="RU") for name in (first, second)]
    assert (party_digest(parties[0]) == party_digest(parties[1])) is (fold(first) == fold(second))


@pytest.mark.parametrize(("first", "second"), [("李", "里"), ("Müller", "Muller"), ("कि", "कु"), ("C+", "C")])
def test_letters_that_only_sound_alike_are_not_folded_together(first: str, second: str) -> None:
    assert fold(first) != fold(second)
