"""Scalar functions in Python that the lowered SQL calls. Each gets SQLite values, NULL as None.

iris-reference 4.21, 4.22; IRIS counts characters in UTF-16 code units.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from html import escape
from typing import Any

import apsw

from pgiris.backend.sandbox import calendar, datemasks, decimals, lists, values, vectors
from pgiris.backend.sandbox.values import json_text
from pgiris.backend.sqlcode import pg_error

Scalar = Callable[..., Any]


def strict(function: Scalar) -> Scalar:
    """NULL in, NULL out."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        return None if None in arguments else function(*arguments)

    return call


# Strings


def upper_key(text: str | None) -> str | None:
    """SQLUPPER: upper case, without trailing white space."""
    return None if text is None else str(text).rstrip().upper()


def ucase(text: str) -> str:
    """Character by character: none becomes several."""
    made = text.upper()
    return made if len(made) == len(text) else "".join(one if len(one.upper()) > 1 else one.upper() for one in text)


def lcase(text: str) -> str:
    made = text.lower()
    return made if len(made) == len(text) else "".join(one if len(one.lower()) > 1 else one.lower() for one in text)


def exact_key(text: str | None) -> Any:
    """What sorts as EXACT does: canonical numbers by value, before all other strings."""
    if text is None or not isinstance(text, str):
        return text
    if text[:1] in _NUMERIC_START and _CANONICAL.fullmatch(text):
        number = float(text)
        return int(text) if "." not in text and abs(number) < 2**62 else number
    return text


_NUMERIC_START = frozenset("-.0123456789")
_CANONICAL = re.compile(r"0|-?(?:[1-9][0-9]*(?:\.[0-9]*[1-9])?|\.[0-9]*[1-9])")


class Utf16:
    """A string by its code units. ASCII needs no care."""

    def __init__(self, text: str) -> None:
        self._units = text.encode("utf-16-le", "surrogatepass")

    def __getitem__(self, part: slice) -> str:
        start, stop = part.start or 0, part.stop
        return self._units[2 * start : None if stop is None else 2 * stop].decode("utf-16-le", "surrogatepass")


def _units(text: str) -> str | Utf16:
    return text if text.isascii() else Utf16(text)


def substring(text: str, start: int, length: int | None = None) -> str:
    """Positions from 1; a start before the string uses up length."""
    stop = None if length is None else start - 1 + max(length, 0)
    first = max(start - 1, 0)
    if stop is not None and stop <= first:
        return ""
    return _units(text)[first:stop]


def left(text: str, count: int) -> str:
    return _units(text)[0 : max(count, 0)]


def right(text: str, count: int) -> str:
    return _units(text)[max(values.utf16_length(text) - max(count, 0), 0) : None]


def position(part: str, text: str, start: int = 1) -> int:
    """0 when there is none."""
    found = text.find(part, max(start - 1, 0))
    return values.utf16_length(text[:found]) + 1 if found >= 0 else 0


def instr(text: str, part: str, start: int = 1, occurrence: int = 1) -> int:
    at = max(start - 1, 0)
    for _ in range(max(occurrence, 1)):
        found = text.find(part, at)
        if found < 0:
            return 0
        at = found + 1
    return values.utf16_length(text[:found]) + 1


def find(text: str, part: str, start: int = 1) -> int:
    """$FIND: the position after the part."""
    found = text.find(part, max(start - 1, 0))
    return found + len(part) + 1 if found >= 0 else 0


def piece(text: str, delimiter: str, first: int = 1, last: int | None = None) -> str | None:
    pieces = text.split(delimiter) if delimiter else [text]
    chosen = pieces[max(first, 1) - 1 : max(first if last is None else last, 0)]
    return delimiter.join(chosen) if chosen else ""


def pieces(*arguments: str | None) -> int:
    """$LENGTH(text[, delimiter]): characters, or parts between delimiters. NULL is no text, and as a delimiter finds no parts."""
    text = arguments[0] or ""
    if len(arguments) == 1:
        return values.utf16_length(text)
    delimiter = arguments[1]
    if not delimiter:
        return 0 if delimiter is None else 2 if arguments[0] == "" else 1
    return text.count(delimiter) + 1


def extract(text: str, first: int = 1, last: int | None = None) -> str:
    return _units(text)[max(first - 1, 0) : max(first if last is None else last, 0)]


def translate(text: str, characters: str, others: str = "") -> str:
    mapping = {ord(c): (others[i] if i < len(others) else None) for i, c in reversed(list(enumerate(characters)))}
    return text.translate(mapping)


def stuff(text: str, start: int, length: int, new: str) -> str:
    return left(text, start - 1) + new + substring(text, start + length)


