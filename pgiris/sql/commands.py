"""Commands: the statements that the session itself carries out, as values.

In: the text of one statement. Out: a Command, or None when it is for the backend. parse_command() raises what PostgreSQL's
grammar raises: 42601 with a position from 1 in the given text; all other errors belong to the one who carries the command out.
PostgreSQL: sql-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import blocks, comment_command, explain_command, sequence_commands, type_commands
from pgiris.sql.blocks import Block
from pgiris.sql.comment_command import Comment
from pgiris.sql.copy_command import CopyCommand, read_copy
from pgiris.sql.made_rows import InsertMadeRows
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import COLUMN_NAME_WORDS, NOT_A_NAME, RESERVED, Kind, Token, skip_blank
from pgiris.sql.sequence_commands import AlterSequence, CreateSequence, DropSequence
from pgiris.sql.type_commands import AlterEnum, CreateEnum, DropTypes


@dataclass(frozen=True)
class TransactionModes:
    """None: not given. isolation in lower case: ``read committed`` ..."""

    isolation: str | None = None
    read_only: bool | None = None
    deferrable: bool | None = None


@dataclass(frozen=True)
class Begin:
    """BEGIN, START TRANSACTION"""

    modes: TransactionModes = TransactionModes()
    tag: str = "BEGIN"


@dataclass(frozen=True)
class Commit:
    """COMMIT, END"""

    chain: bool = False


@dataclass(frozen=True)
class Rollback:
    """ROLLBACK, ABORT"""

    chain: bool = False


@dataclass(frozen=True)
class Savepoint:
    name: str


@dataclass(frozen=True)
class RollbackTo:
    name: str


@dataclass(frozen=True)
class Release:
    name: str


@dataclass(frozen=True)
class PrepareTransaction:
    """PREPARE TRANSACTION: first half of a two-phase commit, which IRIS has not."""

    gid: str


@dataclass(frozen=True)
class FinishPrepared:
    """COMMIT PREPARED, ROLLBACK PREPARED; tag is one of both."""

    gid: str
    tag: str


@dataclass(frozen=True)
class SetTransaction:
    """SET TRANSACTION; session: SET SESSION CHARACTERISTICS AS TRANSACTION"""

    modes: TransactionModes
    session: bool = False


@dataclass(frozen=True)
class SetConstraints:
    """SET CONSTRAINTS: IRIS checks at once, always."""

    deferred: bool


@dataclass(frozen=True)
class SetSetting:
    """SET name TO value; value None is DEFAULT; several values (search_path, DateStyle) are joined as PostgreSQL stores them.

    name: as the client wrote it, unquoted in lower case. from_current: SET name FROM CURRENT.
    SET TIME ZONE, NAMES, SCHEMA, ROLE, SESSION AUTHORIZATION and XML OPTION are settings too.
    """

    name: str
    value: str | None
    local: bool = False
    from_current: bool = False


@dataclass(frozen=True)
class ResetSetting:
    """RESET name; None is ALL."""

    name: str | None


@dataclass(frozen=True)
class ShowSetting:
    """SHOW name; None is ALL."""

    name: str | None


class DiscardWhat(Enum):
    ALL = "ALL"
    PLANS = "PLANS"
    SEQUENCES = "SEQUENCES"
    TEMP = "TEMP"


@dataclass(frozen=True)
class Discard:
    what: DiscardWhat


@dataclass(frozen=True)
class Prepare:
    """PREPARE name (types) AS text; type names as written. source: all of it."""

    name: str
    types: tuple[str, ...]
    text: str
    source: str = field(default="", compare=False)


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


@dataclass(frozen=True)
class DeclareCursor:
    """DECLARE name CURSOR FOR text; scroll None: neither SCROLL nor NO SCROLL was given."""

    name: str
    text: str
    scroll: bool | None = None
    hold: bool = False
    binary: bool = False


class Direction(Enum):
    FORWARD = "FORWARD"  # count rows onwards; NEXT is FORWARD 1
    BACKWARD = "BACKWARD"  # PRIOR is BACKWARD 1
    ABSOLUTE = "ABSOLUTE"  # FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1
    RELATIVE = "RELATIVE"


@dataclass(frozen=True)
class Fetch:
    """FETCH and MOVE; count None is ALL."""

    cursor: str
    direction: Direction = Direction.FORWARD
    count: int | None = 1
    move: bool = False


@dataclass(frozen=True)
class CloseCursor:
    """CLOSE name; None is ALL."""

    name: str | None


@dataclass(frozen=True)
class Listen:
    channel: str


@dataclass(frozen=True)
class Notify:
    channel: str
    payload: str


@dataclass(frozen=True)
class Unlisten:
    """UNLISTEN channel; None is *."""

    channel: str | None


Command = (
    Begin
    | Commit
    | Rollback
    | Savepoint
    | RollbackTo
    | Release
    | PrepareTransaction
    | FinishPrepared
    | SetTransaction
    | SetConstraints
    | SetSetting
    | ResetSetting
    | ShowSetting
    | Discard
    | Prepare
    | Execute
    | Deallocate
    | DeclareCursor
    | Fetch
    | CloseCursor
    | Listen
    | Notify
    | Unlisten
    | CopyCommand
    | InsertMadeRows
    | CreateSequence
    | Block
    | CreateEnum
    | AlterEnum
    | DropTypes
    | AlterSequence
    | DropSequence
    | Comment
)


# Settings whose value is a list; the quoted ones keep each item quoted where it needs to be.
# PostgreSQL: GUC_LIST_INPUT and GUC_LIST_QUOTE in src/backend/utils/misc/guc_tables.c
_QUOTED_LISTS = frozenset(
    {
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    }
)
_LISTS = _QUOTED_LISTS | {
    "createrole_self_grant",
    "datestyle",
    "listen_addresses",
    "log_destination",
    "restrict_nonsystem_relation_kind",
    "synchronous_standby_names",
    "wal_consistency_checking",
}
_QUERY = frozenset({"select", "values", "with", "table", "("})
_PREPARABLE = _QUERY | {"insert", "update", "delete", "merge"}
_CONSTANTS_ONLY = "EXECUTE takes constants as arguments, not expressions"
T = TypeVar("T")
_TYPE_WORDS = {"with", "array"}  # reserved, and part of the names of types
_SECOND_TYPE_WORDS = frozenset({"precision", "varying", "with", "without", "time", "zone"})


def parse_command(text: str) -> Command | None:
    """The command that a statement is, or None quickly when the session has no part in it.

    A trailing semicolon is allowed. Raises 42601, and 0A000 for what PostgreSQL has and pgiris has not.
    """
    match = _FIRST_WORD.match(text)
    if match is None:
        match = _FIRST_WORD.match(text, skip_blank(text))
        if match is None:
            return None
    parse = _PARSERS.get(match[1].lower())
    if parse is None:
        return None
    reader = Reader(text, match.end())
    command = parse(reader)
    if command is not None:
        reader.finish()
    return command


def _begin(reader: Reader) -> Command:
    reader.accept("work", "transaction")
    return Begin(_modes(reader, required=False))


def _start(reader: Reader) -> Command:
    reader.expect("transaction")
    return Begin(_modes(reader, required=False), "START TRANSACTION")


def _modes(reader: Reader, required: bool = True) -> TransactionModes:
    modes = TransactionModes()
    comma = required
    while comma or not reader.at_end():
        if reader.accept("isolation"):
            reader.expect("level")
            modes = replace(modes, isolation=_isolation_level(reader))
        elif reader.accept("read"):
            modes = replace(modes, read_only=reader.expect("only", "write") == "only")
        elif reader.accept("deferrable"):
            modes = replace(modes, deferrable=True)
        elif reader.accept("not"):
            reader.expect("deferrable")
            modes = replace(modes, deferrable=False)
        else:
            raise reader.error()
        comma = reader.accept_symbol(",")
    return modes


def _isolation_level(reader: Reader) -> str:
    first = reader.expect("read", "repeatable", "serializable")
    if first == "read":
        return f"read {reader.expect('committed', 'uncommitted')}"
    if first == "repeatable":
        reader.expect("read")
        return "repeatable read"
    return first


def _commit(reader: Reader) -> Command:
    if reader.accept("prepared"):
        return FinishPrepared(reader.string(), "COMMIT PREPARED")
    return _end(reader)


def _end(reader: Reader) -> Command:
    reader.accept("work", "transaction")
    return Commit(_chain(reader))


def _rollback(reader: Reader) -> Command:
    if reader.accept("prepared"):
        return FinishPrepared(reader.string(), "ROLLBACK PREPARED")
    reader.accept("work", "transaction")
    if reader.accept("to"):
        return RollbackTo(_savepoint_name(reader))
    return Rollback(_chain(reader))


def _abort(reader: Reader) -> Command:
    reader.accept("work", "transaction")
    return Rollback(_chain(reader))


def _chain(reader: Reader) -> bool:
    if not reader.accept("and"):
        return False
    no = reader.accept("no")
    reader.expect("chain")
    return no is None


def _savepoint(reader: Reader) -> Command:
    return Savepoint(reader.name())


def _release(reader: Reader) -> Command:
    return Release(_savepoint_name(reader))


def _savepoint_name(reader: Reader) -> str:
    """[SAVEPOINT] name, where the name itself may be ``savepoint``."""
    if reader.at("savepoint") and not reader.at_end(reader.peek()):
        reader.take()
    return reader.name()


def _set(reader: Reader) -> Command | None:
    if reader.at("option") and reader.peek().kind is Kind.WORD:
        return None  # SET OPTION name = value is IRIS's own
    local = False
    if reader.at("local", "session") and not _is_assignment(reader.peek()):
        word = reader.token.text
        if word == "session" and reader.peek().text in ("authorization", "characteristics"):
            return _set_session(reader)
        reader.take()
        local = word == "local"
        if reader.at("session") and reader.peek().text in ("authorization", "characteristics"):
            return _set_session(reader, local)
    if reader.at("transaction") and not _is_assignment(reader.peek()):
        reader.take()
        if reader.accept("snapshot"):
            raise not_supported("importing a transaction snapshot is not supported")
        return SetTransaction(_modes(reader))
    if reader.at("constraints") and not local and not _is_assignment(reader.peek()):
        reader.take()
        return _set_constraints(reader)
    special = _SPECIAL_SETS.get(reader.token.text) if reader.token.kind is Kind.WORD else None
    if special is not None and not _is_assignment(reader.peek()):
        reader.take()
        name, value = special(reader)
        return SetSetting(name, value, local)
    return _set_generic(reader, local)


def _is_assignment(token: Token) -> bool:
    """Whether the word before this token was a setting's name."""
    if token.kind is Kind.OPERATOR:
        return token.text in ("=", ".")
    return token.kind is Kind.WORD and token.text in ("to", "from")


