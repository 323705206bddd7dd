"""Split: the text of a simple Query -> its statements.

PostgreSQL: sql-syntax-lexical, protocol-flow#PROTOCOL-FLOW-MULTI-STATEMENT
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pgiris.errors import PgError
from pgiris.sql import scanner

LONG_TEXT = 20_000  # characters of a text whose parsing would keep the event loop for too long


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon. offset: place of its first character in the whole text, from 0."""

    text: str
    offset: int


_PLAIN = re.compile(r"\s*[A-Za-z(]")  # begins with neither comment nor semicolon


def split(text: str) -> list[Statement]:
    """The statements of a text; those of nothing but white space and comments vanish.

    Raises PgError 42601 for strings, names and comments that do not end, with their position in the whole text.
    """
    if _PLAIN.match(text):
        first = text.find(";")
        if first < 0:
            if "'" not in text and "/*" not in text and '"' not in text and "$" not in text:
                return [Statement(text, 0)]
        elif not text[first + 1 :].strip():
            if "'" not in text and '"' not in text and "$" not in text and "/*" not in text:
                return [Statement(text[:first], 0)]
            if text.count("(") == text.count(")") and _ATOMIC.search(text) is None:
                return list(_ended(text, first) if len(text) < LONG_TEXT else _ended.__wrapped__(text, first))
    return _split(text)


_ATOMIC = re.compile("atomic", re.IGNORECASE)  # the body of a routine may follow


@lru_cache(16)  # a catalog query is split by all who look at it in turn
def _ended(text: str, end: int) -> tuple[Statement, ...]:
    """Statements of a text whose only semicolon is its last character: it belongs to none, unless a string or comment has it."""
    try:
        return tuple(_split(text[:end]))
    except PgError:
        return tuple(_split(text))


# Where there is no semicolon, only strings, names and comments may go wrong.
_QUOTE = re.compile(r"(?<![A-Za-z0-9_$\x80-\U0010ffff])(?:[eE]'|[uU]&['\"]|\$(?![0-9]))|['\"]|--|/\*")
_EDGE = re.compile(r"[eE]'|[uU]&['\"]|['\"$();]|--|/\*|[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*|[0-9]+")


def _split(text: str) -> list[Statement]:
    statements: list[Statement] = []
    start = at = parentheses = depth = 0
    words: list[str] = []  # the first words of the statement; after CREATE they tell whether it may have a body
    edges = _EDGE if ";" in text else _QUOTE
    while True:
        edge = edges.search(text, at)
        if edge is None:
            break
        what = edge[0]
        at = edge.end()
        if what == ";":
            if not parentheses and not depth:
                _append(statements, text, start, edge.start())
                start, words = at, []
        elif what == "(":
            parentheses += 1
        elif what == ")":
            parentheses = max(0, parentheses - 1)
        elif what in ("--", "/*"):
            at = scanner.skip_blank(text, edge.start())
        elif what[-1] in "'\"$":
            at = _after_quoted(text, edge.start(), at)
        elif not what[0].isdigit():
            if len(words) < 4:
                words.append(what.lower())
            if not parentheses:
                depth = _body_depth(what.lower(), words, depth)
    _append(statements, text, start, len(text))
    return statements


def _after_quoted(text: str, start: int, after: int) -> int:
    """The place after a string or name; a dollar that opens nothing is passed over."""
    if text[start] == "$" and not _DOLLAR_QUOTE.match(text, start):
        return after
    return scanner.next_token(text, start).end


_DOLLAR_QUOTE = re.compile(r"\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?\$")
_ROUTINES = frozenset(("function", "procedure", "proc", "query"))


def _body_depth(word: str, words: list[str], depth: int) -> int:
    """CREATE FUNCTION ... BEGIN ATOMIC ...; END: semicolons inside do not end the statement, CASE has an END of its own.

    IRIS's CREATE PROCEDURE, PROC and QUERY have BEGIN ...; END.
    """
    kind = words[3:4] if words[1:3] == ["or", "replace"] else words[1:2]
    if words[0] != "create" or _ROUTINES.isdisjoint(kind):
        return depth
    if word == "begin" or (depth and word == "case"):
        return depth + 1
    return max(0, depth - 1) if word == "end" else depth


def _append(statements: list[Statement], text: str, start: int, end: int) -> None:
    body = text[start:end]
    if scanner.skip_blank(body) < len(body):
        leading = len(body) - len(body.lstrip())
        statements.append(Statement(body[leading:], start + leading))
