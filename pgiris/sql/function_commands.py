"""Function commands: CREATE, ALTER and DROP FUNCTION of PostgreSQL as values.

In: the words behind CREATE, ALTER, DROP. Out: a command, or None when the statement is about something else, IRIS's own routines
among it. Raises 42601, 42P13, and 0A000 for functions that are not a query in SQL.
PostgreSQL: sql-createfunction, sql-alterfunction, sql-dropfunction
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.bare import bare, has_iris_body
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import COLUMN_NAME_WORDS, NOT_A_NAME, Kind, Token

Name = tuple[str, ...]


@dataclass(frozen=True)
class ParameterText:
    """mode: ``IN``, or ``TABLE`` for a column of RETURNS TABLE. type, default: as they are written."""

    name: str
    type: str
    mode: str = "IN"
    default: str = ""


@dataclass(frozen=True)
class FunctionOptions:
    """None: nothing was said. volatility, parallel: letters as pg_proc has them."""

    volatility: str | None = None
    strict: bool | None = None
    leakproof: bool | None = None
    parallel: str | None = None
    cost: float | None = None
    rows: float | None = None


@dataclass(frozen=True)
class CreateFunction:
    """returns: a type as it is written, "" for a TABLE. form: of the body: ``return``, ``atomic`` or "". start: of the body in
    the statement, -1 where it does not stand there as it is."""

    name: Name
    parameters: tuple[ParameterText, ...]
    returns: str
    returns_set: bool
    body: str
    form: str = ""
    options: FunctionOptions = field(default_factory=FunctionOptions)
    replaces: bool = False
    start: int = -1
    tag: str = "CREATE FUNCTION"


@dataclass(frozen=True)
class FunctionName:
    """types: of the arguments as they are written; None: none were, as is right where one function has the name."""

    name: Name
    types: tuple[str, ...] | None = None


@dataclass(frozen=True)
class AlterFunction:
    """Only one of the others is set; none: nothing that matters changes."""

    function: FunctionName
    new_name: str = ""
    new_schema: str = ""
    options: FunctionOptions | None = None
    tag: str = "ALTER FUNCTION"


@dataclass(frozen=True)
class DropFunctions:
    functions: tuple[FunctionName, ...]
    exists: bool = False
    cascade: bool = False
    tag: str = "DROP FUNCTION"


def create(reader: Reader) -> CreateFunction | None:
    if _CREATED.match(reader.text, reader.token.start) is None or has_iris_body(reader.text):
        return None
    replaces = bool(reader.accept("or"))
    if replaces:
        reader.expect("replace")
    reader.expect("function")
    name = qualified_name(reader)
    parameters = _parameters(reader)
    returns, returns_set, columns = _returns(reader)
    made = CreateFunction(name, (*parameters, *columns), returns, returns_set, "", replaces=replaces)
    return _with_clauses(reader, made)


_CREATED = re.compile(r"(?:or\s+replace\s+)?function\b", re.IGNORECASE)


# Arguments

_MODES = ("in", "out", "inout", "variadic")
_TYPE_STARTS = ("double", "character", "char", "national", "nchar", "bit", "time", "timestamp", "interval", "varchar")
_SECOND_WORDS = (
    "precision",
    "varying",
    "with",
    "without",
    "character",
    "char",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
)


def _parameters(reader: Reader) -> tuple[ParameterText, ...]:
    reader.expect_symbol("(")
    found: list[ParameterText] = []
    while not reader.accept_symbol(")"):
        if found:
            reader.expect_symbol(",")
        found.append(_parameter(reader))
    for one, other in pairwise(found):
        if one.default and not other.default:
            message = "input parameters after one with a default value must also have defaults"
            raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, message)
    return tuple(found)


def _parameter(reader: Reader) -> ParameterText:
    mode = _mode(reader)
    name = "" if _is_type_next(reader) else reader.name()
    if name and not mode:
        mode = _mode(reader)
    if mode not in ("", "in"):
        raise not_supported(f"{mode.upper()} arguments of functions are not supported")
    type_ = _type(reader)
    has_default = bool(reader.accept("default")) or reader.accept_symbol("=")
    return ParameterText(name, type_, "IN", _expression(reader, ",", ")") if has_default else "")


def _mode(reader: Reader) -> str:
    if not reader.at(*_MODES) or reader.peek().text in (",", ")", "("):
        return ""
    return reader.take().text


def _is_type_next(reader: Reader) -> bool:
    """Whether the argument has no name: a type, which may have several words, stands next."""
    token, after = reader.token, reader.peek()
    if after.kind is Kind.OPERATOR or (after.kind is Kind.WORD and after.text == "default"):
        return True
    return token.kind is Kind.WORD and token.text in _TYPE_STARTS and after.kind is Kind.WORD and after.text in _SECOND_WORDS


def _type(reader: Reader) -> str:
    """As it is written: up to what cannot belong to a type."""
    start = reader.token.start
    if reader.accept("setof"):
        raise not_supported("arguments of functions that are sets are not supported")
    first = reader.token
    if first.kind is Kind.WORD and first.text in COLUMN_NAME_WORDS | {"double"}:
        reader.take()
        while reader.at(*_SECOND_WORDS, "to", "zone", "large", "object"):
            reader.take()
    else:
        qualified_name(reader)
    if reader.at_symbol("%"):
        raise not_supported("%TYPE is not supported")
    _modifiers(reader)
    while reader.at("with", "without") and reader.peek().text == "time":
        for word in ("time", "zone"):
            reader.take()
            if not reader.at(word):
                raise reader.error()
        reader.take()
    if reader.accept("array"):
        _brackets(reader)
        return f"{reader.text[start : first.end]}[]"
    _brackets(reader)
    return reader.text[start : _end_before(reader)].strip()


def _modifiers(reader: Reader) -> None:
    if reader.accept_symbol("("):
        while not reader.accept_symbol(")"):
            if reader.at_end():
                raise reader.error()
            reader.take()


def _brackets(reader: Reader) -> None:
    while reader.accept_symbol("["):
        if reader.token.kind is Kind.INTEGER:
            reader.take()
        reader.expect_symbol("]")


def _end_before(reader: Reader) -> int:
    return reader.token.start


def _expression(reader: Reader, *ends: str) -> str:
    """As it is written, up to one of the symbols outside of parentheses."""
    start, depth = reader.token.start, 0
    while depth or not reader.at_symbol(*ends):
        if reader.at_end():
            raise reader.error()
        depth += reader.at_symbol("(", "[") - reader.at_symbol(")", "]")
        reader.take()
    found = reader.text[start : _end_before(reader)].strip()
    if not found:
        raise reader.error()
    return found


def _returns(reader: Reader) -> tuple[str, bool, tuple[ParameterText, ...]]:
    """(type, whether a set, columns of a TABLE)"""
    if not reader.accept("returns"):
        message = "function result type must be specified"
        raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, message)
    if reader.accept("table"):
        reader.expect_symbol("(")
        columns: list[ParameterText] = []
        while not columns or reader.accept_symbol(","):
            name = reader.name()
            columns.append(ParameterText(name, _type(reader), "TABLE"))
        reader.expect_symbol(")")
        return "", True, tuple(columns)
    returns_set = bool(reader.accept("setof"))
    return _type(reader), returns_set, ()


# Clauses

_SIMPLE: dict[str, dict[str, object]] = {
    "immutable": {"volatility": "i"},
    "stable": {"volatility": "s"},
    "volatile": {"volatility": "v"},
    "strict": {"strict": True},
    "leakproof": {"leakproof": True},
}
_REFUSED_LANGUAGES = ("plpgsql", "c", "internal")
_PARALLEL = {"safe": "s", "restricted": "r", "unsafe": "u"}


def _with_clauses(reader: Reader, made: CreateFunction) -> CreateFunction:
    language, bodies = "", 0
    options: dict[str, object] = {}
    while not reader.at_end():
        if bodies and reader.at("as", "return", "begin"):
            raise _redundant(reader.token)
        if reader.accept("language"):
            language = reader.word_or_string().lower()
        elif reader.accept("as"):
            written = reader.text[reader.token.start : reader.token.end]
            body = reader.string()
            within = written.find(body)
            start = reader.text.find(written) + within if body and within >= 0 else -1
            made, bodies = replace(made, body=body, start=start), bodies + 1
            if reader.at_symbol(","):
                raise not_supported("functions in C are not supported")
        elif reader.at("return", "begin"):
            made, bodies = _standard_body(reader, made), bodies + 1
        elif not _option(reader, options):
            raise reader.error()
    if language not in ("", "sql", *_REFUSED_LANGUAGES):
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'language "{language}" does not exist')
    if language in _REFUSED_LANGUAGES:
        raise not_supported(f"functions in language {language} are not supported", "LANGUAGE sql is.")
    if not language and not made.form:
        raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, "no language specified")
    if not bodies:
        raise PgError(sqlstate.INVALID_FUNCTION_DEFINITION, "no function body specified")
    return replace(made, options=FunctionOptions(**options))  # type: ignore[arg-type]


def _standard_body(reader: Reader, made: CreateFunction) -> CreateFunction:
    if reader.accept("return"):
        start = reader.token.start
        return replace(made, body=reader.rest(), form="return", start=start)
    reader.take()
    reader.expect("atomic")
    start = reader.token.start
    text = reader.rest()
    if text[-3:].lower() != "end" or reader.text[start : start + len(text)] != text:
        raise reader.error()
    return replace(made, body=text[:-3].strip(), form="atomic", start=start)


def _option(reader: Reader, options: dict[str, object]) -> bool:
    """One of those that say how a function behaves; False: it is none."""
    first = reader.token
    word = reader.accept(*_SIMPLE, "not", "called", "returns", "parallel", "cost", "rows", "external", "security")
    if word is None:
        refused = reader.accept("window", "transform", "set", "support", "reset")
        if refused is not None:
            raise not_supported(f"{refused.upper()} of functions is not supported")
        return False
    if word in _SIMPLE:
        found = dict(_SIMPLE[word])
    elif word == "not":
        reader.expect("leakproof")
        found = {"leakproof": False}
    elif word in ("called", "returns"):
        for each in ("on", "null", "input") if word == "called" else ("null", "on", "null", "input"):
            reader.expect(each)
        found = {"strict": word == "returns"}
    elif word == "parallel":
        found = {"parallel": _parallel(reader.word_or_string().lower())}
    elif word in ("cost", "rows"):
        found = {word: _positive(word, reader.number())}
    else:
        found = _security(reader, word)
    if not found.keys().isdisjoint(options):
        raise _redundant(first)
    options.update(found)
    return True


def _redundant(token: Token) -> PgError:
    return PgError(sqlstate.SYNTAX_ERROR, "conflicting or redundant options", position=token.start + 1)


def _parallel(word: str) -> str:
    if word not in _PARALLEL:
        message = 'parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE'
        raise PgError(sqlstate.SYNTAX_ERROR, message)
    return _PARALLEL[word]


def _positive(word: str, number: str) -> float:
    if float(number) <= 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"{word.upper()} must be positive")
    return float(number)


def _security(reader: Reader, word: str) -> dict[str, object]:
    if word == "external":
        reader.expect("security")
    if reader.expect("invoker", "definer") == "definer":
        raise not_supported("SECURITY DEFINER is not supported", "Functions run with the privileges of those who call them.")
    return {}


# ALTER and DROP


def alter(reader: Reader) -> AlterFunction | None:
    if not reader.at("function", "routine"):
        return None
    tag = f"ALTER {reader.take().text.upper()}"
    made = AlterFunction(function_name(reader), tag=tag)
    if reader.accept("rename"):
        reader.expect("to")
        return replace(made, new_name=reader.name())
    if reader.accept("owner"):
        reader.expect("to")
        reader.take()
        return made
    if reader.at("set") and reader.peek().text == "schema":
        reader.take()
        reader.take()
        return replace(made, new_schema=reader.name())
    options: dict[str, object] = {}
    while not reader.at_end():
        if reader.at("depends", "no") or not _option(reader, options):
            raise reader.error() if not reader.at("depends", "no") else not_supported("DEPENDS ON EXTENSION is not supported")
        if reader.accept("restrict"):
            break
    if not options:
        raise reader.error()
    return replace(made, options=FunctionOptions(**options))  # type: ignore[arg-type]


def drop(reader: Reader) -> DropFunctions | None:
    """None also for IRIS's DROP FUNCTION ... FROM class."""
    if not reader.at("function", "routine") or _FROM.search(bare(reader.text)):
        return None
    tag = f"DROP {reader.take().text.upper()}"
    exists = reader.accept_if("exists")
    functions = [function_name(reader)]
    while reader.accept_symbol(","):
        functions.append(function_name(reader))
    return DropFunctions(tuple(functions), exists, reader.accept("cascade", "restrict") == "cascade", tag)


_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)


def function_name(reader: Reader) -> FunctionName:
    """``f``, ``s.f(integer, b text)``: names and modes of arguments tell nothing."""
    name = qualified_name(reader)
    if not reader.accept_symbol("("):
        return FunctionName(name)
    types: list[str] = []
    while not reader.accept_symbol(")"):
        if types:
            reader.expect_symbol(",")
        _mode(reader)
        if not _is_type_next(reader) and reader.token.text not in NOT_A_NAME:
            reader.take()
        types.append(_type(reader))
    return FunctionName(name, tuple(types))
