"""Locks: LOCK TABLE -> IRIS's LOCK and UNLOCK.

IRIS's lock is not part of the transaction; an UNLOCK right behind it, without IMMEDIATE, lets it end with the transaction.
IRIS's own text is PostgreSQL's, but for WAIT, and means the same here. iris-reference 4.23; PostgreSQL: sql-lock
"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql import scanner
from pgiris.sql.ddl import name
from pgiris.sql.plan import Effect, Plan, Role, Step, Target
from pgiris.sql.scanner import Kind, Token
from pgiris.sql.scope import find_relation, refuse_catalog, undefined_relation
from pgiris.types.relation import Snapshot

# PostgreSQL's modes -> IRIS's; "" asks for what readers and writers never stand in the way of.
_MODES = {
    "access share": "",
    "row share": "",
    "row exclusive": "",
    "share update exclusive": "SHARE",
    "share": "SHARE",
    "share row exclusive": "EXCLUSIVE",
    "exclusive": "EXCLUSIVE",
    "access exclusive": "EXCLUSIVE",
}


def plan(text: str, snapshot: Snapshot, search_path: tuple[str, ...], lenient: bool) -> Plan:
    """LOCK [TABLE] [ONLY] name [*] [, ...] [IN mode MODE] [NOWAIT | WAIT seconds]"""
    tokens = _tokens(text)[1:]
    if tokens and tokens[0].text == "table" and tokens[0].kind is Kind.WORD:
        tokens = tokens[1:]
    tables: list[str] = []
    while True:
        if tokens and tokens[0].text == "only":
            tokens = tokens[1:]
        parts, tokens = _name(text, tokens)
        tables.append(_relation(parts, snapshot, search_path, lenient))
        if tokens and tokens[0].text == "*":
            tokens = tokens[1:]
        if not tokens or tokens[0].text != ",":
            break
        tokens = tokens[1:]
    rest = list(tokens)
    wait = _wait(rest)
    words = " ".join(token.text for token in rest)
    mode = _MODES.get(words.removeprefix("in ").removesuffix(" mode")) if words else "EXCLUSIVE"
    if mode is None:
        raise scanner.syntax_error(text, tokens[0])
    if not mode:
        return Plan(Target.NOTHING, "LOCK TABLE", block_only="LOCK TABLE")
    steps = []
    for table in tables:
        steps.append(Step(f"LOCK TABLE {table} IN {mode} MODE{wait}", (), Role.RUN))
        steps.append(Step(f"UNLOCK TABLE {table} IN {mode} MODE", (), Role.RUN))
    return Plan(Target.BACKEND, "LOCK TABLE", Effect.WRITE, tuple(steps), block_only="LOCK TABLE")


def _wait(tokens: list[Token]) -> str:
    """Takes the words off the end."""
    if tokens and tokens[-1].text == "nowait":
        tokens.pop()
        return " WAIT 0"
    if len(tokens) > 1 and tokens[-2].text == "wait" and tokens[-1].kind is Kind.INTEGER:
        seconds = tokens.pop().text
        tokens.pop()
        return f" WAIT {seconds}"
    return ""


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while (token := scanner.next_token(text, at)).kind is not Kind.END:
        at = token.end
        if token.text != ";":
            tokens.append(token)
    return tokens


def _name(text: str, tokens: list[Token]) -> tuple[list[str], list[Token]]:
    parts: list[str] = []
    while tokens and tokens[0].kind in (Kind.WORD, Kind.NAME):
        parts.append(tokens[0].text)
        tokens = tokens[1:]
        if not tokens or tokens[0].text != ".":
            return parts, tokens
        tokens = tokens[1:]
    if tokens:
        raise scanner.syntax_error(text, tokens[0])
    raise PgError(sqlstate.SYNTAX_ERROR, "syntax error at end of input", position=len(text) + 1)


def _relation(parts: list[str], snapshot: Snapshot, search_path: tuple[str, ...], lenient: bool) -> str:
    schema, table = (parts[-2] if len(parts) > 1 else ""), parts[-1]
    refuse_catalog(schema, table)
    relation = find_relation(snapshot, search_path, schema, table)
    if relation is None:
        if lenient:
            return ".".join(map(name, parts))
        raise undefined_relation(schema, table, None)
    return f"{name(relation.schema)}.{name(relation.name)}"
