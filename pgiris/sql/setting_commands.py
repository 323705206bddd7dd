"""Setting commands: SET, RESET, SHOW and DISCARD, as values.

PostgreSQL: sql-set, sql-show, sql-discard
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import COLUMN_NAME_WORDS, NOT_A_NAME, RESERVED, Kind, Token
from pgiris.sql.transaction_commands import SetConstraints, SetTransaction, modes, set_constraints


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


SettingCommand = SetSetting | ResetSetting | ShowSetting | Discard | SetTransaction | SetConstraints


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


def _set(reader: Reader) -> SettingCommand | None:
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
        return SetTransaction(modes(reader))
    if reader.at("constraints") and not local and not _is_assignment(reader.peek()):
        reader.take()
        return set_constraints(reader)
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


def _set_session(reader: Reader, local: bool = False) -> SettingCommand:
    reader.expect("session")
    if reader.accept("characteristics"):
        reader.expect("as")
        reader.expect("transaction")
        return SetTransaction(modes(reader), session=True)
    reader.expect("authorization")
    value = None if reader.accept("default") else reader.word_or_string()
    return SetSetting("session_authorization", value, local)


def _set_generic(reader: Reader, local: bool) -> SettingCommand:
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


def quote_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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


def _reset(reader: Reader) -> SettingCommand:
    return ResetSetting(_shown_name(reader))


def _show(reader: Reader) -> SettingCommand:
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


def _discard(reader: Reader) -> SettingCommand:
    what = reader.expect("all", "plans", "sequences", "temp", "temporary")
    return Discard(DiscardWhat.TEMP if what == "temporary" else DiscardWhat(what.upper()))


PARSERS: dict[str, Callable[[Reader], SettingCommand | None]] = {
    "discard": _discard,
    "reset": _reset,
    "set": _set,
    "show": _show,
}
