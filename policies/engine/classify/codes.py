"""Control codes as people write them, read into one form: `5a2a1`, `5A002.a.1` and `ECCN 5A002 A 1` are the same code.

Families: Annex I (`5A002.a.1`), military list (`ML10.c`), firearms (`B4`, `PART`, `AMMO`), anti-torture (`AT-III-2.1`),
national lists (`10A905`, own ones `LV-DRONE-1`) and foreign lists (`EAR99`).
"""

import re
from functools import lru_cache

_PREFIX = re.compile(r"^(?:ECCN|EU|ANNEX\s+I|UK|CODE|CAT(?:EGORY)?)[\s:.]+", re.IGNORECASE)
_ANNEX_I = re.compile(r"^([0-9])([A-E])([0-9]{1,3})((?:[.\s-]*[A-Z0-9])*)$", re.IGNORECASE)
_MILITARY = re.compile(r"^ML[\s.-]*([0-9]{1,2})((?:[.\s-]*[A-Z0-9])*)$", re.IGNORECASE)
_FIREARM = re.compile(r"^(?:FA[\s.-]?)?([AB][1-9]|C[1-7]|P[12]|M1|PART|AMMO)$", re.IGNORECASE)
_TORTURE = re.compile(r"^AT[\s-]*(II|III|IV)(?:[\s-]*([0-9]+(?:\.[0-9]+)*))?$", re.IGNORECASE)
_NATIONAL = re.compile(r"^(?:LV[\s-]*)?(10[A-E]9[0-9X]{2})((?:[.\s-]*[A-Z0-9])*)$", re.IGNORECASE)
_OTHER_STATE = re.compile(
    r"^(?:EAR99|PL[0-9]{4}|EX10[A-E][0-9]{3}|(?:LV|DE|NL|FR|ES|IT|GB|US)-[A-Z0-9-]{2,20})$", re.IGNORECASE
)
_STATE_PREFIX = re.compile(r"^(?:DE|NL|FR|ES|IT|GB|US)[\s:]+(?=[0-9][A-E][0-9]{3})", re.IGNORECASE)
ONE_KIND = ({"AMMO", "M1"}, {"PART", "P1", "P2"})  # family codes and what they hold
_LOOKALIKES = str.maketrans("АВСЕМТТаесі", "ABCEMTTaeci")  # Cyrillic letters that look Latin
_PARTS = re.compile(r"[A-Z]|[0-9]+", re.IGNORECASE)


def normalise(text: str) -> str:
    """The code in its one form, or an empty string when the text is no code of any family.

    >>> normalise("5a2a1"), normalise("ML10c"), normalise("1C350.46"), normalise("screwdriver")
    ('5A002.a.1', 'ML10.c', '1C350.46', '')
    """
    latin = text.translate(_LOOKALIKES)
    code = _STATE_PREFIX.sub("", _PREFIX.sub("", latin.strip(" .;,\t\n")))
    if match := _NATIONAL.match(code):
        return _join(match[1].upper().replace("X", "x"), match[2])
    if match := _ANNEX_I.match(code):
        return _join(f"{match[1]}{match[2].upper()}{match[3].zfill(3)}", match[4])
    if match := _MILITARY.match(code):
        return _join(f"ML{int(match[1])}", match[2]) if 1 <= int(match[1]) <= 22 else ""
    if match := _FIREARM.match(code):
        return match[1].upper()
    if match := _TORTURE.match(code):
        return f"AT-{match[1].upper()}" + (f"-{match[2]}" if match[2] else "")
    return code.upper() if _OTHER_STATE.match(code) else ""


@lru_cache(maxsize=16384)
def parents(code: str) -> tuple[str, ...]:
    """The code and everything above it, most exact first.

    >>> parents("5A002.a.1")
    ('5A002.a.1', '5A002.a', '5A002')
    >>> parents("AT-III-2.1")
    ('AT-III-2.1', 'AT-III')
    """
    if code.startswith("AT-"):
        annex = "-".join(code.split("-")[:2])
        return (code,) if code == annex else (code, annex)
    parts = code.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts), 0, -1))


def within(code: str, entry: str) -> bool:
    """Whether a code is the entry or stands below it.

    >>> within("5A002.a.1", "5A002.a"), within("5A002", "5A002.a")
    (True, False)
    """
    return entry in parents(code)


def begins(code: str, start: str) -> bool:
    """Whether a code stands within another, or begins as lists write many of Annex I at once (`9B`, `2B2`).

    >>> begins("2B201.a", "2B2"), begins("ML1.a", "ML1"), begins("ML10", "ML1"), begins("AT-III-1", "AT-II")
    (True, True, False, False)
    """
    return within(code, start) or (start[:1].isdigit() and "." not in start and code.startswith(start))


def related(left: str, right: str) -> bool:
    """Whether two codes name the same goods: one entry, or twins of two regimes (2B001/2B201, 9A012/9A112)."""
    if not left or not right:
        return False
    if any(left in same and right in same for same in ONE_KIND):
        return True
    first, second = parents(left)[-1], parents(right)[-1]
    chemical = first == second and first in ("1C350", "1C450")
    if chemical:
        return within(left, right) or within(right, left)
    return first == second or (len(first) == len(second) == 5 and first[:2] == second[:2] and first[3:] == second[3:])


def _join(top: str, rest: str) -> str:
    return ".".join([top, *(part.lower() for part in _PARTS.findall(rest))])
