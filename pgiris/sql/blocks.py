"""Blocks: DO of PL/pgSQL in the forms by which migrations say "unless it is there", as values.

    BEGIN [IF condition THEN] definition; ... [END IF;] ... END
    BEGIN definition; EXCEPTION WHEN duplicate_object THEN NULL; END

In: the words behind DO. Out: a Block. Raises 42601, and 0A000 for all other code.
PostgreSQL: sql-do, plpgsql-control-structures#PLPGSQL-ERROR-TRAPPING, errcodes-appendix
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import Kind

_CONDITIONS = {name.lower(): value for name, value in vars(sqlstate).items() if name.isupper() and isinstance(value, str)}
_NEVER = frozenset((sqlstate.QUERY_CANCELED, sqlstate.ASSERT_FAILURE))  # what OTHERS leaves alone


@dataclass(frozen=True)
class Unit:
    """Statements. condition: an expression that says whether they are run, "" for always."""

    statements: tuple[str, ...]
    condition: str = ""


@dataclass(frozen=True)
class Block:
    """ignored: SQLSTATEs whose errors mean that there is nothing to do; ``42000`` and its like are classes, "" is all."""

    units: tuple[Unit, ...]
    ignored: tuple[str, ...] = ()
    tag: str = "DO"

    def ignores(self, error: PgError) -> bool:
        """What pgiris cannot do is never taken for done."""
        if error.code in _NEVER or error.code == sqlstate.FEATURE_NOT_SUPPORTED:
            return False
        return any(
            not code or code == error.code or (code.endswith("000") and error.code.startswith(code[:2])) for code in self.ignored
        )


def read(reader: Reader) -> Block:
    body = None
    while not reader.at_end():
        if reader.accept("language"):
            if reader.word_or_string().lower() != "plpgsql":
                raise not_supported("DO in languages other than PL/pgSQL is not supported")
        elif body is None:
            body = reader.string()
        else:
            raise reader.error()
    if body is None:
        raise PgError(sqlstate.SYNTAX_ERROR, "no inline code specified")
    try:
        return _body(Reader(body, 0))
    except _Other:
        hint = "Blocks of definitions are, with IF ... THEN around them, or EXCEPTION WHEN ... THEN NULL behind one."
        raise not_supported("this PL/pgSQL code is not supported", hint) from None


class _Other(Exception):
    """The code is of another form."""


def _body(reader: Reader) -> Block:
    _take(reader, "begin")
    units: list[Unit] = []
    while not reader.at("exception", "end"):
        units.append(_unit(reader))
    ignored: list[str] = []
    if reader.accept("exception"):
        while reader.at("when"):
            ignored += _handler(reader)
    _take(reader, "end")
    reader.accept_symbol(";")
    if reader.token.kind is not Kind.END or not units:
        raise _Other
    if ignored and sum(len(unit.statements) for unit in units) > 1:
        raise _Other  # what comes before a statement that fails would have to be undone
    return Block(tuple(units), tuple(ignored))


def _take(reader: Reader, *words: str) -> None:
    for word in words:
        if not reader.accept(word):
            raise _Other


def _unit(reader: Reader) -> Unit:
    if not reader.accept("if"):
        return Unit((_text(reader, ";"),))
    condition = _text(reader, "then")
    statements = [_text(reader, ";")]
    while not reader.accept("end"):
        statements.append(_text(reader, ";"))
    _take(reader, "if")
    _semicolon(reader)
    return Unit(tuple(statements), condition)


_STATEMENTS = (  # of PL/pgSQL
    "begin", "case", "declare", "else", "elsif", "execute", "exit", "for", "if", "loop", "perform", "raise", "return", "while"
)  # fmt: skip


def _text(reader: Reader, end: str) -> str:
    """What comes before a word or a semicolon outside of parentheses, which is taken too."""
    if reader.at(*_STATEMENTS):
        raise _Other
    start, depth = reader.token.start, 0
    while depth or not (reader.at_symbol(end) if end == ";" else reader.at(end)):
        if reader.token.kind is Kind.END:
            raise _Other
        depth += reader.at_symbol("(") - reader.at_symbol(")")
        reader.take()
    text = reader.text[start : reader.take().start].strip()
    if not text:
        raise _Other
    return text


def _handler(reader: Reader) -> list[str]:
    """WHEN condition OR condition THEN NULL;"""
    codes = []
    reader.take()
    while True:
        codes.append(_condition(reader))
        if not reader.accept("or"):
            break
    _take(reader, "then")
    if not reader.at_symbol(";"):
        _take(reader, "null")
        _semicolon(reader)
    else:
        raise _Other
    return codes


def _condition(reader: Reader) -> str:
    if reader.accept("sqlstate"):
        return reader.string()
    word = reader.name()
    if word == "others":
        return ""
    if word not in _CONDITIONS:
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'unrecognized exception condition "{word}"')
    return _CONDITIONS[word]


def _semicolon(reader: Reader) -> None:
    if not reader.accept_symbol(";"):
        raise _Other
