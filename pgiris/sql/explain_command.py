"""Explain command: what EXPLAIN is asked to explain, and how. PostgreSQL: sql-explain"""

from __future__ import annotations

from typing import NamedTuple

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql import scanner
from pgiris.sql.scanner import Kind

_FALSE = frozenset(("off", "false", "0"))
_FORMATS = ("text", "xml", "json", "yaml")
_OPTIONS = frozenset(("analyze", "verbose", "costs", "settings", "generic_plan", "buffers", "wal", "timing", "summary", "format"))


class Asked(NamedTuple):
    """analyze: the statement is to be run. form: of the plan, one of _FORMATS."""

    analyze: bool = False
    form: str = "text"


def read(text: str) -> tuple[str, Asked]:
    """The statement that is to be explained, and how."""
    token = scanner.next_token(text, 0)
    token = scanner.next_token(text, token.end)
    if token.text == "(" and token.kind is Kind.OPERATOR and not _begins_query(text, token.end):
        options, end = _options(text, token.end)
        return text[end:].lstrip(), Asked(options.get("analyze", "off") not in _FALSE, options.get("format", "text"))
    analyze = False
    while token.kind is Kind.WORD and token.text in ("analyze", "analyse", "verbose"):
        analyze = analyze or token.text != "verbose"
        token = scanner.next_token(text, token.end)
    return text[token.start :], Asked(analyze)


def _begins_query(text: str, at: int) -> bool:
    return scanner.next_token(text, at).text in ("select", "with", "values", "table", "(")


def _options(text: str, at: int) -> tuple[dict[str, str], int]:
    options: dict[str, str] = {}
    name, start = "", 0
    while True:
        token = scanner.next_token(text, at)
        at = token.end
        if token.kind is Kind.END:
            raise scanner.syntax_error(text, token)
        if token.text in (",", ")"):
            name = ""
            if token.text == ")":
                return options, at
        elif not name:
            name, start = token.text, token.start
            if name not in _OPTIONS:
                message = f'unrecognized EXPLAIN option "{name}"'
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=token.start + 1)
            options[name] = "on"
        else:
            options[name] = token.text if name == "format" else token.text.lower()
            if name == "format" and options[name] not in _FORMATS:
                message = f'unrecognized value for EXPLAIN option "format": "{token.text}"'
                raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message, position=start + 1)
