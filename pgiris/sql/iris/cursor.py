"""Cursor: reading tokens word by word, and the error that ends a parse.

A word is a token of letters; nothing else decides whether it is a keyword than where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlglot import exp, parser
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token, TokenType

from pgiris.sql.iris.words import KEYWORDS, RESERVED, SIMPLE_IDENTIFIER, is_possible

R = TypeVar("R")


class IrisSyntaxError(ParseError):
    """What IRIS refuses when it prepares a statement. sqlcode: negative; position: 0-based character of the offending token."""

    def __init__(self, sqlcode: int, message: str, position: int) -> None:
        super().__init__(message)
        self.sqlcode = sqlcode
        self.message = message
        self.position = position


class Cursor(parser.Parser):
    def fail(self, sqlcode: int, message: str, token: Token | None = None) -> IrisSyntaxError:
        token = token or self._curr
        return IrisSyntaxError(sqlcode, message, token.start if token else len(self.sql))

    def expected(self, what: str, sqlcode: int = -1) -> IrisSyntaxError:
        return self.fail(sqlcode, f"{what} expected, {self.found()} found")

    def since(self, release: tuple[int, int], sqlcode: int = -1) -> None:
        """What was just taken came with a release. Raises what an older one would say."""
        if self.dialect.version[:2] < release:
            token = self._prev
            raise self.fail(sqlcode, f"Input ({token.text}) is not known before IRIS {release[0]}.{release[1]}", token)

    def found(self) -> str:
        """The current token, as IRIS names it in its messages."""
        token = self._curr
        if not token:
            return "end of statement"
        word = token.text.upper()
        if token.token_type == TokenType.VAR and word in RESERVED:
            return f"reserved word {word}"
        if token.token_type == TokenType.VAR or token.token_type == TokenType.IDENTIFIER:
            return f"identifier ({token.text})"
        if token.token_type == TokenType.STRING:
            return f"literal ('{token.text}')"
        return token.text

    # Words

    @property
    def upper(self) -> str:
        """The current word in upper case; empty when the token is no word."""
        token = self._curr
        return token.text.upper() if token.token_type == TokenType.VAR else ""

    def word(self, *texts: str) -> str:
        """Take one of these words. Empty when it is another."""
        upper = self.upper
        if upper in texts:
            self._advance()
            return upper
        return ""

    def at(self, *texts: str) -> bool:
        return self.upper in texts

    def sequence(self, *texts: str) -> bool:
        """Take all of these words or none."""
        start = self._index
        for text in texts:
            if not self.word(text):
                self._retreat(start)
                return False
        return True

    def need(self, *texts: str) -> str:
        taken = self.word(*texts)
        if not taken:
            raise self.expected(" or ".join(texts))
        return taken

    def sign(self, kind: TokenType) -> bool:
        return self._match(kind)

    def need_sign(self, kind: TokenType, text: str) -> None:
        if not self._match(kind):
            raise self.expected(text)

    def at_sign(self, kind: TokenType) -> bool:
        return self._curr.token_type == kind

    # Names

    def is_name(self) -> bool:
        token = self._curr
        if token.token_type == TokenType.IDENTIFIER:
            return True
        if token.token_type != TokenType.VAR or not SIMPLE_IDENTIFIER.fullmatch(token.text):
            return False
        upper = token.text.upper()
        return upper not in RESERVED and upper not in KEYWORDS

    def identifier(self, of_user: bool = False) -> exp.Identifier:
        """of_user: the name of a user or role, which may have any sign."""
        if not self.is_name():
            raise self.expected("IDENTIFIER")
        token = self._curr
        if token.token_type == TokenType.IDENTIFIER and not (of_user or is_possible(token.text)):
            raise self.fail(-1, f"Invalid delimited identifier: {token.text}")
        self._advance()
        return exp.Identifier(this=token.text, quoted=token.token_type == TokenType.IDENTIFIER)

    def table_name(self) -> exp.Table:
        """``[schema.]table``"""
        first = self.identifier()
        if not self.sign(TokenType.DOT):
            return exp.Table(this=first)
        return exp.Table(this=self.identifier(), db=first)

    # Lists

    def listed(self, item: Callable[[], R]) -> list[R]:
        items = [item()]
        while self.sign(TokenType.COMMA):
            items.append(item())
        return items

    def in_parens(self, item: Callable[[], R]) -> R:
        self.need_sign(TokenType.L_PAREN, "(")
        taken = item()
        self.need_sign(TokenType.R_PAREN, ")")
        return taken

    def names_in_parens(self) -> list[exp.Identifier]:
        return self.in_parens(lambda: self.listed(self.identifier))

    def string(self) -> exp.Literal:
        if not self.at_sign(TokenType.STRING):
            raise self.expected("string literal")
        literal = exp.Literal(this=self._curr.text, is_string=True)
        self._advance()
        return literal

    def integer(self) -> exp.Literal:
        token = self._curr
        if token.token_type != TokenType.NUMBER or not token.text.isdigit():
            raise self.expected("integer", -65)
        self._advance()
        return exp.Literal(this=token.text, is_string=False)

    def placeholder(self) -> exp.Placeholder:
        """The ``?`` just taken; meta start: its character, which orders parameters whatever shape the tree has."""
        placeholder = exp.Placeholder()
        placeholder.meta["start"] = self._prev.start
        return placeholder

    def attempt(self, ways: Iterable[Callable[[], R]]) -> R:
        """The first of several readings that succeeds; when none does, the error of the one that came furthest."""
        start = self._index
        furthest: IrisSyntaxError | None = None
        for way in ways:
            try:
                return way()
            except IrisSyntaxError as error:
                if furthest is None or error.position > furthest.position:
                    furthest = error
                self._retreat(start)
        assert furthest is not None
        raise furthest
