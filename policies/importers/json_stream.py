"""Large JSON files, one item at a time: the objects of one array, or one object a line; never the whole in memory.

The standard library reads a JSON document whole or not at all; this reads it piece by piece with its decoder.
"""

import json
from collections.abc import Iterator
from typing import Any

from policies.importers.recognise import instead
from policies.importers.shape import Lines, ListFile, ListFileError

Item = dict[str, Any]
CHUNK = 1 << 16
LONGEST = 1_000_000  # characters of one item
SPACE = " \t\r\n"
_DAMAGED = "the file is cut off or damaged, download it again"


def objects(file: ListFile, key: str) -> Iterator[Item]:
    """The objects of the array that stands under a key of the outermost object.

    Raises `ListFileError` with the byte where the file is not JSON, ends too early, or holds something else there.
    """
    text = _Text(file)
    text.expect("{", what=f"an object with {key!r}: another list?")
    while True:
        name = text.value()
        text.expect(":")
        if name == key:
            break
        text.value()
        text.expect(",", what=f"{key!r}: another list?")
    text.expect("[", what="a list")
    if not text.skip("]"):
        while True:
            yield _item(text.value(), text)
            if text.skip("]"):
                break
            text.expect(",")
    while text.skip(","):
        text.value()
        text.expect(":")
        text.value()
    text.expect("}")
    text.end()


def lines(file: ListFile) -> Iterator[Item]:
    """One object a line. Raises `ListFileError` with line and column."""
    text = Lines(file)
    decoder = json.JSONDecoder(parse_constant=_no_number)
    for line in text:
        if line.strip():
            try:
                value = decoder.decode(line)
            except (ValueError, RecursionError) as error:
                column = error.colno if isinstance(error, json.JSONDecodeError) else 1
                raise text.error(f"no JSON object ({_said(error)}); {_DAMAGED}", column=column) from error
            if not isinstance(value, dict):
                raise text.error(f"expected an object, found {str(value)[:40]!r}: another list?", column=1)
            yield value
    if not text.last.endswith("\n"):
        raise text.error("the last line does not end; the file is cut off, download it again")


class _Text:
    """A window on the text of a file, which moves on as values are taken from it."""

    def __init__(self, file: ListFile) -> None:
        self._file, self._window, self._place, self._passed = file, "", 0, 0
        self._decoder = json.JSONDecoder(parse_constant=_no_number)
        file.stream.seek(0)
        self._left = b""
        if not self._more():
            raise ListFileError("the file is empty (0 bytes); download it again", file=file.name)
        self._window = self._window.removeprefix("\ufeff")

    def value(self) -> Any:
        """The next value, whole."""
        self._ahead()
        size = CHUNK
        while True:
            try:
                found, end = self._decoder.raw_decode(self._window, self._place)
            except (ValueError, RecursionError) as error:
                if not isinstance(error, json.JSONDecodeError) or not self._more(size):
                    raise self.error(f"no JSON ({_said(error)}); {_DAMAGED}") from error
            else:
                if end < len(self._window) or not self._more(size):  # a number may go on in the next piece
                    self._place = end
                    return found
            if len(self._window) - self._place > LONGEST:
                raise self.error(f"one item is longer than {LONGEST} characters; this is no list file")
            size *= 2

    def expect(self, mark: str, *, what: str = "") -> None:
        if not self.skip(mark):
            found = self._window[self._place : self._place + 20]
            said = f"found {found!r}" if found else "the file ends"
            end = instead(self._file) if what else ""
            raise self.error(f"expected {what or repr(mark)}, {said}{end or f'; {_DAMAGED}'}")

    def skip(self, mark: str) -> bool:
        """Go past a mark, if it stands next."""
        self._ahead()
        stands = self._window.startswith(mark, self._place)
        self._place += len(mark) if stands else 0
        return stands

    def end(self) -> None:
        self._ahead()
        if self._place < len(self._window):
            raise self.error(f"something follows the list; {_DAMAGED}")

    def error(self, message: str) -> ListFileError:
        return ListFileError(f"character {self._passed + self._place + 1}: {message}", file=self._file.name)

    def _ahead(self) -> None:
        """Go past white space, and forget what was read."""
        while True:
            while self._place < len(self._window) and self._window[self._place] in SPACE:
                self._place += 1
            if self._place < len(self._window):
                break
            if not self._more():
                return
        if self._place > CHUNK:
            self._window, self._passed, self._place = self._window[self._place :], self._passed + self._place, 0

    def _more(self, size: int = CHUNK) -> bool:
        raw = self._file.stream.read(size)
        if not raw and not self._left:
            return False
        data = self._left + raw
        try:
            text, self._left = data.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            cut = error.start >= len(data) - 3 and bool(raw)  # a character may go on in the next piece
            text, self._left = data[: error.start].decode("utf-8"), data[error.start :]
            if not cut:
                self._place = len(self._window) + len(text)
                raise self.error(f"byte 0x{data[error.start]:02x} is not UTF-8") from error
        self._window += text
        return True


def _item(value: Any, text: _Text) -> Item:
    if not isinstance(value, dict):
        raise text.error(f"expected an object, found {str(value)[:40]!r}: another list?")
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _said(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error).split(":")[0].split(" (")[0]