def _pad(text: str, length: int, fill: str, at_left: bool) -> str:
    missing = length - values.utf16_length(text)
    if missing <= 0 or not fill:
        return left(text, length)
    padding = (fill * missing)[:missing]
    return padding + text if at_left else text + padding


def repeat(text: str, count: int) -> str:
    if len(text) * max(count, 0) > 3_641_144:
        raise pg_error(-400, "Fatal error occurred: <MAXSTRING>")
    return text * max(count, 0)


def justify(text: str, width: int, digits: int | None = None) -> str:
    """With digits: a number, rounded to them."""
    return (text if digits is None else decimals.fixed(decimals.leading_number(text), digits)).rjust(width)


def number_string(text: str, width: int = 10, digits: int = 0) -> str:
    """STR: digits cut off; stars where it does not fit."""
    cut = decimals.truncated(text, digits) or "0"
    return cut.rjust(width) if len(cut) <= width else "*" * width


def hashbytes(algorithm: str, text: str) -> bytes:
    name = algorithm.upper().replace("SHA2_", "SHA").replace("_", "")
    if name not in ("SHA256", "SHA384", "SHA512"):
        raise pg_error(-400, f"Fatal error occurred: HASHBYTES does not know {algorithm}", state="22023")
    return hashlib.new(name.lower(), text.encode()).digest()


# Patterns


def starts_with(text: str | None, prefix: str) -> bool | None:
    """Every text begins with nothing. NULL is nothing, and so are blanks, but to an EXACT text."""
    return None if text is None else text.startswith(prefix)


@lru_cache(256)
def _like_pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    parts, escaped = [], False
    for character in pattern:
        if escaped:
            parts.append(re.escape(character))
            escaped = False
        elif character == escape:
            escaped = True
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    if escaped:
        raise pg_error(-63, "Data exception: invalid escape character")
    return re.compile("".join(parts), re.DOTALL)


@strict
def like(pattern: str, text: str, escape: str | None = None) -> bool:
    if escape is not None and len(escape) != 1:
        raise pg_error(-63, "Data exception: invalid escape character")
    return _like_pattern(str(pattern), escape).fullmatch(str(text)) is not None


@lru_cache(64)
def _glob(pattern: str) -> re.Pattern[str]:
    """``?`` one character, ``*`` any number, ``[a-z]`` one of a set, ``~`` or ``^`` first in it: none of them."""
    parts, at = [], 0
    while at < len(pattern):
        character = pattern[at]
        end = pattern.find("]", at + 1)
        if character == "[" and end > at:
            inside = pattern[at + 1 : end]
            negated = inside[:1] in ("~", "^")
            parts.append(f"[{'^' if negated else ''}{_set(inside[negated:])}]")
            at = end
        else:
            parts.append({"?": ".", "*": ".*"}.get(character) or re.escape(character))
        at += 1
    return re.compile("".join(parts), re.DOTALL)


def _set(inside: str) -> str:
    return "".join(c if c == "-" else re.escape(c) for c in inside)


def matches(text: str, pattern: str) -> bool:
    return _glob(pattern).fullmatch(text) is not None


_PATTERN_CLASSES = {"A": "[A-Za-z]", "N": "[0-9]", "U": "[A-Z]", "L": "[a-z]", "P": r"[!-/:-@\[-`{-~ ]", "E": "."}


@lru_cache(64)
def _object_script_pattern(pattern: str) -> re.Pattern[str]:
    """``1A.N3"x"``: repeat counts, then class letters or a quoted string."""
    token = re.compile(r'([0-9]*)(\.?)([0-9]*)(?:"((?:[^"]|"")*)"|([A-Za-z]+))')
    parts, at = [], 0
    while at < len(pattern):
        match = token.match(pattern, at)
        if match is None:
            raise pg_error(-400, "Fatal error occurred: <SYNTAX> in a pattern", state="2201B")
        low, dot, high, text, letters = match.groups()
        what = re.escape(text) if text is not None else "|".join(_PATTERN_CLASSES.get(c.upper(), "(?!)") for c in letters)
        count = f"{{{low or 0},{high}}}" if dot else f"{{{low}}}" if low else "{1}"
        parts.append(f"(?:{what}){count}")
        at = match.end()
    return re.compile("".join(parts), re.DOTALL)


def object_script_pattern(text: str, pattern: str) -> bool:
    return _object_script_pattern(pattern).fullmatch(text) is not None


# Numbers


