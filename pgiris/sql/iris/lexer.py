# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""Lexer: IRIS SQL -> tokens. Code of other languages, and bodies of routines, are one token each, kept as they are.

A token of kind RAW_STRING is such a piece: ``{ObjectScript}``, ``{"json": 1}``, ``BEGIN ... END``. iris-reference 4.1, 4.20
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import tokens
from sqlglot.tokenizer_core import Token, TokenType

VERBATIM = TokenType.RAW_STRING

_SKIPPED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/"
# A brace that opens none of ODBC's escapes.
_BRACE = re.compile(rf"{_SKIPPED}|(\{{(?!\s*(?:(?:d|t|ts|fn|oj|call)\b|\?)))", re.IGNORECASE | re.DOTALL)
_ROUTINE = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:STATIC\s+)?(?:FUNCTION|PROC(?:EDURE)?|METHOD|QUERY|TRIGGER)\b", re.IGNORECASE
)
_BODY = re.compile(rf"{_SKIPPED}|(\{{|\bBEGIN\b)", re.IGNORECASE | re.DOTALL)
_INSIDE_BRACES = re.compile(r"\"(?:[^\"]|\"\")*\"|[{}]")


class Tokenizer(tokens.Tokenizer):
    """Words are not told apart here: the parser knows where which one is a keyword."""

    KEYWORDS = {
        "||": TokenType.DPIPE,
        "<>": TokenType.NEQ,
        "!=": TokenType.NEQ,
        "<=": TokenType.LTE,
        ">=": TokenType.GTE,
        "->": TokenType.ARROW,
    }
    SINGLE_TOKENS = {sign: kind for sign, kind in tokens.Tokenizer.SINGLE_TOKENS.items() if sign not in "%`"}
    VAR_SINGLE_TOKENS = {"@", "#", "$"}
    COMMANDS = set()
    NESTED_COMMENTS = False

    def tokenize(self, sql: str) -> list[Token]:
        pieces = list(_verbatim_pieces(sql)) if "{" in sql or _ROUTINE.match(sql) else []
        if not pieces:
            return super().tokenize(sql)
        # The pieces are blanked out, so that every other token keeps its place.
        rest = sql
        for start, end in pieces:
            rest = rest[:start] + re.sub(r"[^\n]", " ", rest[start:end]) + rest[end:]
        found = super().tokenize(rest)
        found += [Token(VERBATIM, sql[start:end], start=start, end=end - 1) for start, end in pieces]
        return sorted(found, key=lambda token: token.start)


def _verbatim_pieces(sql: str) -> Iterator[tuple[int, int]]:
    if _ROUTINE.match(sql):
        start = next((match.start(1) for match in _BODY.finditer(sql) if match[1]), -1)
        if start >= 0:
            yield start, len(sql.rstrip())
        return
    at = 0
    while match := _BRACE.search(sql, at):
        at = match.end()
        if match[1]:
            at = _closing(sql, match.start(1))
            yield match.start(1), at


def _closing(sql: str, start: int) -> int:
    """The end of the braces that open at start; the end of the text when they do not close."""
    depth = 0
    for match in _INSIDE_BRACES.finditer(sql, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(sql)