def _set_session(reader: Reader, local: bool = False) -> Command:
    reader.expect("session")
    if reader.accept("characteristics"):
        reader.expect("as")
        reader.expect("transaction")
        return SetTransaction(_modes(reader), session=True)
    reader.expect("authorization")
    value = None if reader.accept("default") else reader.word_or_string()
    return SetSetting("session_authorization", value, local)


def _set_constraints(reader: Reader) -> Command:
    if not reader.accept("all"):
        _dotted_name(reader)
        while reader.accept_symbol(","):
            _dotted_name(reader)
    return SetConstraints(reader.expect("deferred", "immediate") == "deferred")


def _dotted_name(reader: Reader) -> str:
    parts = [reader.name()]
    while reader.accept_symbol("."):
        if reader.token.kind not in (Kind.WORD, Kind.NAME):
            raise reader.error()
        parts.append(reader.take().text)
    return ".".join(parts)


def _set_generic(reader: Reader, local: bool) -> Command:
    name = _setting_name(reader)
    if reader.accept("from"):
        reader.expect("current")
        return SetSetting(name, None, local, from_current=True)
    if not reader.accept_symbol("="):
        reader.expect("to")
    if reader.accept("default"):
        return SetSetting(name, None, local)
    values = [_setting_value(reader)]
    while reader.accept_symbol(","):
        values.append(_setting_value(reader))
    return SetSetting(name, _joined(name, values), local)