def _whole_operation(compute: Callable[[int, int], int], exact: Callable[[Any, Any], str | None]) -> Scalar:
    """Of whole numbers. A parameter may turn out to be a fraction: then the result is exact, and a double if it is one too."""

    def apply(a: Any, b: Any) -> Any:
        if a is None or b is None:
            return None
        if type(a) is int and type(b) is int:
            result = compute(a, b)
        else:
            text = exact(a, b) or "0"
            if "." in text:
                return float(text)
            result = int(text)
        if -9223372036854775808 <= result <= 9223372036854775807:
            return result
        raise pg_error(-400, "Fatal error occurred: <MAXNUMBER>", text="bigint out of range", state="22003")

    return apply


def _divisor(b: int) -> int:
    if not b:
        raise decimals.divided_by_zero()
    return b


def _truncated_quotient(a: int, b: int) -> int:
    result = abs(a) // abs(_divisor(b))
    return result if (a < 0) == (b < 0) else -result


def _double(compute: Callable[..., float]) -> Scalar:
    def apply(*arguments: Any) -> float | None:
        if None in arguments:
            return None
        try:
            result = compute(*arguments)
        except ZeroDivisionError:
            raise decimals.divided_by_zero() from None
        except (ValueError, OverflowError):
            raise pg_error(-400, "Fatal error occurred: <ILLEGAL VALUE>", state="22003") from None
        if isinstance(result, complex) or not math.isfinite(result):
            raise pg_error(-400, "Fatal error occurred: <ILLEGAL VALUE>", state="22003")
        return float(result)

    return apply


def double_round(value: float, digits: int) -> float:
    exact = decimals.rounded(value, digits)
    return float(exact) if exact is not None else value


def double_truncate(value: float, digits: int) -> float:
    exact = decimals.truncated(value, digits)
    return float(exact) if exact is not None else value


def _direction(value: decimals.Number) -> int:
    number = decimals.as_decimal(value)
    return (number > 0) - (number < 0)


def _extreme(choose: Callable[..., str]) -> Scalar:
    return strict(lambda *texts: choose(texts, key=decimals.as_decimal))


# JSON


def json_number(text: str | None) -> bytes | None:
    """Marks text that is JSON already, by its type."""
    return None if text is None else text.encode()


def is_json(text: Any, kind: str) -> bool:
    """An array or an object; ARRAY and OBJECT tell them apart, VALUE and SCALAR do not."""
    if not isinstance(text, str) or text.lstrip()[:1] not in ("[", "{"):
        return False
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, {"ARRAY": list, "OBJECT": dict}.get(kind, (list, dict)))


def json_object(absent: int, *parts: Any) -> str:
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return "{" + ",".join(f"{json.dumps(k)}:{json_text(v)}" for k, v in pairs if v is not None or not absent) + "}"


def json_array(absent: int, *items: Any) -> str:
    return "[" + ",".join(json_text(item) for item in items if item is not None or not absent) + "]"


# Vectors


@lru_cache(64)
def _vector(text: str, element: str, length: int | None) -> bytes:
    try:
        return vectors.pack(text, element, length)
    except ValueError:
        raise pg_error(-1, "TO_VECTOR: vector elements must be numbers", state="22P02") from None


def to_vector(text: str | None, element: str, length: int | None) -> bytes | None:
    return None if text is None else _vector(text, element, length)


_VALID_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def is_numeric(value: Any) -> int:
    if isinstance(value, (int, float)):
        return 1
    return int(isinstance(value, str) and _VALID_NUMBER.fullmatch(value) is not None)


def alphabetic_upper(text: str) -> str:
    """%ALPHAUP: upper case, without punctuation but ``,`` and ``?``."""
    return "".join(c for c in text.upper() if c.isalnum() or c in ",?")


def plus(text: str, sign: int) -> str:
    """%PLUS, %MINUS: the canonical number."""
    return decimals.canonical(decimals.leading_number(text) * sign)


def _char(code: int) -> str | None:
    """The character of code 0 is IRIS's empty string (iris-reference 2.3)."""
    if not code:
        return ""
    return chr(code) if 0 <= code <= 0x10FFFF else None


def latin1(data: Any) -> str | None:
    return data.decode("latin-1") if isinstance(data, bytes) else data


def xml_encoded(text: str) -> str:
    """Marks as entities: ``&amp; &apos; &quot; &lt; &gt;``"""
    return escape(text).replace("&#x27;", "&apos;")


