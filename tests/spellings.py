"""Names as lists have them and as people spoil them, for tests that compare what is found from either side."""

import random
import re
from collections.abc import Sequence

from policies.engine.lists import Listed

FORMS = ("as", "sia", "llc", "jsc", "ltd", "joint stock company", "ooo")
RARE = re.findall(
    r"\w+",
    "zvezdny ordnance severny fjord kontor anadolu makina izmir gujarat analytical baltic precision meridian "
    "rotorcraft institute karachi dairy indus process polar aurora vostok lazurit almaz kvant orion granit radius "
    "spektr topaz kristall sapphire helios borealis petrochem stroymontazh elektronika aviazapchast "
    "metallurg oboronprom",
)
COMMON = ["trading", "company", "international", "limited", "general", "industrial", "logistics", "export", "zavod"]
GIVEN = [
    *("alexander", "mohammed", "ivan", "sergei", "li", "wei", "ali", "hassan", "abu", "bakar", "yusuf", "dmitri"),
    *("william", "maria", "na", "karim", "abdul", "rahman"),
]
FAMILY = re.findall(
    r"\w+",
    "kalashnikov dostoyevsky petrov ivanov abdullah basyir karimov zhang wang smith novak tereshchenko al qaddafi "
    "saidov haddad iskanderov prigozhin",
)
COMPANIES, PEOPLE = (RARE, COMMON), (GIVEN, FAMILY)
_CYRILLIC = str.maketrans("abvgdezijklmnoprstufy", "абвгдезийклмнопрстуфы")
_ARABIC = str.maketrans("abdhiklmnrstuyw", "ابدهيكلمنرستويو", "eo")


def company(chance: random.Random) -> str:
    rare = chance.sample(RARE, chance.choice((1, 1, 2, 2, 3)))
    return " ".join([*rare, *chance.sample(COMMON, chance.choice((0, 1, 2)))]).title()


def person(chance: random.Random) -> str:
    return " ".join([*chance.sample(GIVEN, chance.choice((1, 1, 2, 3))), chance.choice(FAMILY)]).title()


def listed_entries(chance: random.Random, count: int) -> list[Listed]:
    """Entries of all kinds, some with aliases, countries and births."""
    found = []
    for number in range(count):
        kind = chance.choice(("person", "", "organisation"))
        name = person if kind == "person" or (not kind and chance.random() < 0.5) else company
        aliases = tuple(name(chance) for _ in range(chance.choice((0, 0, 1))))
        births = chance.choice(((), ("1970-01-01",)))
        countries = chance.choice(((), ("RU",)))
        found.append(
            Listed("l", f"E{number}", name(chance), "review", kind, aliases, countries=countries, births=births)
        )
    return found


def native(name: str, table: dict[int, int | None]) -> str:
    """A name in another script, roughly."""
    return name.lower().translate(table)


def spoilt(chance: random.Random, name: str) -> str:
    """A name as somebody may write it: letters lost, swapped or doubled; words gone, added, joined, cut or turned."""
    words = name.split()
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        words = _changed(chance, words)
    if chance.random() < 0.08:
        return native(" ".join(words), chance.choice((_CYRILLIC, _ARABIC)))
    return " ".join(words) if chance.random() < 0.5 else " ".join(words).upper()


def _changed(chance: random.Random, words: Sequence[str]) -> list[str]:
    place = chance.randrange(len(words))
    word, before, after = words[place], list(words[:place]), list(words[place + 1 :])
    at = chance.randrange(len(word))
    letter = chance.choice("aeiounrst")
    match chance.randrange(12):
        case 0:
            return [*before, word[:at] + word[at + 1 :] or word, *after]
        case 1:
            return [*before, word[:at] + letter + word[at:], *after]
        case 2:
            return [*before, word[:at] + letter + word[at + 1 :], *after]
        case 3:
            return [*words, chance.choice(COMMON)]
        case 4:
            return [*before, *after] if len(words) > 1 else list(words)
        case 5:
            return chance.sample(words, len(words))
        case 6:
            return [*words, chance.choice(("SIA", "LLC", "Joint Stock Company"))]
        case 7:
            return [*before, word + after[0], *after[1:]] if after else list(words)
        case 8:
            return ["".join(words)]
        case 9:
            return [*before, word[:at], word[at:], *after] if at > 1 else list(words)
        case 10:
            return [*before, word[0] + ".", *after] if len(words) > 1 else list(words)
        case _:
            return ["Mr", *words]
