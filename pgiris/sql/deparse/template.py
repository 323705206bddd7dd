"""Templates: a printed text with what depends on who asks: parentheses, lines, schemas that are in the search path.

PostgreSQL: the functions pg_get_*def(..., pretty), prettyFlags and wrapColumn in ruleutils.c
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from pgiris.compute.strings import quote_ident
from pgiris.types.codec import Oid
from pgiris.types.table import type_name

# Marks; no text of SQL has them, and they are not those of catalog/texts.py.
PLAIN_OPEN, PLAIN_CLOSE = "\x0e", "\x0f"  # parentheses that pretty printing leaves out
PRETTY_OPEN, PRETTY_CLOSE = "\x10", "\x11"  # and those that it alone needs
LINE = "\x12"  # a new line; blanks before it go
ITEM, INDENT, ITEM_END = "\x13", "\x14", "\x15"  # ITEM kind indentation INDENT item ITEM_END: of lists with lines
FIRST_TARGET, TARGET, SOURCE = "abc"  # kinds of items: of select lists and FROM
RELATION, SCHEMA_END, TYPE, NAME_END = (
    "\x16",
    "\x17",
    "\x18",
    "\x19",
)  # RELATION schema SCHEMA_END name NAME_END; TYPE OID NAME_END
_MARKS = re.compile("[\x01-\x08\x0e-\x1f]")
_RELATIONS = re.compile(f"{RELATION}([^{SCHEMA_END}]*){SCHEMA_END}([^{NAME_END}]*){NAME_END}")
_TYPES = re.compile(f"{TYPE}([0-9]+){NAME_END}")
_PRETTY = str.maketrans({PLAIN_OPEN: None, PLAIN_CLOSE: None, PRETTY_OPEN: "(", PRETTY_CLOSE: ")"})
_PLAIN = str.maketrans({PLAIN_OPEN: "(", PLAIN_CLOSE: ")", PRETTY_OPEN: None, PRETTY_CLOSE: None})
_LINES = re.compile(f" *{LINE}")
_PIECES = re.compile(f"({ITEM}[abc][0-9]+{INDENT}|{ITEM_END})")


def has_marks(text: str) -> bool:
    return _MARKS.search(text) is not None


@dataclass(frozen=True)
class Template:
    """text: with marks. looks_like_function: PostgreSQL prints it without parentheses as the key of an index."""

    text: str
    looks_like_function: bool = False

    def named(self, relation: Callable[[str, str], str], type_: Callable[[Oid], str]) -> Template:
        """With the names of relations, by schema and name, and of enums and their arrays, as somebody knows them."""
        text = _RELATIONS.sub(lambda match: relation(match[1], match[2]), self.text)
        return replace(self, text=_TYPES.sub(lambda match: type_(Oid(int(match[1]))), text))

    def render(self, pretty: bool, wrap: int = 0) -> str:
        """wrap: how many characters a line of a list may have; 0: each item has a line of its own."""
        plain = self.named(lambda schema, name: quote_ident(name), type_name)
        return _wrapped(plain.text.translate(_PRETTY if pretty else _PLAIN), wrap)


class _Open(NamedTuple):
    """An item that is being read, and what its list is in."""

    kind: str
    indent: int
    before: str
    was_multiline: bool


def _wrapped(text: str, wrap: int) -> str:
    """The text with its lines. PostgreSQL: get_target_list(), get_from_clause() in ruleutils.c"""
    made, multiline = "", False  # multiline: the last item of the list has several lines
    stack: list[_Open] = []
    for piece in _PIECES.split(_LINES.sub("\n", text)):
        if piece[:1] == ITEM:
            stack.append(_Open(piece[1], int(piece[2:-1]), made, multiline and piece[1] == TARGET))
            made, multiline = "", False
        elif piece == ITEM_END:
            made, multiline = _placed(stack.pop(), made, wrap)
        else:
            made += piece
    return made


def _placed(item: _Open, made: str, wrap: int) -> tuple[str, bool]:
    """An item behind what stands before it, and whether it has several lines."""
    if made[:1] == "\n":
        return item.before.rstrip(" ") + made, "\n" in made[1:]
    line = item.before.rpartition("\n")[2]
    fits = len((line + made).encode()) <= wrap
    if item.kind == FIRST_TARGET or (fits and not item.was_multiline):
        return item.before + made, "\n" in made
    return f"{item.before.rstrip(' ')}\n{' ' * item.indent}{made}", "\n" in made
