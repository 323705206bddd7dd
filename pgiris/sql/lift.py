"""Lift: literals out of a statement's text, so that texts which differ in them, and in comments, alone share a plan.

In: the text. Out: a template in which every liftable literal is a marker that tells its kind, and the literals' text.
Libraries for tracing write comments that never come again.
Which of them a plan really leaves open is the planner's decision; the others are part of its cache key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Kinds, as they stand in a template. Of a number with decimals it also tells how many: results show as many.
INT4, INT8, NUMERIC, STRING, ESCAPED = "\x011\x02", "\x012\x02", "\x013\x02", "\x014\x02", "\x015\x02"

_LIFTABLE = re.compile(
    r"(?:\s+|--[^\n]*\n|/\*(?!\*/)[^*/]*\*/)*(?:select|insert|update|delete|with|values|table)\b", re.IGNORECASE
)

# A token that is, or may hide, a literal. The set of first characters stands alone in front, so that the search skips all
# other text at once; what follows is chosen by looking back at it.
_LITERAL = re.compile(
    r"""( ['"0-9/$-] (?:
          (?<=') [^']*(?:''[^']*)*'
        | (?<=[0-9]) (?<![\w$.\x80-\U0010ffff].) [0-9]* (?: \.[0-9]* )? (?: [eE][+-]?[0-9]+ )? (?![\w$.\x80-\U0010ffff])
        | (?<=") [^"]*"
        | (?<=-) -[^\n]*
        | (?<=/) \*(?:[^*/]|\*(?!/)|/(?!\*))*\*/
        | (?<=\$) [^0-9]
        ) )""",
    re.VERBOSE | re.DOTALL,
)
_HINTS = ("/*#", "/*+")  # comments that IRIS reads (iris-reference 4.1), and others may
_PREFIXES = frozenset("eEbBxXnN&")  # of strings that are no plain text
_LONGEST_TEXT = 100_000  # characters; longer texts are seldom seen twice
_INT4_DIGITS, _INT8_DIGITS = 9, 18  # any number of so many digits fits


@dataclass(frozen=True, slots=True)
class Lifted:
    """template: cache key without the literals. literals: their text as PostgreSQL's input functions read it."""

    template: str
    literals: tuple[str, ...]


def lift(text: str) -> Lifted | None:
    """None: the text holds nothing to lift nor a comment, or something that this scanner leaves to the parser."""
    if len(text) > _LONGEST_TEXT or _LIFTABLE.match(text) is None:
        return None
    pieces = _LITERAL.split(text)
    if len(pieces) == 1 or "\x01" in text:
        return None
    literals: list[str] = []
    has_comments = False
    for index in range(1, len(pieces), 2):
        piece = pieces[index]
        first = piece[0]
        if first == '"':  # ORMs quote every name
            continue
        if first == "'":
            before = pieces[index - 1]
            if before and before[-1] in _PREFIXES:
                return None
            inner = piece[1:-1]
            literals.append(inner.replace("''", "'") if "''" in inner else inner)
            pieces[index] = ESCAPED if "\\" in inner else STRING
        elif first in "0123456789":
            literals.append(piece)
            pieces[index] = INT4 if len(piece) <= _INT4_DIGITS and piece.isdigit() else _wide_number(piece)
        elif first == "$":
            return None
        elif piece[:3] not in _HINTS:
            pieces[index] = " "
            has_comments = True
    if not literals and not has_comments:
        return None
    return Lifted("".join(pieces), tuple(literals))


def _wide_number(piece: str) -> str:
    if not piece.isdigit():
        whole, _, decimals = piece.partition(".")
        return f"\x013.{len(decimals)}\x02" if (whole + decimals).isdigit() else NUMERIC
    value = int(piece)
    if value <= 0x7FFFFFFF:
        return INT4
    return INT8 if value <= 0x7FFFFFFFFFFFFFFF else NUMERIC


def places(text: str) -> list[int]:
    """Where the literals of lift(text) begin, in the same order."""
    return [match.start() for match in _LITERAL.finditer(text) if match[0][0] in "'0123456789"]
