"""Phrases: statements that are sequences of words, names and values, described by a line of grammar each.

Notation: ``WORD``; ``'('`` a sign; ``<kind>`` or ``<kind:label>`` a part; ``[ ]`` may be absent; ``( | )`` one of several;
``,..`` after an item: a list with commas; ``*`` after an item: any number. The first choice that fits is taken.
A statement becomes a Phrase, whose pieces in order are what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from pgiris.sql.iris.cursor import IrisSyntaxError

if TYPE_CHECKING:
    from pgiris.sql.iris.parser import Parser


class Phrase(exp.Expression):
    """this: the words that begin it, which name it. expressions: Piece nodes."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expressions": True}

    def parts(self, label: str) -> list[exp.Expr]:
        """What was read for a label, in order."""
        return [piece.this for piece in self.expressions if piece.text("label") == label]

    def part(self, label: str) -> exp.Expr | None:
        return next(iter(self.parts(label)), None)

    def has(self, word: str) -> bool:
        return any(piece.this.name == word for piece in self.expressions if not piece.args.get("label"))


class Piece(exp.Expression):
    """A word or sign (this: Var, no label), or a part (this: its node)."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "label": False}


Read = Callable[["Reader"], None]


@dataclass
class Reader:
    """A phrase being read."""

    parser: Parser
    pieces: list[Piece]
    furthest: IrisSyntaxError | None = None

    def attempt(self, read: Read) -> bool:
        start, count = self.parser._index, len(self.pieces)
        try:
            read(self)
        except IrisSyntaxError as error:
            if self.furthest is None or error.position > self.furthest.position:
                self.furthest = error
            self.parser._retreat(start)
            del self.pieces[count:]
            return False
        return True


def phrase(parser: Parser, name: str, read: Read) -> Phrase:
    """Raises the error of the attempt that came furthest."""
    reader = Reader(parser, [])
    if not reader.attempt(read):
        assert reader.furthest is not None
        raise reader.furthest
    if parser._curr:
        ending = parser.fail(-25, f"Input ({parser._curr.text}) encountered after end of query")
        furthest = reader.furthest
        raise furthest if furthest is not None and furthest.position > ending.position else ending
    return Phrase(this=name, expressions=reader.pieces)


# Grammar lines -> readers

_TOKEN = re.compile(r"\s*('[^']+'|<[^>]+>|,\.\.|[\[\]()|*]|[^\s\[\]()|<>',*]+)")


def compiled(line: str, kinds: dict[str, Callable[[Parser], exp.Expr]]) -> Read:
    symbols = _TOKEN.findall(line)
    reader, rest = _choice(symbols, kinds)
    assert not rest, (line, rest)
    return reader


def _choice(symbols: list[str], kinds: dict[str, Callable[[Parser], exp.Expr]]) -> tuple[Read, list[str]]:
    ways = []
    while True:
        way, symbols = _sequence(symbols, kinds)
        ways.append(way)
        if not symbols or symbols[0] != "|":
            return (ways[0] if len(ways) == 1 else _one_of(ways)), symbols
        symbols = symbols[1:]


def _sequence(symbols: list[str], kinds: dict[str, Callable[[Parser], exp.Expr]]) -> tuple[Read, list[str]]:
    items: list[Read] = []
    while symbols and symbols[0] not in ("|", ")", "]"):
        symbol, symbols = symbols[0], symbols[1:]
        if symbol in ("(", "["):
            inner, symbols = _choice(symbols, kinds)
            symbols = symbols[1:]
            items.append(inner if symbol == "(" else _optional(inner))
        elif symbol == ",..":
            items.append(_listed(items.pop()))
        elif symbol == "*":
            items.append(_repeated(items.pop()))
        else:
            items.append(_item(symbol, kinds))

    def read(reader: Reader) -> None:
        for item in items:
            item(reader)

    return read, symbols


def _item(symbol: str, kinds: dict[str, Callable[[Parser], exp.Expr]]) -> Read:
    if symbol[0] == "<":
        kind, _, label = symbol[1:-1].partition(":")
        take = kinds[kind]

        def part(reader: Reader) -> None:
            reader.pieces.append(Piece(this=take(reader.parser), label=label or kind))

        return part
    return _sign(symbol.strip("'")) if symbol[0] == "'" else _word(symbol)


def _word(word: str) -> Read:
    def read(reader: Reader) -> None:
        reader.parser.need(word)
        reader.pieces.append(Piece(this=exp.var(word)))

    return read


def _sign(sign: str) -> Read:
    def read(reader: Reader) -> None:
        if reader.parser._curr.text != sign:
            raise reader.parser.expected(sign)
        reader.parser._advance()
        reader.pieces.append(Piece(this=exp.var(sign)))

    return read


def _optional(inner: Read) -> Read:
    def read(reader: Reader) -> None:
        reader.attempt(inner)

    return read


def _one_of(ways: list[Read]) -> Read:
    def read(reader: Reader) -> None:
        if not any(reader.attempt(way) for way in ways):
            assert reader.furthest is not None
            raise reader.furthest

    return read


def _listed(item: Read) -> Read:
    comma = _sign(",")

    def further(reader: Reader) -> None:
        comma(reader)
        item(reader)

    def read(reader: Reader) -> None:
        item(reader)
        while reader.attempt(further):
            pass

    return read


def _repeated(item: Read) -> Read:
    def read(reader: Reader) -> None:
        while reader.attempt(item):
            pass

    return read


# Writing


def written(node: Phrase, write: Callable[[exp.Expr], str]) -> str:
    return "".join(_spaced(write(piece.this) for piece in node.expressions))


def _spaced(words: Iterator[str]) -> Iterator[str]:
    before = ""
    for word in words:
        if before not in ("", "(") and word not in (",", ")"):
            yield " "
        yield word
        before = word