def _setting_name(reader: Reader) -> str:
    parts = [reader.name()]
    while reader.accept_symbol("."):
        parts.append(reader.name())
    return ".".join(parts)


def _setting_value(reader: Reader) -> str:
    if reader.at("true", "false", "on"):
        return reader.take().text
    if reader.token.kind in (Kind.INTEGER, Kind.FLOAT) or reader.at_symbol("+", "-"):
        return reader.number()
    return reader.word_or_string()


def _joined(name: str, values: list[str]) -> str:
    if name.lower() in _QUOTED_LISTS:
        return ", ".join(quote_identifier(value) for value in values)
    if len(values) > 1 and name.lower() not in _LISTS:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"SET {name} takes only one argument")
    return ", ".join(values)


def quote_identifier(name: str) -> str:
    """The name as it must stand in SQL to mean itself. PostgreSQL: functions-string, quote_ident."""
    plain = name.isascii() and (name.replace("_", "a").isalnum()) and name == name.lower() and not name[:1].isdigit()
    if plain and name not in NOT_A_NAME and name not in COLUMN_NAME_WORDS:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _set_time_zone(reader: Reader) -> tuple[str, str | None]:
    reader.expect("zone")
    if reader.accept("default", "local"):
        return "timezone", None
    if reader.at_symbol("+", "-") or reader.token.kind in (Kind.INTEGER, Kind.FLOAT):
        return "timezone", reader.number()
    if reader.at("interval") and not reader.at_end(reader.peek()):
        return "timezone", _interval_zone(reader)
    if reader.at("interval"):
        reader.take()
    if reader.token.kind not in (Kind.STRING, Kind.WORD, Kind.NAME) or reader.token.text in RESERVED:
        raise reader.error()
    return "timezone", reader.take().text


