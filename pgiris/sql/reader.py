"""Reader: walks over the tokens of one statement, word by word, as a grammar's rules do.

In: statement text. Out: words, names, strings and numbers; whatever does not fit is 42601 with its position.
PostgreSQL: src/backend/parser/gram.y
"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.scanner import NOT_A_NAME, RESERVED, Kind, Token, next_token, syntax_error

QUERY_WORDS = frozenset({"select", "values", "with", "table", "("})  # of a query


class Reader:
    """Walks the tokens of one statement. ``token`` is the next one, not yet taken."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.token = next_token(text, at)

    def take(self) -> Token:
        token = self.token
        self.token = next_token(self.text, token.end)
        return token

    def peek(self) -> Token:
        """The token after the next."""
        return next_token(self.text, self.token.end) if self.token.kind is not Kind.END else self.token

    def error(self, token: Token | None = None) -> PgError:
        return syntax_error(self.text, token or self.token)

    def at(self, *words: str) -> bool:
        return self.token.kind is Kind.WORD and self.token.text in words

    def at_symbol(self, *symbols: str) -> bool:
        return self.token.kind is Kind.OPERATOR and self.token.text in symbols

    def at_end(self, token: Token | None = None) -> bool:
        token = token or self.token
        return token.kind is Kind.END or (token.kind is Kind.OPERATOR and token.text == ";")

    def accept(self, *words: str) -> str | None:
        return self.take().text if self.at(*words) else None

    def accept_if(self, *words: str) -> bool:
        """IF EXISTS, IF NOT EXISTS; a name may be ``if``."""
        if not (self.at("if") and self.peek().text == words[0]):
            return False
        self.take()
        for word in words:
            self.expect(word)
        return True

    def accept_symbol(self, symbol: str) -> bool:
        if not self.at_symbol(symbol):
            return False
        self.take()
        return True

    def expect(self, *words: str) -> str:
        """One of the words, or 42601."""
        if not self.at(*words):
            raise self.error()
        return self.take().text

    def expect_symbol(self, symbol: str) -> None:
        if not self.accept_symbol(symbol):
            raise self.error()

    def name(self) -> str:
        """PostgreSQL's ColId: no reserved word unless quoted."""
        token = self.token
        if token.kind is Kind.NAME or (token.kind is Kind.WORD and token.text not in NOT_A_NAME):
            return self.take().text
        raise self.error()

    def string(self) -> str:
        if self.token.kind is not Kind.STRING:
            raise self.error()
        return self.take().text

    def word_or_string(self) -> str:
        """PostgreSQL's NonReservedWord_or_Sconst."""
        token = self.token
        if token.kind in (Kind.STRING, Kind.NAME) or (token.kind is Kind.WORD and token.text not in RESERVED):
            return self.take().text
        raise self.error()

    def number(self) -> str:
        """PostgreSQL's NumericOnly, as text."""
        sign = ""
        if self.at_symbol("+", "-"):
            sign = "-" if self.take().text == "-" else ""
        if self.token.kind not in (Kind.INTEGER, Kind.FLOAT):
            raise self.error()
        return sign + self.take().text

    def signed_integer(self) -> int:
        """PostgreSQL's SignedIconst."""
        negative = self.at_symbol("-")
        if self.at_symbol("+", "-"):
            self.take()
        if self.token.kind is not Kind.INTEGER:
            raise self.error()
        value = int(self.take().text)
        return -value if negative else value

    def rest(self) -> str:
        """The text from the next token on, which is taken to be another statement."""
        start = self.token.start
        self.token = Token(Kind.END, "", len(self.text), len(self.text))
        return self.text[start:].rstrip("; \t\n\r\f\v")

    def finish(self) -> None:
        while self.accept_symbol(";"):
            if self.token.kind is not Kind.END and not self.at_symbol(";"):
                raise PgError(sqlstate.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement")
        if self.token.kind is not Kind.END:
            raise self.error()


def dotted_name(reader: Reader) -> str:
    parts = [reader.name()]
    while reader.accept_symbol("."):
        if reader.token.kind not in (Kind.WORD, Kind.NAME):
            raise reader.error()
        parts.append(reader.take().text)
    return ".".join(parts)


def statement_text(reader: Reader, first_words: frozenset[str]) -> str:
    """A statement inside another one, as text, which starts with one of these words."""
    if reader.token.kind not in (Kind.WORD, Kind.OPERATOR) or reader.token.text not in first_words:
        raise reader.error()
    return reader.rest()
