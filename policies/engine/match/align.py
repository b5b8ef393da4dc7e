"""Two names laid side by side: which word met which, how, and what was left over on either side."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from policies.engine.match.lexicon import PATRONYMICS, Lexicon
from policies.engine.match.sound import bare_skeleton, bare_skeletons, neutral, skeleton

MEANS = {"variant": 0.93, "number": 0.95, "translation": 0.88, "abbreviation": 0.88, "nickname": 0.78}
TYPO = 0.5  # similarity from which two words may be one word misspelt
MISSPELT = 0.7  # from which it is said to be that, whatever it sounds like
SOUND, SHORT_SOUND, ALIKE = 0.5, 0.4, 0.4  # what the same sound is worth, with three consonants or two, and likeness
BARE = (0.0, 0.0, 0.72, 0.86, 0.92)  # the same consonants where a script writes no vowels, by how many they are
SPELLED = 0.93  # what only transliterations differ in
FATHER = 0.6  # likeness of two fathers' names from which they may be one misspelt
LEFT, RIGHT = 1, 2
INITIAL = 0.5
JOINED = 0.7

# (places of declared words, places of listed words, worth from 0 to 1, how)
Met = tuple[tuple[int, ...], tuple[int, ...], float, str]


@lru_cache(maxsize=262144)
def alike(left: str, right: str, bare: int = 0) -> tuple[float, str]:
    """What two words have in common, from 0 to 1, and how: same, initial, spelling, sound, transliteration, typo.

    `bare` says which may come from a script that writes no vowels: `LEFT`, `RIGHT`, or neither (0).
    """
    if left == right:
        return 1.0, "same"
    if left.isdigit() or right.isdigit():
        return 0.0, ""
    short, long = sorted((len(left), len(right)))
    if short == 1:
        return (INITIAL, "initial") if left[0] == right[0] else (0.0, "")
    similar = float(OSA.normalized_similarity(left, right))
    if similar < SPELLED and neutral(left) == neutral(right):
        return SPELLED, "spelling"
    if left.endswith(PATRONYMICS) and right.endswith(PATRONYMICS) and not _same_father(left, right):
        return 0.0, ""
    sound = _sound(left, right, similar) if similar < SOUND + ALIKE else 0.0
    if bare and (likeness := _bare(*((left, right) if bare == LEFT else (right, left)))) > max(similar, sound):
        return likeness, "transliteration"
    if sound > similar:
        return sound, "typo" if similar >= MISSPELT else "sound"
    return (similar, "typo") if similar >= TYPO else (0.0, "")


def _sound(left: str, right: str, similar: float) -> float:
    """What two words are worth that have the same consonants: more, the more else of them is the same."""
    one, other = skeleton(left), skeleton(right)
    if one != other or len(one) < 2:
        return 0.0
    return (SOUND if len(one) >= 3 else SHORT_SOUND) + ALIKE * similar


def _bare(bare: str, other: str) -> float:
    """What two words are worth of which one was written without vowels."""
    consonants = bare_skeleton(other)
    return unvoiced(consonants) if consonants in bare_skeletons(bare) else 0.0


def unvoiced(consonants: str) -> float:
    """What it is worth to have the same consonants where a script writes no vowels."""
    return BARE[min(len(consonants), len(BARE) - 1)]


def _same_father(left: str, right: str) -> bool:
    """Whether two patronymics may be of one father; their endings are alike in any case."""
    one, other = (word[: -next(len(end) for end in PATRONYMICS if word.endswith(end))] for word in (left, right))
    return float(OSA.normalized_similarity(one, other)) >= FATHER


def align(
    declared: Sequence[str],
    listed: Sequence[str],
    heavy: Sequence[float],
    light: Sequence[float],
    *,
    lexicon: Lexicon,
    person: bool,
    bare: int = 0,
) -> list[Met]:
    """Pairs of places, best first, each word once; then what was cut or joined at other places is put together.

    `heavy` and `light` are the weights of the declared and of the listed words.
    """
    options = []
    meant = [lexicon.meaning(right, person=person) for right in listed]
    for i, left in enumerate(declared):
        means = lexicon.meaning(left, person=person)
        for j, right in enumerate(listed):
            worth, how = alike(left, right, bare)
            if worth < 1 and means == meant[j]:
                shared = lexicon.shared(left, right, person=person)
                worth, how = max((worth, how), (MEANS[shared], shared))
            elif 0 < worth < 1 and lexicon.is_number(left) and lexicon.is_number(right):
                continue
            if worth:
                options.append((worth * (heavy[i] + light[j]), -abs(i - j), worth, how, i, j))
    options.sort(reverse=True)
    used_left: set[int] = set()
    used_right: set[int] = set()
    met: list[Met] = []
    for _rank, _near, worth, how, i, j in options:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            met.append(((i,), (j,), worth, how))
    if len(met) < max(len(declared), len(listed)) or any(pair[2] < 1 for pair in met):
        return _joined(declared, listed, heavy, light, met)
    return met


def _joined(
    declared: Sequence[str], listed: Sequence[str], heavy: Sequence[float], light: Sequence[float], met: list[Met]
) -> list[Met]:
    """The same pairs, or fewer of them when the words they leave unsure are one text that was cut elsewhere."""
    sure = [pair for pair in met if pair[2] == 1 or pair[3] in MEANS]
    unsure = [pair for pair in met if pair[2] < 1 and pair[3] not in MEANS]
    taken_left = {place for pair in sure for place in pair[0]}
    taken_right = {place for pair in sure for place in pair[1]}
    left = tuple(place for place in range(len(declared)) if place not in taken_left)
    right = tuple(place for place in range(len(listed)) if place not in taken_right)
    if not left or not right or len(left) + len(right) < 3:
        return met
    one = "".join(declared[place] for place in left)
    if min(len(one), sum(len(listed[place]) for place in right)) < 4:
        return met
    partner = {pair[1][0]: pair[0][0] for pair in unsure}
    beside = tuple(sorted(right, key=lambda place: (partner.get(place, partner.get(place - 1, place)), place)))
    worth, right = max(
        (float(OSA.normalized_similarity(one, "".join(listed[place] for place in order))), order)
        for order in {right, beside}
    )
    gained = worth * (sum(heavy[place] for place in left) + sum(light[place] for place in right))
    given = sum(pair[2] * (heavy[pair[0][0]] + light[pair[1][0]]) for pair in unsure)
    if worth < JOINED or gained <= given:
        return met
    how = "joined" if len(left) < len(right) else "split" if len(left) > len(right) else "typo"
    return [*sure, (left, right, worth, how)]