def _interval_zone(reader: Reader) -> str:
    reader.expect("interval")
    if reader.accept_symbol("("):
        reader.signed_integer()
        reader.expect_symbol(")")
    value = reader.string()
    unit = reader.accept("hour")
    if unit and reader.accept("to"):
        reader.expect("minute")
    elif unit and value.strip().lstrip("+-").isdigit():
        value += " hours"
    elif not reader.at_end():
        raise PgError(sqlstate.SYNTAX_ERROR, "time zone interval must be HOUR or HOUR TO MINUTE", position=reader.token.start + 1)
    doubled = value.replace("'", "''")
    return f"INTERVAL '{doubled}'"


def _set_names(reader: Reader) -> tuple[str, str | None]:
    if reader.at_end() or reader.accept("default"):
        return "client_encoding", None
    return "client_encoding", reader.string()


def _set_schema(reader: Reader) -> tuple[str, str | None]:
    return "search_path", quote_identifier(reader.string())


def _set_role(reader: Reader) -> tuple[str, str | None]:
    return "role", reader.word_or_string()


def _set_xml_option(reader: Reader) -> tuple[str, str | None]:
    reader.expect("option")
    return "xmloption", reader.expect("document", "content")


def _set_catalog(reader: Reader) -> tuple[str, str | None]:
    position = reader.token.start + 1
    reader.string()
    error = not_supported("current database cannot be changed")
    error.position = position
    raise error


_SPECIAL_SETS: dict[str, Callable[[Reader], tuple[str, str | None]]] = {
    "time": _set_time_zone,
    "names": _set_names,
    "schema": _set_schema,
    "role": _set_role,
    "xml": _set_xml_option,
    "catalog": _set_catalog,
}


def _reset(reader: Reader) -> Command:
    return ResetSetting(_shown_name(reader))


def _show(reader: Reader) -> Command:
    return ShowSetting(_shown_name(reader))


def _shown_name(reader: Reader) -> str | None:
    """What SHOW and RESET take: a setting, ALL, or one of the settings with names of several words."""
    if reader.accept("all"):
        return None
    for words, name in _WORDY_SETTINGS:
        if reader.at(words[0]) and reader.peek().text == words[1]:
            for word in words:
                reader.expect(word)
            return name
    return _setting_name(reader)


_WORDY_SETTINGS = (
    (("time", "zone"), "timezone"),
    (("transaction", "isolation", "level"), "transaction_isolation"),
    (("session", "authorization"), "session_authorization"),
)


def _discard(reader: Reader) -> Command:
    what = reader.expect("all", "plans", "sequences", "temp", "temporary")
    return Discard(DiscardWhat.TEMP if what == "temporary" else DiscardWhat(what.upper()))


def _prepare(reader: Reader) -> Command:
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
    return Prepare(name, tuple(types), _statement(reader, _PREPARABLE), reader.text.strip())


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


def _statement(reader: Reader, first_words: frozenset[str]) -> str:
    """A statement inside another one, as text, which starts with one of these words."""
    if reader.token.kind not in (Kind.WORD, Kind.OPERATOR) or reader.token.text not in first_words:
        raise reader.error()
    return reader.rest()


def _execute(reader: Reader) -> Execute:
    name = reader.name()
    arguments: list[str | None] = []
    if reader.accept_symbol("("):
        arguments.append(_constant(reader))
        while reader.accept_symbol(","):
            arguments.append(_constant(reader))
        reader.expect_symbol(")")
    return Execute(name, tuple(arguments))


def _explain(reader: Reader) -> Command | None:
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
    _dotted_name(reader)
    while reader.at(*_SECOND_TYPE_WORDS):
        reader.take()
    if reader.at_symbol("("):
        raise not_supported(_CONSTANTS_ONLY + "; a cast to a type with a length is one")
    while reader.accept_symbol("["):
        reader.expect_symbol("]")


def _deallocate(reader: Reader) -> Command:
    if reader.at("prepare") and not reader.at_end(reader.peek()):
        reader.take()
    return Deallocate(None if reader.accept("all") else reader.name())


