"""Text tables with a header row: records as `{column: text}`, errors with line and column."""

import csv
from collections.abc import Iterator, Sequence

from policies.importers.recognise import instead
from policies.importers.shape import Lines, ListFile, ListFileError, records


class Table:
    """A delimited file whose header row stands after `above` other records. Iterate once; fields are stripped.

    `required` are the columns without which it is another file; `what` says what it should have been.
    """

    def __init__(
        self,
        file: ListFile,
        *,
        required: Sequence[str] = (),
        what: str = "table",
        delimiter: str = ",",
        fallback: str = "",
        above: int = 0,
    ) -> None:
        self.lines = Lines(file, fallback=fallback)
        self._delimiter = delimiter
        self._records = records(self.lines, columns=None, delimiter=delimiter)
        try:
            self.above = [next(self._records, []) for _ in range(above)]
            self.header = [name.strip() for name in next(self._records, [])]
        except ListFileError as error:
            if not isinstance(error.__cause__, csv.Error):
                raise
            message = f"the header is missing: no {what}, or a damaged one{instead(file)}"
            raise self.lines.error(message, column=1) from error
        if missing := [name for name in required if name not in self.header]:
            message = f"the column {missing[0]!r} is missing: no {what}, or a damaged one{instead(file)}"
            raise self.lines.error(message, column=1)
        if len(set(self.header)) != len(self.header):
            raise self.lines.error("a column stands twice in the header", column=1)

    def __iter__(self) -> Iterator[dict[str, str]]:
        for record in self._records:
            if len(record) != len(self.header):
                expected = f"expected {len(self.header)} columns, found {len(record)}"
                raise self.lines.error(f"{expected}; the file is cut off or another one")
            yield {name: value.strip() for name, value in zip(self.header, record, strict=True)}

    def error(self, message: str, *, column: str = "") -> ListFileError:
        """An error in the record read last, at the place where a named column starts when one line holds it all."""
        fields = next(csv.reader([self.lines.last], delimiter=self._delimiter), [])
        place = 1
        if column in self.header and len(fields) == len(self.header):
            place += sum(len(field) + 1 for field in fields[: self.header.index(column)])
        return self.lines.error(message, column=place)


def listed_in(text: str, separator: str = ";") -> list[str]:
    """The values of one field; a value that holds the separator is quoted, as in a line of CSV.

    >>> listed_in('Alpha;"Beta; Gamma"')
    ['Alpha', 'Beta; Gamma']
    """
    values = next(csv.reader([text.replace("\r", " ").replace("\n", " ")], delimiter=separator), [])
    return [value.strip() for value in values if value.strip()]
