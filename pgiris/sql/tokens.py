"""Tokens: sqlglot's tokens of a plain text, found by one pattern, in a fifth of its own tokenizer's time.

A text is plain when it holds no comments, no strings but ``'...'`` without backslashes, and ASCII outside of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from pgiris.sql.split import LONG_TEXT

_BLANK, _NAME, _QUOTED, _STRING, _NUMBER, _PARAMETER, _SIGN = range(1, 8)
_FORMS = (
    r"([ \t\r\n]+)",
    r"""([A-Za-z_][A-Za-z0-9_]*)(?![\w$'"]|&['"])""",
    r'"([^"]*(?:""[^"]*)*)"',
    r"'([^'\\]*(?:''[^'\\]*)*)'",
    r"([0-9]+(?:\.[0-9]+)?)(?![\w$.])",
    r"\$([0-9]+)(?![\w$])",
)


class PlainTokens:
    """For texts of one tokenizer's language."""

    def __init__(self, tokenizer: type[Tokenizer]) -> None:
        signs = {**tokenizer.SINGLE_TOKENS, **tokenizer.KEYWORDS}
        self._words = {word: kind for word, kind in tokenizer.KEYWORDS.items() if word.isidentifier()}
        self._signs = {sign: kind for sign, kind in signs.items() if not (sign[0].isalnum() or sign[0] in "_'\"$\\")}
        self._phrases = _phrases(tokenizer.KEYWORDS)
        self._commands = frozenset(tokenizer.COMMANDS)
        self._before_commands = frozenset(tokenizer.COMMAND_PREFIX_TOKENS)
        longest_first = sorted(self._signs, key=len, reverse=True)
        self._next = re.compile("|".join([*_FORMS, f"({'|'.join(map(re.escape, longest_first))})"]), re.ASCII).match

    def read(self, text: str) -> list[Token] | None:
        """None: the text is not plain, or so long that the search for a token's end would keep other threads waiting."""
        if len(text) >= LONG_TEXT or "--" in text or "/*" in text:
            return None
        found: list[Token] = []
        add, read, size, at = found.append, self._next, len(text), 0
        while at < size:
            match = read(text, at)
            if match is None:
                return None
            form, end = match.lastindex, match.end()
            if form == _NAME:
                name = match[_NAME]
                upper = name.upper()
                phrase = self._phrases.get(upper)
                longer = phrase[0].match(text, at) if phrase is not None else None
                if phrase is not None and longer is not None:
                    end = longer.end()
                    name = " ".join(longer[0].upper().split())
                    kind = phrase[1][name]
                else:
                    kind = self._words.get(upper, TokenType.VAR)
                    if kind in self._commands and (not found or found[-1].token_type in self._before_commands):
                        return None  # the rest of the text is one token to sqlglot
                add(Token(kind, name, 1, end, at, end - 1))
            elif form == _SIGN:
                sign = match[_SIGN]
                add(Token(self._signs[sign], sign, 1, end, at, end - 1))
            elif form == _QUOTED:
                add(Token(TokenType.IDENTIFIER, match[_QUOTED].replace('""', '"'), 1, end, at, end - 1))
            elif form == _STRING:
                add(Token(TokenType.STRING, match[_STRING].replace("''", "'"), 1, end, at, end - 1))
            elif form == _NUMBER:
                add(Token(TokenType.NUMBER, match[_NUMBER], 1, end, at, end - 1))
            elif form == _PARAMETER:
                add(Token(TokenType.PARAMETER, "$", 1, at + 1, at, at))
                add(Token(TokenType.NUMBER, match[_PARAMETER], 1, end, at + 1, end - 1))
            at = end
        return found


_Phrases = dict[str, tuple[re.Pattern[str], dict[str, TokenType]]]


def _phrases(keywords: Mapping[str, TokenType]) -> _Phrases:
    """Keywords of several words, by the first one: a pattern for them, the longest first."""
    by_first: dict[str, dict[str, TokenType]] = {}
    for phrase, kind in keywords.items():
        if " " in phrase and phrase[0].isalpha():
            by_first.setdefault(phrase.split()[0], {})[phrase] = kind
    return {first: (_any_of(phrases), phrases) for first, phrases in by_first.items()}


def _any_of(phrases: Mapping[str, TokenType]) -> re.Pattern[str]:
    words = (r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?:{'|'.join(words)})(?![\w$])", re.IGNORECASE | re.ASCII)