def _declare(reader: Reader) -> Command:
    name = reader.name()
    scroll: bool | None = None
    binary = False
    sensitivity: str | None = None
    while not reader.at("cursor"):
        word = reader.expect("no", "scroll", "binary", "insensitive", "asensitive")
        if word == "no":
            reader.expect("scroll")
        if word in ("no", "scroll"):
            scroll = _agreed(scroll, word == "scroll", "SCROLL and NO SCROLL")
        elif word == "binary":
            binary = True
        else:
            sensitivity = _agreed(sensitivity, word, "ASENSITIVE and INSENSITIVE")
    reader.expect("cursor")
    hold = reader.accept("with", "without")
    if hold:
        reader.expect("hold")
    reader.expect("for")
    return DeclareCursor(name, _statement(reader, _QUERY), scroll, hold == "with", binary)


def _agreed(before: T | None, now: T, both: str) -> T:
    if before is not None and before != now:
        raise PgError(sqlstate.INVALID_CURSOR_DEFINITION, f"cannot specify both {both}")
    return now


def _fetch(reader: Reader) -> Command:
    return _fetch_or_move(reader, move=False)


def _move(reader: Reader) -> Command:
    return _fetch_or_move(reader, move=True)


def _fetch_or_move(reader: Reader, move: bool) -> Command:
    direction, count = Direction.FORWARD, 1
    whole = False
    if reader.at(*_FETCH_WORDS) and not reader.at_end(reader.peek()):
        direction, fixed = _FETCH_WORDS[reader.take().text]
        if fixed is not None:
            count = fixed
        elif direction in (Direction.ABSOLUTE, Direction.RELATIVE):
            count = reader.signed_integer()
        elif reader.accept("all"):
            whole = True
        elif reader.token.kind is Kind.INTEGER or reader.at_symbol("+", "-"):
            count = reader.signed_integer()
    elif reader.accept("all"):
        whole = True
    elif reader.token.kind is Kind.INTEGER or reader.at_symbol("+", "-"):
        count = reader.signed_integer()
    reader.accept("from", "in")
    if count < 0 and direction in _OPPOSITE:
        direction, count = _OPPOSITE[direction], -count
    return Fetch(reader.name(), direction, None if whole else count, move)


_FETCH_WORDS: dict[str, tuple[Direction, int | None]] = {
    "next": (Direction.FORWARD, 1),
    "prior": (Direction.BACKWARD, 1),
    "first": (Direction.ABSOLUTE, 1),
    "last": (Direction.ABSOLUTE, -1),
    "absolute": (Direction.ABSOLUTE, None),
    "relative": (Direction.RELATIVE, None),
    "forward": (Direction.FORWARD, None),
    "backward": (Direction.BACKWARD, None),
}
_OPPOSITE = {Direction.FORWARD: Direction.BACKWARD, Direction.BACKWARD: Direction.FORWARD}


def _close(reader: Reader) -> Command:
    return CloseCursor(None if reader.accept("all") else reader.name())


def _listen(reader: Reader) -> Command:
    return Listen(reader.name())


def _notify(reader: Reader) -> Command:
    channel = reader.name()
    return Notify(channel, reader.string() if reader.accept_symbol(",") else "")


def _unlisten(reader: Reader) -> Command:
    return Unlisten(None if reader.accept_symbol("*") else reader.name())


def _first_of(*parsers: Callable[[Reader], Command | None]) -> Callable[[Reader], Command | None]:
    """Of statements that begin with the same word: one that is not its own leaves a parser without a word read."""
    return lambda reader: next((command for parse in parsers if (command := parse(reader)) is not None), None)


_FIRST_WORD = re.compile(r"[ \t\n\r\f\v]*([A-Za-z_]+)(?![A-Za-z0-9_$\x80-\U0010ffff])")
_PARSERS: dict[str, Callable[[Reader], Command | None]] = {
    "abort": _abort,
    "alter": _first_of(sequence_commands.alter, type_commands.alter),
    "begin": _begin,
    "close": _close,
    "comment": comment_command.read,
    "commit": _commit,
    "copy": read_copy,
    "create": _first_of(sequence_commands.create, type_commands.create),
    "deallocate": _deallocate,
    "declare": _declare,
    "discard": _discard,
    "do": blocks.read,
    "drop": _first_of(sequence_commands.drop, type_commands.drop),
    "end": _end,
    "execute": _execute,
    "explain": _explain,
    "fetch": _fetch,
    "listen": _listen,
    "move": _move,
    "notify": _notify,
    "prepare": _prepare,
    "release": _release,
    "reset": _reset,
    "rollback": _rollback,
    "savepoint": _savepoint,
    "set": _set,
    "show": _show,
    "start": _start,
    "unlisten": _unlisten,
}
