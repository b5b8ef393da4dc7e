"""The US Consolidated Screening List as JSON: `{"results": [...]}` with the fields of the CSV, read one at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.importers import csl, json_stream
from policies.importers.csl_csv import note
from policies.importers.shape import ListFile, ListFileError, Report, Row, only

ADDRESS = ("address", "city", "state", "postal_code", "country")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file, records of one entry joined."""
    yield from csl.entries(_records(only(files), report), report)


def _records(file: ListFile, report: Report) -> Iterator[csl.Record]:
    for number, item in enumerate(json_stream.objects(file, "results"), start=1):
        if "source" not in item or "name" not in item:
            message = f"result {number} has no 'source' and 'name': no US consolidated screening list"
            raise ListFileError(message, file=file.name)
        name, source = _text(item["name"]), _text(item["source"])
        if not name or not source:
            report.skip(f"{file.name}, result {number}: no {'source' if name else 'name'}")
            continue
        report.read[csl.abbreviation(source)] += 1
        yield csl.Record(
            number=_text(item.get("entity_number")),
            source=source,
            name=name,
            type=_text(item.get("type")),
            programmes=_texts(item.get("programs")),
            alt_names=tuple(name.removeprefix("and ") for name in _texts(item.get("alt_names"))),
            addresses=tuple(filter(None, map(_address, _maps(item.get("addresses"))))),
            countries=(*_texts(item.get("citizenships")), *_texts(item.get("nationalities"))),
            births=_texts(item.get("dates_of_birth")),
            ids=tuple((_text(found.get("type")), _text(found.get("number"))) for found in _maps(item.get("ids"))),
            flag=_text(item.get("vessel_flag")),
            call_sign=_text(item.get("call_sign")),
            note=note({name: "; ".join(_texts(value)) for name, value in item.items()}),
        )


def _address(parts: Mapping[str, Any]) -> str:
    return ", ".join(text for part in ADDRESS if (text := _text(parts.get(part))))


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    """A text, several in a list, or several in a text: the publisher has written all three."""
    values = value if isinstance(value, list) else [value]
    return tuple(part for item in values for part in _text(item).split("; ") if part)


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else " ".join(str(value).split())
