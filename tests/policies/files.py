"""Small list files made by hand, and the real ones where they are at hand."""

import os
from io import BytesIO
from pathlib import Path

import pytest

from policies.importers import ListFile, Report, Row, importers

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "lists"
if not REAL.is_dir() and os.environ.get("CI"):
    raise RuntimeError(f"The published lists are missing: {REAL}")
SAMPLES = Path(__file__).resolve().parent / "samples"
needs_real_lists = pytest.mark.skipif(not REAL.is_dir(), reason=f"the published lists are not at {REAL}")

EMPTY = "-0- "
END = b"\x1a"


def list_file(content: bytes | str, name: str = "list.csv") -> ListFile:
    return ListFile(name, BytesIO(content.encode() if isinstance(content, str) else content))


def real(*names: str) -> list[ListFile]:
    return [list_file((REAL / name).read_bytes(), name) for name in names]


def sample(name: str) -> ListFile:
    """A hand-made file that follows a publisher's schema; every name in it is invented."""
    return list_file((SAMPLES / name).read_bytes(), name)


def parse(source: str, *files: ListFile, name: str = "") -> tuple[list[Row], Report]:
    """All rows of a source with one list, and the finished report."""
    (importer,) = importers(source, name=name)
    report = Report()
    return list(importer.parse(files, report)), report


def primary(
    number: int, name: str, *, type_: str = EMPTY, remarks: str = EMPTY, flag: str = EMPTY, programme: str = "CUBA"
) -> str:
    """One line of an OFAC primary file."""
    fields = [str(number), quoted(name), quoted(type_), quoted(programme)]
    return ",".join([*fields, *[EMPTY] * 5, quoted(flag), EMPTY, quoted(remarks)]) + "\r\n"


def quoted(text: str) -> str:
    return text if text == EMPTY else f'"{text}"'


def ofac(*lines: str, name: str = "sdn.csv") -> ListFile:
    return list_file("".join(lines).encode() + END, name)


def sdn(count: int, *, first: int = 1) -> ListFile:
    """A primary file with that many companies."""
    return ofac(*(primary(number, f"COMPANY {number} LLC") for number in range(first, first + count)))


UN_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">\n'


def un(individuals: str = "", entities: str = "", *, name: str = "un.xml") -> ListFile:
    body = f"<INDIVIDUALS>{individuals}</INDIVIDUALS>\n<ENTITIES>{entities}</ENTITIES>\n</CONSOLIDATED_LIST>\n"
    return list_file(UN_HEAD + body, name)
