"""A name's text in one form: invisible characters, look-alike letters, scripts, case and punctuation folded away."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LONGEST_NAME = 1000  # characters of a name that are looked at; no list has a longer one
MOST_WORDS = 40
_SPELLED = re.compile(r"\b[a-z](?:\. ?[a-z]\b|  ?[a-z]\b)+\.?")
_APOSTROPHE = re.compile(r"['’‘ʼ`´ʹ]")
_WORD = re.compile(r"[a-z0-9]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_BLANK = re.compile(r"\s+")
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_STACKED = re.compile(f"(?<={_MARK}{{4}}){_MARK}+")  # no writing puts five marks on a letter
# Arrows, shapes, emoji and trade marks; letters in circles and squares are letters and stay.
_PICTURE = re.compile("[\u00a9\u00ae\u2117\u2120\u2122\u2190-\u245f\u2500-\u2bff\U0001f1e6-\U0001faff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SHIP = re.compile(r"^imo(?:no|number)?(\d{7})$")
_RUN = re.compile(r"[^\W\d_]+")
_TATWEEL_AND_VOWELS = re.compile(  # Arabic and Hebrew vowel signs, which names are written with and without
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
# Letters of one spelling that writers exchange freely: alef with and without hamza, Arabic and Persian ye and kaf.
_NATIVE = str.maketrans("أإآٱىيئكةؤۀھګڪۍې", "اااایییکهوههککیی")
# Cyrillic and Greek letters that look like Latin ones: what a mixed word means by them is how they look.
_LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρ",
    "ABESIJKMHOPCTYXaesijopcyxdqwhABEZHIKMNOPTYXovap",
)
_LOOKS_CYRILLIC = str.maketrans("ABEIJKMHOPCTXYaeijopcxysi", "АВЕІЈКМНОРСТХУаеіјорсхуѕі")


def plain(name: str) -> str:
    """The name as people read it: compatibility forms, invisible and control characters and look-alikes resolved.

    What nobody reads is taken out before the rest is cut to `LONGEST_NAME`, so that it pushes nothing out of sight.

    >>> plain("Ro\\u0441oil\\u202e")  # a Cyrillic letter within a Latin word, and a mark that turns the line around
    'Rocoil'
    """
    if name.isascii():
        return _shortened(name)
    text = _STACKED.sub("", _PICTURE.sub(" ", _INVISIBLE.sub("", name)))
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _shortened(text)))
    text = _shortened(_TATWEEL_AND_VOWELS.sub("", text))
    return _RUN.sub(lambda run: _unmixed(run[0]), text)


def split(name: str, *, initials: bool = False) -> list[str]:
    """The words of a name in lower-case Latin letters and digits, in their order; at most `MOST_WORDS`.

    Single letters in a row are one word (J.S.C., S. A.) unless they are `initials`.

    >>> split("ООО «Звёздный» & Co., J.S. C."), split("J. R. Smith", initials=True)
    (['ooo', 'zvezdnyy', 'and', 'co', 'jsc'], ['j', 'r', 'smith'])
    """
    text = _APOSTROPHE.sub("", anyascii(plain(name).replace("&", " and ")).lower())
    if not initials:
        text = _SPELLED.sub(lambda found: "".join(_WORD.findall(found[0])) + " ", text)
    return _WORD.findall(text)[:MOST_WORDS]


def identifier(value: str) -> str:
    """An identifier without its punctuation.

    >>> identifier("LV 4000-301"), identifier("IMO 9187629")
    ('lv4000301', '9187629')
    """
    return _SHIP.sub(r"\1", "".join(_WORD.findall(anyascii(plain(value)).lower())))


def native(word: str) -> str:
    """A word of a native script (`plain`) without free variants of letters, as tables of names are kept."""
    return word.translate(_NATIVE)


def script(word: str) -> str:
    """The script of a word's first letter: latin, cyrillic, arabic, greek, hebrew, hangul, kana, han; empty for others.

    >>> script("Звезда"), script("محمد"), script("7"), script("ﾛｼｱ")
    ('cyrillic', 'arabic', '', 'kana')
    """
    for letter in word:
        if letter.isalpha():
            return _script(letter)
    return ""


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    named = unicodedata.name(letter, "").removeprefix("HALFWIDTH ").split(" ", 1)[0].lower()
    return {"katakana": "kana", "katakana-hiragana": "kana", "hiragana": "kana", "cjk": "han"}.get(named, named)


def _shortened(name: str) -> str:
    return _BLANK.sub(" ", _CONTROL.sub(" ", name)).lstrip()[:LONGEST_NAME]


def _unmixed(word: str) -> str:
    """A word of two alphabets in one: in Latin, or in Cyrillic when it has letters that only Cyrillic has."""
    if word.isascii():
        return word
    scripts = {_script(letter) for letter in word}
    if "latin" not in scripts or not scripts & {"cyrillic", "greek"}:
        return word
    latin = word.translate(_LOOKS)
    cyrillic = word.translate(_LOOKS_CYRILLIC)
    return cyrillic if not latin.isascii() and {_script(letter) for letter in cyrillic} == {"cyrillic"} else latin
