"""XML lists read as a stream: one record at a time, never a tree of the file, never a document type declaration.

The parser of `defusedxml` refuses declarations, and with them every entity. Here its events make only the records that
an importer wants, so memory holds one record; what no list has (deep nesting, a value of megabytes) is refused.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sized
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from policies.importers.recognise import instead
from policies.importers.shape import ListFile, ListFileError

CHUNK = 65_536
DEEPEST = 64  # elements within each other; the deepest list has 12
LARGEST = 4_000_000  # characters of one record, and bytes of one tag
NAMES = 1_000  # kinds of elements, and of attributes; the richest list has about 150
ELEMENT = 100  # what an element counts beside its text


class XmlStream:
    """The root (its attributes only) and then the records of a file, as elements without namespaces.

    `wanted` are the names of the records; what stands in a record comes with it. `line` is where the record given last
    starts. Raises `ListFileError` with line and column.
    """

    def __init__(self, file: ListFile, *, root: str, wanted: Collection[str]) -> None:
        self.file, self.root, self.wanted = file, root, frozenset(wanted)
        self.line = 0
        self._ready: deque[tuple[int, Element]] = deque()
        self._open: list[Element] = []
        self._text: list[str] = []
        self._names: dict[str, str] = {}
        self._attributes: set[str] = set()
        self._depth = self._size = self._start_line = 0
        self._parser: Any = None

    def __iter__(self) -> Iterator[Element]:
        self.file.stream.seek(0)
        # Own handlers on its parser: those that refuse declarations stay, those that build a tree go.
        self._parser = parser = DefusedXMLParser(forbid_dtd=True).parser
        parser.ordered_attributes = False
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._characters
        parser.DefaultHandlerExpand = None
        fed = 0
        while chunk := self.file.stream.read(CHUNK):
            fed += len(chunk)
            self._parse(chunk, last=False)
            yield from self._given()
            if fed - parser.CurrentByteIndex > LARGEST:
                raise self._error_here(f"a single value or tag is larger than {LARGEST} bytes; this is no list file")
        if not fed:
            raise ListFileError("the file is empty (0 bytes); download it again", file=self.file.name)
        self._parse(b"", last=True)
        yield from self._given()

    def error(self, message: str) -> ListFileError:
        """An error in the record given last."""
        return ListFileError(message, file=self.file.name, line=self.line)

    def _given(self) -> Iterator[Element]:
        while self._ready:
            self.line, element = self._ready.popleft()
            yield element

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except ExpatError as error:
            raise self._damaged(error) from error
        except DefusedXmlException as error:
            message = "a document type declaration stands in the file; lists have none, and it may hide an attack"
            raise self._error_here(message + instead(self.file)) from error
        except (LookupError, ValueError) as error:
            raise self._error_here(f"the declared encoding cannot be read ({error}); save the file as UTF-8") from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._error_here(f"elements stand {DEEPEST} deep within each other; this is no list file")
        tag = self._names.get(name) or self._name(name)
        if not attributes.keys() <= self._attributes:
            self._attributes |= attributes.keys()
            self._few(self._attributes)
        if self._depth == 1:
            if tag != self.root:
                message = (
                    f"the root element is {tag!r}, expected {self.root!r}{instead(self.file) or ': another list?'}"
                )
                raise ListFileError(message, file=self.file.name, line=self._parser.CurrentLineNumber)
            self._ready.append((self._parser.CurrentLineNumber, Element(tag, attributes)))
        elif self._open or tag in self.wanted:
            element = Element(tag, attributes)
            if self._open:
                self._open[-1].append(element)
            else:
                self._size, self._start_line = 0, self._parser.CurrentLineNumber
            self._open.append(element)
            self._grow(sum(map(len, attributes.values()), ELEMENT) if attributes else ELEMENT)
        self._text.clear()

    def _name(self, name: str) -> str:
        self._names[name] = name.rpartition("}")[2]
        self._few(self._names)
        return self._names[name]

    def _few(self, names: Sized) -> None:
        if len(names) > NAMES:  # the parser keeps every name to the end
            raise self._error_here(f"more than {NAMES} kinds of elements or attributes; this is no list file")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            element.text = "".join(self._text)
            if not self._open:
                self._ready.append((self._start_line, element))
        self._text.clear()

    def _characters(self, text: str) -> None:
        if self._open:
            self._grow(len(text))
            self._text.append(text)

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > LARGEST:
            raise self._error_here(f"the entry is larger than {LARGEST} characters; this is no list file")

    def _damaged(self, error: ExpatError) -> ListFileError:
        words = str(error).split(":")[0]
        self.file.stream.seek(max(self._parser.ErrorByteIndex, 0))
        if (byte := self.file.stream.read(1)) >= b"\x80":
            words += f": byte 0x{byte.hex()} does not belong to the declared encoding"
        hint = instead(self.file) if not self._depth else ""
        message = f"{words}{hint or '; the file is cut off or damaged, download it again'}"
        return ListFileError(message, file=self.file.name, line=error.lineno, column=error.offset + 1)

    def _error_here(self, message: str) -> ListFileError:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        return ListFileError(message, file=self.file.name, line=line, column=column)


def text(element: Element, path: str) -> str:
    """The text at a path on one line, or ""."""
    return " ".join((element.findtext(path) or "").split())


def texts(element: Element, path: str) -> list[str]:
    """Every text at a path that is not empty."""
    return [found for child in element.iterfind(path) if (found := " ".join((child.text or "").split()))]
