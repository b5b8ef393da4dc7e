"""A text in pieces, those marked that say what was asked for. Whoever shows it escapes the pieces, not the whole."""

import re
from dataclasses import dataclass

from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.classify.words import split

_PIECE = re.compile(r"[^\W_]+(?:[.,][0-9]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. `marked` parts are the words that met the query."""

    text: str
    marked: bool


Marked = tuple[Piece, ...]


def marked(text: str, numbers: frozenset[int], vocabulary: Vocabulary) -> Marked:
    """A text cut where marked words begin and end; its pieces joined are the text."""
    pieces: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(text) if numbers else ():
        words = split(match[0])
        if words and all(meant & numbers for meant in vocabulary.read(words)):
            if match.start() > end:
                pieces.append(Piece(text[end : match.start()], False))
            pieces.append(Piece(match[0], True))
            end = match.end()
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return tuple(pieces)
