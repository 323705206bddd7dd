"""jsonpath: SQL/JSON paths, from text to a tree of items and back to PostgreSQL's form of them, and the type's codec.

A value is a text that is a path; PostgreSQL's form of it is made where it is shown, since that form leaves out parentheses which
matter in a few cases. Paths are evaluated by pgiris/compute/jsonpath.py.
PostgreSQL: functions-json#FUNCTIONS-SQLJSON-PATH, datatype-json#DATATYPE-JSONPATH, src/backend/utils/adt/jsonpath_gram.y,
jsonpath_scan.l, jsonpath.c (printJsonPathItem)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NoReturn

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types.codec import Codec, Context, Decode, Encode
from pgiris.types.encoding import text_decoder, text_encoder
from pgiris.types.jsontext import Number
from pgiris.types.numeric import NUMERIC

VERSION = 1  # of the binary format
LAST_LEVEL = 0xFFFFFFFF  # ``last`` in .**{1 to last}. PostgreSQL: PG_UINT32_MAX


@dataclass(slots=True)
class Item:
    """A node of a path. next: what is applied to each of its values.

    literal(value)  $  @  last  variable(name)  key(name)  .*  [*]  [](pairs of from, to or None)  **(first, last)
    filter(predicate)  method(name, template)  pos(operand)  neg(operand)  + - * / %(left, right)
    && ||(left, right)  !(predicate)  is unknown(predicate)  exists(operand)
    == != < <= > >=(left, right)  starts with(left, right)  like_regex(operand, pattern, flags)
    """

    kind: str
    args: tuple[Any, ...] = ()
    next: Item | None = None

    @property
    def is_predicate(self) -> bool:
        return self.kind in PREDICATES and self.next is None


@dataclass(frozen=True, slots=True)
class Path:
    strict: bool
    root: Item


COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
PREDICATES = frozenset((*COMPARISONS, "&&", "||", "!", "is unknown", "exists", "starts with", "like_regex"))
METHODS = frozenset(("type", "size", "double", "ceiling", "floor", "abs", "keyvalue", "datetime"))
_LATER_METHODS = frozenset(  # of PostgreSQL 17
    ("bigint", "boolean", "date", "decimal", "integer", "number", "string", "time", "time_tz", "timestamp", "timestamp_tz")
)

# Tokens. PostgreSQL: jsonpath_scan.l

_OTHER = r'[^?%$.\[\]{}()|&!=<>@#,*:+/\\" \t\n\r\f-]'
_ESCAPE = r"\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[^uxn\n]|n)"
_DIGITS = "[0-9](?:_?[0-9])*"
_INTEGER = "(?:0|[1-9](?:_?[0-9])*)"
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t\n\r\f]+) | (?P<comment>/\*(?s:.*?)\*/) | (?P<open>/\*)
    | (?P<number>(?:{_INTEGER}\.(?:{_DIGITS})?|\.{_DIGITS}|{_INTEGER})(?:[Ee][+-]?{_DIGITS})?)
    | (?P<string>"(?:[^"\\]|{_ESCAPE})*") | (?P<variable>\$(?:{_OTHER}+|"(?:[^"\\]|{_ESCAPE})*"))
    | (?P<symbol>&&|\|\||!=|\*\*|<=|<>|==|>=|[?%$.\[\]{{}}()|&!=<>@\#,*:+/-])
    | (?P<word>(?:{_OTHER}|{_ESCAPE})+)""",
    re.VERBOSE,
)
_BASES = re.compile(r"0(?:[xX][0-9A-Fa-f](?:_?[0-9A-Fa-f])*|[oO][0-7](?:_?[0-7])*|[bB][01](?:_?[01])*)")
_JUNK = re.compile(_OTHER)
_KEYWORDS = METHODS | frozenset(
    ("is", "to", "lax", "flag", "last", "null", "true", "with", "false", "exists", "starts", "strict", "unknown", "like_regex")
)
_EXACT = frozenset(("null", "true", "false"))  # in lower case only
_CONSTANTS = {"null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class _Token:
    """kind: ``end``, ``word``, ``keyword``, ``string``, ``variable``, ``integer``, ``number``, or a symbol.

    value: a keyword's in lower case. near: what PostgreSQL's messages show of it. name: a word as it was written.
    """

    kind: str
    value: Any
    near: str
    name: str = ""


def _syntax_error(near: str, message: str = "syntax error") -> PgError:
    place = f'at or near "{near}"' if near else "at end"
    return PgError(sqlstate.SYNTAX_ERROR, f"{message} {place} of jsonpath input")


def _tokens(text: str) -> Iterator[_Token]:
    at, pending = 0, None
    while at < len(text):
        match = _number_in_base(text, at) or _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        at, kind, shown = match.end(), match.lastgroup or "number", match[0]
        if pending is not None and kind != "comment":  # a comment right behind a word swallows it, as PostgreSQL's lexer does
            yield replace(pending, near=shown if kind == "blank" else "")
        pending = None
        match kind:
            case "open":
                raise _syntax_error("", "unexpected end of comment")
            case "number":
                if _JUNK.match(text, at):
                    raise _syntax_error(text[match.start() : at + 1], "trailing junk after numeric literal")
                yield _Token("integer" if re.fullmatch(r"[0-9_]+", shown) else "number", _number(shown), shown)
            case "string":
                yield _Token("string", _unescaped(shown[1:-1]), '"')
            case "variable":
                quoted = shown[1:2] == '"'
                yield _Token("variable", _unescaped(shown[2:-1]) if quoted else shown[1:], shown)
            case "symbol":
                yield _Token(shown, None, shown)
            case "word":
                pending = _word(_unescaped(shown))
    if pending is not None:
        yield pending
    yield _Token("end", None, "")


def _word(text: str) -> _Token:
    folded = text.lower()
    is_keyword = folded in _KEYWORDS and (folded not in _EXACT or text == folded)
    return _Token("keyword" if is_keyword else "word", folded if is_keyword else text, "", text)


def _number_in_base(text: str, at: int) -> re.Match[str] | None:
    return _BASES.match(text, at) if text[at] == "0" else None


def _number(text: str) -> Number:
    plain = text.replace("_", "")
    if plain[:2].lower() in ("0x", "0o", "0b"):
        plain = str(int(plain, 0))
    return Number(NUMERIC.text_in(Context())(plain.encode()))


def _unreadable(text: str, at: int) -> PgError:
    """A quoted string without end, or with an escape sequence that is none."""
    bad = re.compile(r"\\(?:u\{?[0-9A-Fa-f]{0,6}|x[0-9A-Fa-f]?|\Z|\n)").search(text, at)
    if bad is None:
        return _syntax_error("", "unterminated quoted string")
    names = {"u": "invalid Unicode escape sequence", "x": "invalid hexadecimal character sequence"}
    message = names.get(bad[0][1:2], "unexpected end after backslash")
    return _syntax_error(bad[0], message)


_PLAIN_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPES = re.compile(
    r"\\(?:u\{(?P<long>[0-9A-Fa-f]{1,6})\}|u(?P<short>[0-9A-Fa-f]{4})|x(?P<hex>[0-9A-Fa-f]{2})|(?P<one>.))", re.S
)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    made = _ESCAPES.sub(_character, text)
    try:
        return made.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        detail = "Unicode low surrogate must follow a high surrogate."
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath", detail=detail) from None


def _character(match: re.Match[str]) -> str:
    if match["one"]:
        return _PLAIN_ESCAPES.get(match["one"], match["one"])
    code = int(match["long"] or match["short"] or match["hex"], 16)
    if not code:
        detail = "\\u0000 cannot be converted to text."
        raise PgError(sqlstate.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence", detail=detail)
    if code > 0x10FFFF:
        raise PgError(sqlstate.SYNTAX_ERROR, "invalid Unicode escape value")
    return chr(code)


# The parser: one method for each level of precedence. PostgreSQL: jsonpath_gram.y


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._token = next(self._tokens)

    def path(self) -> Path:
        strict = self._is_word("strict")
        if strict or self._is_word("lax"):
            self._step()
        root = self._disjunction()
        if self._token.kind != "end":
            self._refuse()
        _check_places(root, 0, False)
        return Path(strict, root)

    def _step(self) -> _Token:
        taken = self._token
        if taken.kind != "end":
            self._token = next(self._tokens)
        return taken

    def _take(self, kind: str) -> _Token:
        if self._token.kind != kind:
            self._refuse()
        return self._step()

    def _is_word(self, word: str) -> bool:
        return self._token.kind == "keyword" and self._token.value == word

    def _take_word(self, word: str) -> None:
        if not self._is_word(word):
            self._refuse()
        self._step()

    def _refuse(self) -> NoReturn:
        raise _syntax_error(self._token.near)

    def _predicate(self, item: Item) -> Item:
        return item if item.is_predicate else self._refuse()

    def _value(self, item: Item) -> Item:
        return self._refuse() if item.is_predicate else item

    def _disjunction(self) -> Item:
        return self._connected("||", lambda: self._connected("&&", self._unit))

    def _connected(self, symbol: str, operand: Callable[[], Item]) -> Item:
        left = operand()
        while self._token.kind == symbol:
            self._predicate(left)
            self._step()
            left = Item(symbol, (left, self._predicate(operand())))
        return left

    def _unit(self) -> Item:
        """A predicate without && and ||, or an expression."""
        if self._token.kind == "!":
            self._step()
            return Item("!", (self._delimited(),))
        if self._is_word("exists"):
            return self._delimited()
        left = self._sum()
        if left.is_predicate:
            if self._is_word("is"):
                self._step()
                self._take_word("unknown")
                return Item("is unknown", (left,))
            return left
        symbol = "!=" if self._token.kind == "<>" else self._token.kind
        if symbol in COMPARISONS:
            self._step()
            return Item(symbol, (left, self._value(self._sum())))
        if self._is_word("starts"):
            self._step()
            self._take_word("with")
            return Item("starts with", (left, self._initial()))
        if self._is_word("like_regex"):
            self._step()
            return self._like_regex(left)
        return left

    def _delimited(self) -> Item:
        if self._is_word("exists"):
            self._step()
            self._take("(")
            made = Item("exists", (self._value(self._sum()),))
        else:
            self._take("(")
            made = self._predicate(self._disjunction())
        self._take(")")
        return made

    def _initial(self) -> Item:
        if self._token.kind == "variable":
            return Item("variable", (self._step().value,))
        return Item("literal", (self._take("string").value,))

    def _like_regex(self, operand: Item) -> Item:
        pattern, flags = self._take("string").value, ""
        if self._is_word("flag"):
            self._step()
            flags = self._take("string").value
        return Item("like_regex", (operand, pattern, _checked_flags(flags)))

    def _sum(self) -> Item:
        return self._operation(("+", "-"), lambda: self._operation(("*", "/", "%"), self._signed))

    def _operation(self, symbols: tuple[str, ...], operand: Callable[[], Item]) -> Item:
        left = operand()
        while self._token.kind in symbols:
            self._value(left)
            symbol = self._step().kind
            left = Item(symbol, (left, self._value(operand())))
        return left

    def _signed(self) -> Item:
        if self._token.kind not in ("+", "-"):
            return self._accessed()
        is_minus = self._step().kind == "-"
        operand = self._value(self._signed())
        if operand.kind == "literal" and isinstance(operand.args[0], Number) and operand.next is None:
            return Item("literal", (_negated(operand.args[0]),)) if is_minus else operand
        return Item("neg" if is_minus else "pos", (operand,))

    def _accessed(self) -> Item:
        head = self._primary()
        last = head
        while last.next is not None:
            last = last.next
        while (step := self._accessor()) is not None:
            last.next = last = step
        return head

    def _primary(self) -> Item:
        token = self._token
        if token.kind == "(":
            self._step()
            inner = self._disjunction()
            self._take(")")
            return inner
        if token.kind == "keyword" and token.value in _CONSTANTS:
            made = Item("literal", (_CONSTANTS[token.value],))
        elif token.kind in ("string", "integer", "number"):
            made = Item("literal", (token.value,))
        elif token.kind == "variable":
            made = Item("variable", (token.value,))
        elif token.kind in ("$", "@"):
            made = Item(token.kind)
        elif self._is_word("last"):
            made = Item("last")
        else:
            self._refuse()
        self._step()
        return made

    def _accessor(self) -> Item | None:
        if self._token.kind == "[":
            return self._subscripts()
        if self._token.kind == "?":
            self._step()
            self._take("(")
            made = Item("filter", (self._predicate(self._disjunction()),))
            self._take(")")
            return made
        if self._token.kind != ".":
            return None
        self._step()
        token = self._step() if self._token.kind in ("*", "**", "string", "word", "keyword") else self._refuse()
        if token.kind == "*":
            return Item(".*")
        if token.kind == "**":
            return Item("**", self._levels())
        if self._token.kind == "(" and token.kind != "string":
            return self._method(token)
        return Item("key", (token.name or token.value,))

    def _method(self, token: _Token) -> Item:
        if token.value in _LATER_METHODS:
            raise not_supported(f"jsonpath item method .{token.value}() is not supported")
        if token.kind != "keyword" or token.value not in METHODS:
            self._refuse()
        self._step()
        template = self._step().value if token.value == "datetime" and self._token.kind == "string" else None
        self._take(")")
        return Item("method", (token.value, template))

    def _subscripts(self) -> Item:
        self._step()
        if self._token.kind == "*":
            self._step()
            self._take("]")
            return Item("[*]")
        pairs = [self._subscript()]
        while self._token.kind == ",":
            self._step()
            pairs.append(self._subscript())
        self._take("]")
        return Item("[]", (tuple(pairs),))

    def _subscript(self) -> tuple[Item, Item | None]:
        start = self._value(self._sum())
        if not self._is_word("to"):
            return start, None
        self._step()
        return start, self._value(self._sum())

    def _levels(self) -> tuple[int, int]:
        if self._token.kind != "{":
            return 0, LAST_LEVEL
        self._step()
        first = last = self._level()
        if self._is_word("to"):
            self._step()
            last = self._level()
        self._take("}")
        return first, last

    def _level(self) -> int:
        if self._is_word("last"):
            self._step()
            return LAST_LEVEL
        text = self._take("integer").value
        if int(text) >= 1 << 31:
            message = f'value "{text}" is out of range for type integer'
            raise PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, message)
        return int(text)


def _negated(number: Number) -> Number:
    if not number.strip("0."):
        return number
    return Number(number[1:] if number.startswith("-") else f"-{number}")


def _checked_flags(flags: str) -> str:
    for letter in flags:
        if letter not in "ismxq":
            detail = f'Unrecognized flag character "{letter}" in LIKE_REGEX predicate.'
            raise PgError(sqlstate.SYNTAX_ERROR, "invalid input syntax for type jsonpath", detail=detail)
    if "x" in flags and "q" not in flags:
        raise not_supported('XQuery "x" flag (expanded regular expressions) is not implemented')
    return "".join(letter for letter in "ismxq" if letter in flags)


def _check_places(item: Item | None, filters: int, in_subscript: bool) -> None:
    """@ stands in filters only, last in subscripts."""
    while item is not None:
        if item.kind == "@" and not filters:
            raise PgError(sqlstate.SYNTAX_ERROR, "@ is not allowed in root expressions")
        if item.kind == "last" and not in_subscript:
            raise PgError(sqlstate.SYNTAX_ERROR, "LAST is allowed only in array subscripts")
        for part in _parts(item):
            _check_places(part, filters + (item.kind == "filter"), in_subscript or item.kind == "[]")
        item = item.next


def _parts(item: Item) -> Iterator[Item]:
    for argument in item.args:
        if isinstance(argument, Item):
            yield argument
        elif item.kind == "[]":
            yield from (bound for pair in argument for bound in pair if bound is not None)


@lru_cache(maxsize=1024)
def parse(text: str) -> Path:
    """Raises 42601 and 22P02. The path is shared: leave it as it is."""
    if not text.strip(" \t\n\r\f"):
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid input syntax for type jsonpath: "{text}"')
    try:
        return _Parser(text).path()
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded") from None


# Texts

_quoted = json.JSONEncoder(ensure_ascii=False).encode
_PRIORITIES = {"||": 0, "&&": 1, **dict.fromkeys((*COMPARISONS, "starts with"), 2), "+": 3, "-": 3, "*": 4, "/": 4, "%": 4}
_PRIORITIES |= {"pos": 5, "neg": 5}
_INFIX = frozenset(("&&", "||", "+", "-", "*", "/", "%", "starts with", *COMPARISONS))
_HIGHEST = 6


def _priority(item: Item) -> int:
    return _PRIORITIES.get(item.kind, _HIGHEST)


def text_of(path: Path) -> str:
    """As PostgreSQL prints it."""
    return ("strict " if path.strict else "") + _shown(path.root, True)


def _shown(item: Item, brackets: bool, is_step: bool = False) -> str:
    text = _item(item, brackets, is_step)
    return text if item.next is None else text + _shown(item.next, True, True)


def _inner(item: Item, outer: Item) -> str:
    return _shown(item, _priority(item) <= _priority(outer))


def _item(item: Item, brackets: bool, is_step: bool) -> str:
    kind, args = item.kind, item.args
    opened, closed = ("(", ")") if brackets else ("", "")
    dot = "." if is_step else ""
    if kind in _INFIX:
        return f"{opened}{_inner(args[0], item)} {kind} {_inner(args[1], item)}{closed}"
    match kind:
        case "literal":
            return _literal(args[0], item.next is not None)
        case "variable":
            return f"${_quoted(args[0])}"
        case "key":
            return f"{dot}{_quoted(args[0])}"
        case ".*":
            return f"{dot}*"
        case "**":
            return f"{dot}**{_levels_text(*args)}"
        case "[]":
            return f"[{','.join(_subscript_text(*pair) for pair in args[0])}]"
        case "filter":
            return f"?({_shown(args[0], False)})"
        case "method":
            return f".{args[0]}({'' if args[1] is None else _quoted(args[1])})"
        case "pos" | "neg":
            return f"{opened}{'+' if kind == 'pos' else '-'}{_inner(args[0], item)}{closed}"
        case "!":
            return f"!({_shown(args[0], False)})"
        case "is unknown":
            return f"({_shown(args[0], False)}) is unknown"
        case "exists":
            return f"exists ({_shown(args[0], False)})"
        case "like_regex":
            flags = f' flag "{args[2]}"' if args[2] else ""
            return f"{opened}{_inner(args[0], item)} like_regex {_quoted(args[1])}{flags}{closed}"
    return kind


def _literal(value: Any, has_steps: bool) -> str:
    if isinstance(value, Number):
        return f"({value})" if has_steps else value
    return json.dumps(value, ensure_ascii=False)


def _levels_text(first: int, last: int) -> str:
    if (first, last) == (0, LAST_LEVEL):
        return ""
    low, high = ("last" if level == LAST_LEVEL else str(level) for level in (first, last))
    return f"{{{low}}}" if first == last else f"{{{low} to {high}}}"


def _subscript_text(start: Item, end: Item | None) -> str:
    return _shown(start, False) + ("" if end is None else f" to {_shown(end, False)}")


# The codec


def _text_in(context: Context) -> Decode:
    decode = text_decoder(context.client_encoding)

    def from_text(raw: bytes) -> str:
        text: str = decode(raw)
        parse(text)
        return text

    return from_text


def _text_out(context: Context, typmod: int) -> Encode:
    encode = text_encoder(context.client_encoding)
    return lambda value: encode(text_of(parse(value)))


def _binary_out(context: Context, typmod: int) -> Encode:
    to_text = _text_out(context, typmod)
    return lambda value: bytes((VERSION,)) + to_text(value)


def _binary_in(context: Context) -> Decode:
    from_text = _text_in(context)

    def from_binary(raw: bytes) -> str:
        if not raw:
            raise PgError(sqlstate.PROTOCOL_VIOLATION, "insufficient data left in message")
        if raw[0] != VERSION:
            raise PgError(sqlstate.INTERNAL_ERROR, f"unsupported jsonpath version number: {raw[0]}")
        text: str = from_text(raw[1:])
        return text

    return from_binary


JSONPATH = Codec(_text_out, _binary_out, _text_in, _binary_in)
