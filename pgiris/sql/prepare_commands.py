"""Prepared statements: PREPARE, EXECUTE and DEALLOCATE, as values.

PostgreSQL: sql-prepare, sql-execute, sql-deallocate
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pgiris.errors import not_supported
from pgiris.sql import explain_command
from pgiris.sql.reader import QUERY_WORDS, Reader, dotted_name, statement_text
from pgiris.sql.scanner import RESERVED, Kind
from pgiris.sql.transaction_commands import PrepareTransaction


@dataclass(frozen=True)
class Prepare:
    """PREPARE name (types) AS text; type names as written. source: all of it. start: where text begins."""

    name: str
    types: tuple[str, ...]
    text: str
    source: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Execute:
    """EXECUTE name (arguments): each a constant in PostgreSQL's text form, None is NULL. explain: the EXPLAIN before it."""

    name: str
    arguments: tuple[str | None, ...]
    explain: str = ""


@dataclass(frozen=True)
class Deallocate:
    """DEALLOCATE name; None is ALL."""

    name: str | None


PreparedCommand = Prepare | Execute | Deallocate | PrepareTransaction
_PREPARABLE = QUERY_WORDS | {"insert", "update", "delete", "merge"}
_CONSTANTS_ONLY = "EXECUTE takes constants as arguments, not expressions"
_TYPE_WORDS = {"with", "array"}  # reserved, and part of the names of types
_SECOND_TYPE_WORDS = frozenset({"precision", "varying", "with", "without", "time", "zone"})


def _prepare(reader: Reader) -> PreparedCommand:
    if reader.at("transaction") and reader.peek().kind is Kind.STRING:
        reader.take()
        return PrepareTransaction(reader.string())
    name = reader.name()
    types: list[str] = []
    if reader.accept_symbol("("):
        types.append(_type_name(reader))
        while reader.accept_symbol(","):
            types.append(_type_name(reader))
        reader.expect_symbol(")")
    reader.expect("as")
    start = reader.token.start
    return Prepare(name, tuple(types), statement_text(reader, _PREPARABLE), reader.text.strip(), start)


def _type_name(reader: Reader) -> str:
    """One type of PREPARE's list, as written."""
    start, end, depth = reader.token, reader.token, 0
    while depth or not reader.at_symbol(",", ")"):
        if reader.token.kind not in (Kind.WORD, Kind.NAME, Kind.INTEGER) and not reader.at_symbol("(", ")", ",", ".", "[", "]"):
            raise reader.error()
        if reader.token.kind is Kind.WORD and reader.token.text in RESERVED - _TYPE_WORDS:
            raise reader.error()
        end = reader.take()
        if end.kind is Kind.OPERATOR:
            depth += (end.text == "(") - (end.text == ")")
    if start is reader.token or start.kind not in (Kind.WORD, Kind.NAME) or start.text in RESERVED:
        raise reader.error(start)
    return reader.text[start.start : end.end]


def _execute(reader: Reader) -> Execute:
    name = reader.name()
    arguments: list[str | None] = []
    if reader.accept_symbol("("):
        arguments.append(_constant(reader))
        while reader.accept_symbol(","):
            arguments.append(_constant(reader))
        reader.expect_symbol(")")
    return Execute(name, tuple(arguments))


def _explain(reader: Reader) -> PreparedCommand | None:
    """EXPLAIN of EXECUTE. Others are planned."""
    inner, _ = explain_command.read(reader.text)
    if inner[:7].lower() != "execute":
        return None
    reader.rest()
    execute = Reader(inner, 7)
    command = _execute(execute)
    execute.finish()
    return replace(command, explain=reader.text.removesuffix(inner))


def _constant(reader: Reader) -> str | None:
    """An argument of EXECUTE in text form. Casts are left to the type of the parameter that takes it."""
    token = reader.token
    value: str | None
    if token.kind in (Kind.INTEGER, Kind.FLOAT) or reader.at_symbol("+", "-"):
        value = _signed_constant(reader)
    elif token.kind is Kind.STRING or reader.at("true", "false"):
        value = reader.take().text
    elif reader.accept("null"):
        value = None
    elif reader.accept_symbol("("):
        value = _constant(reader)
        reader.expect_symbol(")")
    elif reader.at("cast"):
        value = _cast(reader)
    elif token.kind is Kind.WORD and token.text not in RESERVED and reader.peek().kind is Kind.STRING:
        reader.take()  # DATE '2020-01-01'
        value = reader.string()
    elif reader.at_end() or reader.at_symbol(",", ")"):
        raise reader.error()
    else:
        raise not_supported(_CONSTANTS_ONLY)
    while reader.accept_symbol("::"):
        _cast_type(reader)
    if not (reader.at_symbol(",", ")") or reader.at_end() or reader.at("as")):
        raise not_supported(_CONSTANTS_ONLY)
    return value


def _signed_constant(reader: Reader) -> str:
    sign = ""
    while reader.at_symbol("+", "-"):
        if reader.take().text == "-":
            sign = "" if sign else "-"
    if reader.token.kind not in (Kind.INTEGER, Kind.FLOAT):
        if reader.at_end():
            raise reader.error()
        raise not_supported(_CONSTANTS_ONLY)
    return sign + reader.take().text


def _cast(reader: Reader) -> str | None:
    reader.expect("cast")
    reader.expect_symbol("(")
    value = _constant(reader)
    reader.expect("as")
    _cast_type(reader)
    reader.expect_symbol(")")
    return value


def _cast_type(reader: Reader) -> None:
    """Skip a type. One with a length would change the value, so it is refused."""
    dotted_name(reader)
    while reader.at(*_SECOND_TYPE_WORDS):
        reader.take()
    if reader.at_symbol("("):
        raise not_supported(_CONSTANTS_ONLY + "; a cast to a type with a length is one")
    while reader.accept_symbol("["):
        reader.expect_symbol("]")


def _deallocate(reader: Reader) -> PreparedCommand:
    if reader.at("prepare") and not reader.at_end(reader.peek()):
        reader.take()
    return Deallocate(None if reader.accept("all") else reader.name())


PARSERS: dict[str, Callable[[Reader], PreparedCommand | None]] = {
    "deallocate": _deallocate,
    "execute": _execute,
    "explain": _explain,
    "prepare": _prepare,
}
