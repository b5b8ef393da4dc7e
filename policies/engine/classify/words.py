"""Words as the classifier compares them: split in every script, folded, and stemmed by their language.

A key is a stem with its namespace: `e:` English, `l:` Latvian and German (endings cut), `r:` Russian. A Latin word of
a description could be any of the first two and has both keys; a term has the one of its language.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer
from anyascii import anyascii

LANGUAGES = {"en": "e", "lv": "l", "de": "l", "la": "l", "ru": "r"}
# A letter that follows digits begins a new word: 40GHz, 3D and 2RS split, T700 and EP2C35 do not.
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_ENDINGS = (
    *("ajiem", "ajam", "ajas", "ajai"),
    *("ajs", "iem", "ais", "ies", "ern", "ens"),
    *("am", "as", "ai", "es", "is", "us", "os", "em", "en", "er", "um"),
    *("a", "e", "i", "u", "o", "s", "n"),
)
SHORTEST = 4  # letters that a cut ending leaves at least
_PLURAL_KEPT = ("ss", "us", "is", "gas", "lens", "axis", "chassis", "series")
# English stemmers are not safe for threads of one process at once; a word is stemmed once and then remembered.
_english = Stemmer.Stemmer("english", 0)
_russian = Stemmer.Stemmer("russian", 0)


def split(text: str) -> list[str]:
    """The words of a text, lower case.

    >>> split("Carbon-fibre T700, 40GHz µm")
    ['carbon', 'fibre', 't700', '40', 'ghz', 'μm']
    """
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[str, ...]:
    """Every key that a word of a description may have.

    >>> keys("pumps"), keys("насосов"), keys("sūkņi")
    (('e:pump', 'l:pump'), ('r:насос',), ('e:sukni', 'l:sukn'))
    """
    if _CYRILLIC.search(word):
        return ("r:" + _russian.stemWord(word.replace("ё", "е")),)
    plain = anyascii(word).lower()
    if plain[:1].isdigit():
        return ("e:" + plain.replace(",", "."),)
    return ("e:" + _english.stemWord(_singular(plain)), "l:" + _cut(plain))


def key(word: str, language: str) -> str:
    """The key of a word of a list, in the language of its row."""
    found = keys(word)
    wanted = LANGUAGES.get(language, "e")
    return next((item for item in found if item.startswith(wanted)), found[0])


def _singular(word: str) -> str:
    if word == "axes":
        return "axis"
    if len(word) > 3 and word.endswith("s") and not word.endswith(_PLURAL_KEPT):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


def _cut(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word[: -len(ending)]
    return word
