"""Strict CSV (RFC 4180, UTF-8) read piece by piece: rows come out while the file still comes in.

A row that cannot be read is told by its number and stops no other. What makes the whole file unreadable (another header,
another encoding, an endless line) raises InvalidArgument.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from gateway.errors import invalid_field
from shared.failures import Violation

MAX_LINE = 64 * 1024
# a quoted field may go over so many lines; more is a quote that nobody closed
MAX_LINES = 20


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row: its number from 1 without the header, and its values by column, or what is wrong with it."""

    number: int
    values: dict[str, str]
    violation: Violation | None = None


class CsvReader:
    """Takes text in pieces, gives rows. The header must name exactly `columns`, in any order."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
        self._rest = ""
        self._held: list[str] = []
        self._header: list[str] | None = None
        self._number = 0

    async def rows(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[CsvRow]:
        """All rows of a file."""
        async for piece in pieces:
            for row in self._feed(piece, last=False):
                yield row
        for row in self._feed(b"", last=True):
            yield row
        if self._header is None:
            raise invalid_field("body", "CSV_EMPTY", "the file is empty; its first row names the columns")

    def _feed(self, piece: bytes, last: bool) -> Iterator[CsvRow]:
        try:
            text = self._rest + self._decoder.decode(piece, last)
        except UnicodeDecodeError:
            raise invalid_field("body", "CSV_ENCODING", f"the file is not UTF-8 near row {self._number + 1}") from None
        if "\x00" in text:
            raise invalid_field("body", "CSV_ENCODING", f"the file holds NUL near row {self._number + 1}")
        lines = text.split("\n")
        self._rest = "" if last else lines.pop()
        if len(self._rest) > MAX_LINE:
            raise invalid_field("body", "CSV_LINE", f"the line of row {self._number + 1} is longer than {MAX_LINE}")
        for line in lines:
            yield from self._line(line.removesuffix("\r"))
        if last:
            while self._held:
                yield from self._give_up()

    def _line(self, line: str) -> Iterator[CsvRow]:
        if not self._held and not line:
            return  # an empty line between rows or at the end is no row
        self._held.append(line)
        try:
            values = self._values()
        except csv.Error as error:
            # csv says so in words only; any other mistake of the row will not mend itself with more lines
            if "unexpected end" not in str(error) or len(self._held) >= MAX_LINES:
                yield from self._give_up()
            return
        self._held.clear()
        yield from self._row(values)

    def _values(self) -> list[str]:
        if len(self._held) == 1 and '"' not in self._held[0]:
            return self._held[0].split(",")
        return next(
            csv.reader(["\n".join(self._held)] if len(self._held) == 1 else _with_ends(self._held), strict=True)
        )

    def _give_up(self) -> Iterator[CsvRow]:
        """The first line held is no row; the others get another chance."""
        held, self._held = self._held, []
        if self._header is None:
            raise invalid_field("body", "CSV_HEADER", "the first row is no list of columns")
        self._number += 1
        yield CsvRow(self._number, {}, Violation("row", "the quotes of this row do not match", "CSV_QUOTES"))
        for line in held[1:]:
            yield from self._line(line)

    def _row(self, values: list[str]) -> Iterator[CsvRow]:
        if self._header is None:
            self._header = self._checked_header([value.strip() for value in values])
            return
        self._number += 1
        if len(values) != len(self._header):
            detail = f"{len(values)} columns where the header has {len(self._header)}"
            yield CsvRow(self._number, {}, Violation("row", detail, "CSV_COLUMNS"))
        else:
            yield CsvRow(self._number, dict(zip(self._header, values, strict=True)))

    def _checked_header(self, names: list[str]) -> list[str]:
        missing = [column for column in self._columns if column not in names]
        unknown = [name[:40] for name in names if name not in self._columns]
        if missing or unknown or len(set(names)) != len(names):
            told = [f"missing: {', '.join(missing)}"] if missing else []
            told += [f"unknown: {', '.join(unknown)}"] if unknown else []
            detail = f"the columns are {','.join(self._columns)}; {'; '.join(told) or 'one is named twice'}"
            raise invalid_field("body", "CSV_HEADER", detail)
        return names


def _with_ends(lines: list[str]) -> Iterator[str]:
    for line in lines[:-1]:
        yield line + "\n"
    yield lines[-1]
