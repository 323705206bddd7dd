"""Scanner: the tokens of a statement that the session itself may carry out.

In: statement text. Out: tokens with their place, names folded to lower case and cut to 63 bytes as PostgreSQL does.
It knows PostgreSQL's whole lexical structure, with standard_conforming_strings on. commands.py reads the tokens.
PostgreSQL: sql-syntax-lexical
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from pgiris import sqlstate
from pgiris.errors import PgError

NAME_BYTES = 63  # PostgreSQL: NAMEDATALEN - 1


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# PostgreSQL: sql-keywords-appendix, categories "reserved" and "reserved (can be function or type)".
RESERVED = _words(
    """
    all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog
    current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except
    false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp
    not null offset on only or order placing primary references returning select session_user some symmetric system_user table
    then to trailing true union unique user using variadic when where window with
    """
)
TYPE_OR_FUNCTION_NAME = _words(
    """
    authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural
    notnull outer overlaps right similar tablesample verbose
    """
)
COLUMN_NAME_WORDS = _words(
    """
    between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer
    interval least national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring
    time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
    xmlroot xmlserialize xmltable
    """
)
NOT_A_NAME = RESERVED | TYPE_OR_FUNCTION_NAME  # what PostgreSQL's grammar refuses where it wants a ColId


class Kind(Enum):
    WORD = auto()  # identifier without quotes, or keyword; text in lower case
    NAME = auto()  # quoted identifier
    STRING = auto()
    INTEGER = auto()  # fits int4; anything larger is a FLOAT to PostgreSQL's grammar
    FLOAT = auto()
    BITS = auto()  # B'...' and X'...'
    PARAMETER = auto()
    OPERATOR = auto()  # operators and punctuation
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """text: the value without quotes and escapes. start, end: its place in the statement, from 0."""

    kind: Kind
    text: str
    start: int
    end: int


_BLANK = re.compile(r"(?:[ \t\n\r\f\v]+|--[^\n\r]*)*")
_TOKEN = re.compile(
    r"""
      (?P<string>[eEnNbBxX]?'|[uU]&')
    | (?P<name>"|[uU]&")
    | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
    | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?\$)
    | (?P<parameter>\$[0-9]+)
    | (?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<punctuation>::|\.\.|:=|[,()\[\].;:])
    | (?P<operator>(?:(?!--|/\*)[~!@\#^&|`?+\-*/%<>=])+)
    """,
    re.VERBOSE,
)
_STRING_BODY = re.compile(r"[^']*(?:''[^']*)*'")
_ESCAPED_BODY = re.compile(r"[^'\\]*(?:(?:''|\\.)[^'\\]*)*'", re.DOTALL)
_NAME_BODY = re.compile(r'[^"]*(?:""[^"]*)*"')
_CONTINUED = re.compile(r"(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_ESCAPE = re.compile(
    r"""\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})
    |u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|('')""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UESCAPE = re.compile(r"\s*uescape\s*'([^'0-9A-Fa-f+\"\s])'", re.IGNORECASE)
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_ONLY_OPERATOR = re.compile(r"[~!@#%^&|`?]")
_INT4_MAX = 2**31 - 1


def syntax_error(text: str, token: Token) -> PgError:
    """42601 in PostgreSQL's words; it quotes the token as it stands in the text."""
    if token.kind is Kind.END:
        return PgError(sqlstate.SYNTAX_ERROR, "syntax error at end of input", position=token.start + 1)
    return error_near(text, token.start, token.end, "syntax error")


def error_near(text: str, start: int, end: int, message: str) -> PgError:
    return PgError(sqlstate.SYNTAX_ERROR, f'{message} at or near "{text[start:end]}"', position=start + 1)


def fold(name: str) -> str:
    """An unquoted identifier as PostgreSQL stores it: only ASCII letters change case."""
    return truncate(name.lower() if name.isascii() else name.translate(_ASCII_LOWER))


def truncate(name: str) -> str:
    """At most 63 bytes, never half a character."""
    if len(name) <= NAME_BYTES and name.isascii():
        return name
    return name.encode("utf-8", "surrogatepass")[:NAME_BYTES].decode("utf-8", "ignore")


def skip_blank(text: str, at: int = 0) -> int:
    """The place after white space and comments, which may be nested. Raises 42601 for a comment without end."""
    while True:
        match = _BLANK.match(text, at)
        assert match is not None
        at = match.end()
        if not text.startswith("/*", at):
            return at
        at = _after_comment(text, at)


def _after_comment(text: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    raise error_near(text, start, len(text), "unterminated /* comment")


def next_token(text: str, at: int) -> Token:
    """The token at or after a place. Raises 42601 for what is no token, and for strings and names without end."""
    start = skip_blank(text, at)
    if start >= len(text):
        return Token(Kind.END, "", start, start)
    match = _TOKEN.match(text, start)
    if match is None:
        raise error_near(text, start, start + 1, "syntax error")
    what, end = match.lastgroup, match.end()
    if what == "word":
        return Token(Kind.WORD, fold(match[0]), start, end)
    if what == "string":
        return _string(text, start, end)
    if what == "name":
        return _quoted_name(text, start, end)
    if what == "dollar":
        return _dollar_string(text, start, end)
    if what == "number":
        return _number(text, start, end)
    if what == "parameter":
        return Token(Kind.PARAMETER, match[0], start, end)
    symbol = match[0] if what == "punctuation" else _operator(match[0])
    return Token(Kind.OPERATOR, symbol, start, start + len(symbol))


def _operator(symbols: str) -> str:
    """Several characters do not end with + or -, unless one of them could only be an operator's."""
    if len(symbols) > 1 and not _ONLY_OPERATOR.search(symbols):
        return symbols.rstrip("+-") or symbols[0]
    return symbols


def _string(text: str, start: int, body: int) -> Token:
    prefix = text[start : body - 1].lower()
    pattern = _ESCAPED_BODY if prefix == "e" else _STRING_BODY
    pieces: list[str] = []
    at = body
    while True:
        match = pattern.match(text, at)
        if match is None:
            raise error_near(text, start, len(text), "unterminated quoted string")
        pieces.append(text[at : match.end() - 1].replace("''", "'") if prefix != "e" else match[0][:-1])
        end = match.end()
        continued = _CONTINUED.match(text, end)
        if continued is None:
            break
        at = continued.end()
    value = "".join(pieces)
    if prefix == "e":
        value = _unescape(value)
    elif prefix == "u&":
        value, end = _unicode_escapes(text, value, end)
    elif prefix in ("b", "x"):
        return Token(Kind.BITS, value, start, end)
    return Token(Kind.STRING, value, start, end)


def _unescape(body: str) -> str:
    """The value of an E'' string: \\ooo and \\xhh are bytes, which must make UTF-8 together with the rest."""
    if "\\" not in body:
        return body.replace("''", "'")
    out = bytearray()
    at = 0
    for match in _ESCAPE.finditer(body):
        out += body[at : match.start()].encode()
        at = match.end()
        out += _escaped(match)
    out += body[at:].encode()
    try:
        if 0 in out:
            raise UnicodeDecodeError("utf-8", b"\0", 0, 1, "")
        return out.decode()
    except UnicodeDecodeError as error:
        wrong = " ".join(f"0x{byte:02x}" for byte in error.object[error.start : error.end])
        raise PgError(sqlstate.CHARACTER_NOT_IN_REPERTOIRE, f'invalid byte sequence for encoding "UTF8": {wrong}') from None


def _escaped(match: re.Match[str]) -> bytes:
    octal, hexadecimal, high, low, short, long, letter, quotes = match.groups()
    if quotes:
        return b"'"
    if letter is not None and letter in "uU":
        hint = "Unicode escapes must be \\uXXXX or \\UXXXXXXXX."
        raise PgError(sqlstate.INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape", hint=hint)
    if letter is not None:
        return _ESCAPE_LETTERS.get(letter, letter).encode()
    if octal is not None:
        return bytes((int(octal, 8) & 0xFF,))
    if hexadecimal is not None:
        return bytes((int(hexadecimal, 16),))
    if high is not None:
        return (bytes.fromhex(high) + bytes.fromhex(low)).decode("utf-16-be").encode()
    return _character(int(short or long, 16)).encode()


def _character(code: int) -> str:
    if not 0 < code <= 0x10FFFF or 0xD800 <= code < 0xE000:
        raise PgError(sqlstate.SYNTAX_ERROR, "invalid Unicode escape value")
    return chr(code)


def _unicode_escapes(text: str, body: str, end: int) -> tuple[str, int]:
    escape = "\\"
    given = _UESCAPE.match(text, end)
    if given is not None:
        escape, end = given[1], given.end()
    mark = re.escape(escape)

    def character(match: re.Match[str]) -> str:
        four, six = match.groups()
        return _character(int(four or six, 16)) if four or six else escape

    if re.search(rf"{mark}(?!{mark}|[0-9A-Fa-f]{{4}}|\+[0-9A-Fa-f]{{6}})", body.replace(escape * 2, "")):
        raise PgError(
            sqlstate.SYNTAX_ERROR, "invalid Unicode escape", hint="Unicode escapes must be \\XXXX or \\+XXXXXX.", position=end
        )
    return re.sub(rf"{mark}(?:([0-9A-Fa-f]{{4}})|\+([0-9A-Fa-f]{{6}})|{mark})", character, body), end


def _quoted_name(text: str, start: int, body: int) -> Token:
    match = _NAME_BODY.match(text, body)
    if match is None:
        raise error_near(text, start, len(text), "unterminated quoted identifier")
    name, end = match[0][:-1].replace('""', '"'), match.end()
    if body - start > 1:
        name, end = _unicode_escapes(text, name, end)
    if not name:
        raise error_near(text, start, end, "zero-length delimited identifier")
    return Token(Kind.NAME, truncate(name), start, end)


def _dollar_string(text: str, start: int, body: int) -> Token:
    mark = text[start:body]
    end = text.find(mark, body)
    if end < 0:
        raise error_near(text, start, len(text), "unterminated dollar-quoted string")
    return Token(Kind.STRING, text[body:end], start, end + len(mark))


def _number(text: str, start: int, end: int) -> Token:
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        raise error_near(text, start, end, "trailing junk after numeric literal")
    digits = text[start:end]
    if digits.isdigit() and int(digits) <= _INT4_MAX:
        return Token(Kind.INTEGER, str(int(digits)), start, end)
    return Token(Kind.FLOAT, digits, start, end)
