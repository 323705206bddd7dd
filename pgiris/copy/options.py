"""COPY's options: what the client wrote -> CopyOptions.

In: (name, value, position) of each, as sql/copy_command.py scans them in either syntax. Out: a frozen value in which
everything is decided. Errors have PostgreSQL's codes: 42601, 22023, 0A000; 42P10 for columns.
PostgreSQL: sql-copy; src/backend/commands/copy.c, ProcessCopyOptions. DEFAULT and ON_ERROR: those of PostgreSQL 17.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types.encoding import find_encoding

# A str, an int, a list of names, () for ``*``, None for an option without a value.
OptionValue = str | int | tuple[str, ...] | None
RawOption = tuple[str, OptionValue, int | None]
Columns = tuple[str, ...] | None  # None: all


class CopyFormat(Enum):
    TEXT = "text"
    CSV = "csv"
    BINARY = "binary"


class Header(Enum):
    NONE = "false"
    LINE = "true"
    MATCH = "match"  # the names in it must be those of the columns


@dataclass(frozen=True)
class CopyOptions:
    """delimiter, quote and escape are single ASCII characters. default None: no marker. encoding None: the client's.

    force_quote None: all columns.
    """

    format: CopyFormat = CopyFormat.TEXT
    delimiter: str = "\t"
    null: str = "\\N"
    default: str | None = None
    header: Header = Header.NONE
    quote: str = '"'
    escape: str = '"'
    force_quote: Columns = ()
    force_not_null: tuple[str, ...] = ()
    force_null: tuple[str, ...] = ()
    encoding: str | None = None
    freeze: bool = False


def read_options(given: Iterable[RawOption], *, from_client: bool) -> CopyOptions:
    """from_client: COPY FROM."""
    values: dict[str, Any] = {}
    for name, value, position in given:
        read = _READERS.get(name)
        if read is None:
            raise PgError(sqlstate.SYNTAX_ERROR, f'option "{name}" not recognized', position=position)
        if name in values:
            raise PgError(sqlstate.SYNTAX_ERROR, "conflicting or redundant options", position=position)
        values[name] = read(_Given(name, value, position, from_client))
    values.pop("on_error", None)
    form = values.setdefault("format", CopyFormat.TEXT)
    if form is CopyFormat.BINARY:
        _check_binary(values)
    csv = form is CopyFormat.CSV
    values.setdefault("delimiter", "," if csv else "\t")
    values.setdefault("null", "" if csv else "\\N")
    if csv:
        values.setdefault("escape", values.setdefault("quote", '"'))
    _check_characters(values, csv)
    _check_header_and_quotes(values, csv)
    _check_columns(values, csv, from_client)
    _check_markers(values, csv, from_client)
    return CopyOptions(**values)


def places(names: Columns, columns: Sequence[str], option: str) -> frozenset[int]:
    """Where the columns that an option names stand among those that are copied. option: FORCE_QUOTE ... Raises 42P10."""
    if names is None:
        return frozenset(range(len(columns)))
    found = set()
    for name in names:
        if name not in columns:
            raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, f'{option} column "{name}" not referenced by COPY')
        found.add(columns.index(name))
    return frozenset(found)


@dataclass(frozen=True)
class _Given:
    name: str
    value: OptionValue
    position: int | None
    from_client: bool

    def text(self) -> str:
        """PostgreSQL: defGetString."""
        if self.value is None:
            raise PgError(sqlstate.SYNTAX_ERROR, f"{self.name} requires a parameter")
        if isinstance(self.value, tuple):
            return ".".join(self.value) or "*"
        return str(self.value)

    def boolean(self) -> bool | None:
        """PostgreSQL: defGetBoolean. None: no truth value."""
        if self.value is None:
            return True
        if isinstance(self.value, int):
            return {0: False, 1: True}.get(self.value)
        return _BOOLEANS.get(self.text().lower())

    def invalid(self, message: str) -> PgError:
        return PgError(sqlstate.INVALID_PARAMETER_VALUE, message, position=self.position)


_BOOLEANS = {"true": True, "on": True, "false": False, "off": False}


def _format(given: _Given) -> CopyFormat:
    name = given.text()
    try:
        return CopyFormat(name)
    except ValueError:
        raise given.invalid(f'COPY format "{name}" not recognized') from None


def _boolean(given: _Given) -> bool:
    value = given.boolean()
    if value is None:
        raise PgError(sqlstate.SYNTAX_ERROR, f"{given.name} requires a Boolean value")
    return value


def _header(given: _Given) -> Header:
    value = given.boolean()
    if value is not None:
        return Header.LINE if value else Header.NONE
    if isinstance(given.value, int) or given.text().lower() != "match":
        raise PgError(sqlstate.SYNTAX_ERROR, f'{given.name} requires a Boolean value or "match"')
    if not given.from_client:
        raise not_supported(f'cannot use "{given.text()}" with HEADER in COPY TO')
    return Header.MATCH


def _encoding(given: _Given) -> str:
    found = find_encoding(given.text())
    if found is None:
        raise given.invalid(f'argument to option "{given.name}" must be a valid encoding name')
    return found


def _columns(given: _Given) -> tuple[str, ...]:
    if isinstance(given.value, tuple) and given.value:
        return given.value
    raise given.invalid(f'argument to option "{given.name}" must be a list of column names')


def _columns_or_all(given: _Given) -> Columns:
    return None if given.value == () else _columns(given)


def _on_error(given: _Given) -> str:
    """Rows are never left out: what IRIS refuses is only known when all of a block has been sent."""
    choice = given.text()
    if not given.from_client:
        raise given.invalid("COPY ON_ERROR cannot be used with COPY TO")
    if choice.lower() == "ignore":
        raise not_supported(f'COPY ON_ERROR "{choice}" is not supported')
    if choice.lower() != "stop":
        raise given.invalid(f'COPY ON_ERROR "{choice}" not recognized')
    return choice


_READERS: dict[str, Callable[[_Given], object]] = {
    "format": _format,
    "freeze": _boolean,
    "delimiter": _Given.text,
    "null": _Given.text,
    "default": _Given.text,
    "header": _header,
    "quote": _Given.text,
    "escape": _Given.text,
    "force_quote": _columns_or_all,
    "force_not_null": _columns,
    "force_null": _columns,
    "encoding": _encoding,
    "on_error": _on_error,
}


def _check_binary(values: dict[str, Any]) -> None:
    for name in ("delimiter", "null", "default"):
        if name in values:
            raise PgError(sqlstate.SYNTAX_ERROR, f"cannot specify {name.upper()} in BINARY mode")


def _check_characters(values: dict[str, Any], csv: bool) -> None:
    delimiter = values["delimiter"]
    _check_one_byte(delimiter, "delimiter")
    if delimiter in "\r\n":
        raise _invalid("COPY delimiter cannot be newline or carriage return")
    for name in ("null", "default"):
        if "\r" in values.get(name, "") or "\n" in values.get(name, ""):
            raise _invalid(f"COPY {name} representation cannot use newline or carriage return")
    if not csv and delimiter in "\\.abcdefghijklmnopqrstuvwxyz0123456789":
        raise _invalid(f'COPY delimiter cannot be "{delimiter}"')


def _check_header_and_quotes(values: dict[str, Any], csv: bool) -> None:
    if values["format"] is CopyFormat.BINARY and values.get("header", Header.NONE) is not Header.NONE:
        raise not_supported("cannot specify HEADER in BINARY mode")
    for name in ("quote", "escape"):
        if name not in values:
            continue
        if not csv:
            raise not_supported(f"COPY {name} available only in CSV mode")
        _check_one_byte(values[name], name)
        if values[name] in "\r\n":
            # PostgreSQL takes it and then reads such lines in ways that no writer means.
            raise not_supported(f"COPY {name} cannot be newline or carriage return")
        if name == "quote" and values[name] == values["delimiter"]:
            raise _invalid("COPY delimiter and quote must be different")


def _check_columns(values: dict[str, Any], csv: bool, from_client: bool) -> None:
    for name, needs_from in (("force_quote", False), ("force_not_null", True), ("force_null", True)):
        if name not in values:
            continue
        words = name.replace("_", " ")
        if not csv:
            raise not_supported(f"COPY {words} available only in CSV mode")
        if needs_from is not from_client:
            raise not_supported(f"COPY {words} only available using COPY {'FROM' if needs_from else 'TO'}")


def _check_markers(values: dict[str, Any], csv: bool, from_client: bool) -> None:
    """NULL's and DEFAULT's must be told from data and from each other."""
    if "default" in values and not from_client:
        raise not_supported("COPY DEFAULT only available using COPY FROM")
    for name in ("null", "default"):
        marker = values.get(name, "")
        if values["delimiter"] in marker:
            raise not_supported(f"COPY delimiter must not appear in the {name.upper()} specification")
        if csv and values["quote"] in marker:
            raise not_supported(f"CSV quote character must not appear in the {name.upper()} specification")
    if values.get("default") == values["null"]:
        raise not_supported("NULL specification and DEFAULT specification cannot be the same")


def _check_one_byte(text: str, name: str) -> None:
    if len(text.encode()) != 1:
        raise not_supported(f"COPY {name} must be a single one-byte character")


def _invalid(message: str) -> PgError:
    return PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