SCALARS: dict[str, Scalar] = {
    "upper": upper_key,
    "exact": exact_key,
    "ucase": strict(ucase),
    "lcase": strict(lcase),
    "char_length": strict(values.utf16_length),
    "length": strict(lambda text: values.utf16_length(text.rstrip(" "))),
    "substring": strict(substring),
    "left": strict(left),
    "right": strict(right),
    "position": strict(position),
    "instr": strict(instr),
    "find": strict(find),
    "piece": strict(piece),
    "pieces": pieces,
    "extract": strict(extract),
    "translate": strict(translate),
    "replace": strict(lambda text, old, new: text.replace(old, new) if old else text),
    "stuff": strict(stuff),
    "reverse": strict(lambda text: text[::-1]),
    "repeat": strict(repeat),
    "space": strict(lambda count: repeat(" ", count)),
    "lpad": strict(lambda text, length, fill=" ": _pad(text, length, fill, True)),
    "rpad": strict(lambda text, length, fill=" ": _pad(text, length, fill, False)),
    "ascii": strict(lambda text: ord(text[0]) if text else None),
    "char": strict(_char),
    "justify": strict(justify),
    "number_string": strict(number_string),
    "hashbytes": strict(hashbytes),
    "xml": strict(xml_encoded),
    "number_text": strict(decimals.shown),
    "cut": strict(lambda text, length: left(text, length)),
    "is_numeric": strict(is_numeric),
    "alphaup": strict(alphabetic_upper),
    "plus_sign": strict(plus),
    "latin1": latin1,
    "bytes": strict(lambda text: text.encode("latin-1", "replace") if isinstance(text, str) else text),
    "like": like,
    "starts_with": lambda text, prefix: starts_with(text, prefix or ""),
    "starts_with_any": lambda text, prefix: starts_with(text, (prefix or "").strip(" \t\0") and prefix),
    "contains": strict(lambda text, part: part in text),
    "follows": strict(lambda a, b: exact_order(a) > exact_order(b)),
    "matches": strict(matches),
    "pattern": strict(object_script_pattern),
    # Numbers
    "plus": _whole_operation(lambda a, b: a + b, decimals.add),
    "minus": _whole_operation(lambda a, b: a - b, decimals.subtract),
    "times": _whole_operation(lambda a, b: a * b, decimals.multiply),
    "whole_quotient": _whole_operation(_truncated_quotient, decimals.quotient),
    "whole_modulo": _whole_operation(lambda a, b: a % _divisor(b), decimals.modulo),
    "whole_remainder": _whole_operation(lambda a, b: a - b * _truncated_quotient(a, b), decimals.remainder),
    "negative": strict(lambda a: -a),
    "add": decimals.add,
    "subtract": decimals.subtract,
    "multiply": decimals.multiply,
    "divide": decimals.divide,
    "quotient": decimals.quotient,
    "modulo": decimals.modulo,
    "remainder": decimals.remainder,
    "negate": decimals.negate,
    "abs": decimals.magnitude,
    "round": decimals.rounded,
    "truncate": decimals.truncated,
    "whole": decimals.whole,
    "ceiling": strict(lambda a: math.ceil(decimals.as_decimal(a))),
    "floor": strict(lambda a: math.floor(decimals.as_decimal(a))),
    "sign": strict(_direction),
    "number": strict(lambda text: decimals.canonical(decimals.fitting(decimals.leading_number(str(text))))),
    "max": _extreme(max),
    "min": _extreme(min),
    "double_text": strict(lambda value: values.double_text(float(value))),
    "double_divide": _double(lambda a, b: a / b),
    "double_quotient": _double(lambda a, b: math.trunc(a / b)),
    "double_modulo": _double(lambda a, b: a - b * math.floor(a / b)),
    "double_remainder": _double(math.fmod),
    "double_round": strict(double_round),
    "double_truncate": strict(double_truncate),
    "power": _double(lambda a, b: a**b),
    "atan2": _double(math.atan2),
    "sqrt": _double(math.sqrt),
    "exp": _double(math.exp),
    "log": _double(math.log),
    "log10": _double(math.log10),
    "sin": _double(math.sin),
    "cos": _double(math.cos),
    "tan": _double(math.tan),
    "cot": _double(lambda x: 1 / math.tan(x)),
    "asin": _double(math.asin),
    "acos": _double(math.acos),
    "atan": _double(math.atan),
    "degrees": _double(math.degrees),
    "radians": _double(math.radians),
    # JSON, vectors
    "json_number": json_number,
    "is_json": is_json,
    "json_object": json_object,
    "json_array": json_array,
    "to_vector": to_vector,
    "vector_text": vectors.text,
    **{name: strict(function) for name, function in lists.STRICT.items()},
    **lists.SCALARS,
    **calendar.SCALARS,
    **datemasks.SCALARS,
}


def exact_order(text: str) -> tuple[bool, Any]:
    made = exact_key(text)
    return isinstance(made, str), made


def register(db: apsw.Connection) -> None:
    for name, function in SCALARS.items():
        db.create_scalar_function(f"iris_{name}", function, deterministic=name not in calendar.CHANGING)
    vectors.register(db)
    db.create_collation("IRIS_DECIMAL", decimals.compare)
