"""Number formats: to_char and to_number of numbers, step by step as PostgreSQL does.

PostgreSQL: functions-formatting, src/backend/utils/adt/formatting.c (NUMDesc_prepare, NUM_processor)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from pgiris import sqlstate
from pgiris.compute.casts import numeric_modifier
from pgiris.compute.formats import ordinal
from pgiris.compute.numbers import EXACT, MIN_SIGNIFICANT_DIGITS, to_scale
from pgiris.compute.registry import function
from pgiris.errors import PgError, not_supported

FLOAT8_DIGITS, FLOAT4_DIGITS = 15, 6  # C: DBL_DIG, FLT_DIG
_KEYWORDS = ("EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "SP", "TH", ",", ".", "0", "9", "B", "C", "D", "G", "L", "S", "V")
_SPELLED = sorted({spelled for word in _KEYWORDS for spelled in (word, word.lower())}, key=len, reverse=True)
_DIGIT_PLACES = ("9", "0", ".", "D")
_DATA = frozenset("0123456789.,+-")


@dataclass(frozen=True)
class Shape:
    """A template. pieces: keywords, and characters that stand for themselves behind an apostrophe. PostgreSQL: NUMDesc"""

    pieces: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    shifted: int = 0  # digits behind V
    zero_start: int = -1  # place of the first 0 before the point
    zero_end: int = 0
    has_zero: bool = False
    has_point: bool = False
    fill: bool = False
    sign: str = ""  # of S: PRE or POST
    before_sign: int = 0
    minus: bool = False
    plus: bool = False
    bracket: bool = False
    shifts: bool = False
    roman: bool = False
    exponent: bool = False
    blank: bool = False


def _refuse(message: str, detail: str | None = None) -> PgError:
    return PgError(sqlstate.SYNTAX_ERROR, message, detail=detail)


@lru_cache(maxsize=256)
def shape(text: str) -> Shape:
    """Raises 42601."""
    made = Shape(_pieces(text))
    for piece in made.pieces:
        if not piece.startswith("'"):
            made = replace(made, **_learned(made, piece.upper()))
    return made


def _pieces(text: str) -> tuple[str, ...]:
    found: list[str] = []
    at = 0
    while at < len(text):
        word = next((word for word in _SPELLED if text.startswith(word, at)), "")
        if word:
            found.append(word)
            at += len(word)
        elif text[at] == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                at += text[at] == "\\" and at + 1 < len(text)
                found.append("'" + text[at])
                at += 1
            at += 1
        else:
            at += text[at : at + 2] == '\\"'
            found.append("'" + text[at])
            at += 1
    return tuple(found)


def _learned(made: Shape, word: str) -> dict[str, Any]:
    """What a keyword adds."""
    if made.exponent and word != "EEEE":
        raise _refuse('"EEEE" must be the last pattern used')
    if word in ("9", "0"):
        return _digit(made, word)
    if word in ("S", "MI", "PL", "SG", "PR"):
        return _sign(made, word)
    if word in (".", "D"):
        if made.has_point:
            raise _refuse("multiple decimal points")
        if made.shifts:
            raise _refuse('cannot use "V" and decimal point together')
        return {"has_point": True}
    if word == "V":
        if made.has_point:
            raise _refuse('cannot use "V" and decimal point together')
        return {"shifts": True}
    if word == "EEEE":
        if made.exponent:
            raise _refuse('cannot use "EEEE" twice')
        if any((made.blank, made.fill, made.sign, made.bracket, made.minus, made.plus, made.roman, made.shifts)):
            detail = '"EEEE" may only be used together with digit and decimal point patterns.'
            raise _refuse('"EEEE" is incompatible with other formats', detail)
        return {"exponent": True}
    if word == "B":
        return {"blank": made.blank or not (made.before or made.after or made.has_zero)}
    return {"FM": {"fill": True}, "RN": {"roman": True}}.get(word, {})


def _digit(made: Shape, word: str) -> dict[str, Any]:
    if made.bracket:
        raise _refuse(f'"{word}" must be ahead of "PR"')
    if word == "9" and made.shifts:
        return {"shifted": made.shifted + 1}
    before, after = (made.before, made.after + 1) if made.has_point else (made.before + 1, made.after)
    found: dict[str, Any] = {"before": before, "after": after}
    if word == "0":
        found["zero_end"] = before + after
        if not made.has_zero and not made.has_point:
            found |= {"has_zero": True, "zero_start": made.before}
    return found


def _sign(made: Shape, word: str) -> dict[str, Any]:
    if word == "S":
        if made.sign:
            raise _refuse('cannot use "S" twice')
        if made.plus or made.minus or made.bracket:
            raise _refuse('cannot use "S" and "PL"/"MI"/"SG"/"PR" together')
        return {"sign": "POST"} if made.has_point else {"sign": "PRE", "before_sign": made.before}
    if word == "PR":
        if made.sign or made.plus or made.minus:
            raise _refuse('cannot use "PR" and "S"/"PL"/"MI"/"SG" together')
        return {"bracket": True}
    if made.sign:
        raise _refuse(f'cannot use "S" and "{word}" together')
    return {"minus": made.minus or word != "PL", "plus": made.plus or word != "MI"}


# Out


class _Writer:
    """number: the digits, unsigned, or # where they do not fit. spaces: places before it."""

    def __init__(self, number: str, spaces: int, negative: bool, made: Shape) -> None:
        self._number, self._spaces, self._negative, self._made = number, spaces, negative, made
        self._out: list[str] = []
        self._place = self._at = 0
        self._is_inside = False
        self._bracket = made.bracket and (negative or not made.fill)
        self._sign = made.sign
        if made.plus or made.minus:
            self._is_signed = made.minus
        else:
            self._is_signed = not negative and made.fill and not made.sign
            if made.sign == "PRE" and made.before == made.before_sign:
                self._sign = "POST"
        self._count = made.after + made.before - 1 + (not self._is_signed and not spaces)
        self._last = self._last_relevant()

    def _last_relevant(self) -> int:
        """With FM: the place of the last digit that counts, -1 for all of them."""
        made, number = self._made, self._number
        point = number.find(".")
        if not (made.fill and made.has_point) or point < 0:
            return -1
        last = point + len(number[point + 1 :].rstrip("0"))
        if made.zero_end > self._spaces:
            last = max(last, min(len(number) - 1, made.zero_end - self._spaces))
        return last

    @property
    def _is_bare_zero(self) -> bool:
        """``9.9`` shows 0.1 as ``.1``."""
        return not self._made.has_zero and self._at == 0 and self._number[:1] == "0" and self._made.after != 0

    @property
    def _ends_in_point(self) -> bool:
        return self._last >= 0 and self._number[self._last] == "."

    def text(self) -> str:
        for piece in self._made.pieces:
            if piece.startswith("'"):
                self._out.append(piece[1:])
            elif piece.upper() in _DIGIT_PLACES:
                if not self._made.roman:
                    self._digit(piece)
            else:
                self._other(piece)
        return "".join(self._out)

    def _digit(self, piece: str) -> None:
        self._is_inside = False
        made, place = self._made, self._place
        if (
            not self._is_signed
            and (place >= self._spaces or (made.has_zero and made.zero_start == place))
            and (not self._is_bare_zero or self._ends_in_point)
        ):
            self._write_sign()
        if place < self._spaces and (not made.has_zero or made.zero_start > place):
            self._out.append("" if made.fill else " ")
        elif place < self._spaces:
            self._out.append("0")
            self._is_inside = True
        else:
            self._write_digit(piece)
        end = self._count + (1 if self._spaces else 0) + (1 if made.has_point else 0)
        if self._last >= 0 and self._last == self._at:
            end = place
        if place + 1 == end:
            if self._is_signed and self._bracket:
                self._out.append(">" if self._negative else " ")
            elif self._sign == "POST":
                self._out.append("-" if self._negative else "+")
        self._place += 1

    def _write_sign(self) -> None:
        if self._sign:
            if self._sign == "PRE":
                self._out.append("-" if self._negative else "+")
                self._is_signed = True
            return
        if self._bracket:
            self._out.append("<" if self._negative else " ")
        elif self._negative:
            self._out.append("-")
        elif not self._made.fill:
            self._out.append(" ")
        self._is_signed = True

    def _write_digit(self, piece: str) -> None:
        current, fill = self._number[self._at : self._at + 1], self._made.fill
        if current == ".":
            if not self._ends_in_point or fill:
                self._out.append(".")
        elif 0 <= self._last < self._at and piece != "0":
            pass
        elif self._is_bare_zero:
            self._out.append("0" if fill and self._ends_in_point else "" if fill else " ")
        else:
            self._out.append(current)
            self._is_inside = True
        self._at += bool(current)

    def _other(self, piece: str) -> None:
        word, fill, negative = piece.upper(), self._made.fill, self._negative
        if word in (",", "G"):
            self._out.append("," if self._is_inside else "" if fill else " ")
        elif word == "L":
            self._out.append(" ")
        elif word == "MI":
            self._out.append("-" if negative else "" if fill else " ")
        elif word == "PL":
            self._out.append("" if negative and fill else " " if negative else "+")
        elif word == "SG":
            self._out.append("-" if negative else "+")
        elif word == "TH":
            if not (self._made.roman or negative or self._made.has_point or self._number[:1] == "#"):
                self._out.append(ordinal(self._number.partition(".")[0], piece))
        elif word == "RN":
            shown = self._number if piece.isupper() else self._number.lower()
            self._out.append(shown if fill else shown.rjust(15))


def _number_text(digits: str, negative: bool, made: Shape) -> str:
    """digits: unsigned."""
    whole = len(digits.partition(".")[0])
    if whole > made.before:
        digits = "#" * made.before + "." + "#" * made.after
    return _Writer(digits, max(made.before - whole, 0), negative, made).text()


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def _roman_text(number: int, made: Shape) -> str:
    text = ""
    if not 1 <= number <= 3999:
        text = "#" * 15
    else:
        for value, letters in _ROMAN:
            count, number = divmod(number, value)
            text += letters * count
    plain = Shape(made.pieces, fill=made.fill, roman=True)
    return _Writer(text, 0, False, plain).text()


def _scientific(value: Decimal, made: Shape) -> str:
    """``1.23e+05``. PostgreSQL: numeric_out_sci"""
    if not value.is_finite():
        return " " + "#" * made.before + "." + "#" * (made.after + 4)
    rounded = value
    if value:
        rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - made.after, EXACT), ROUND_HALF_UP, EXACT)
    exponent = rounded.adjusted() if rounded else 0
    mantissa = rounded.scaleb(-exponent, EXACT)
    text = f"{mantissa:.{made.after}f}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"
    return text if text.startswith("-") else " " + text


def _with_shift(value: Decimal, made: Shape) -> tuple[Decimal, Shape]:
    if not made.shifts:
        return value, made
    return value.scaleb(made.shifted, EXACT), replace(made, before=made.before + made.shifted)


def _plain(value: Decimal) -> str:
    if value.is_finite():
        return format(value.copy_abs(), "f")
    return "NaN" if value.is_nan() else "Infinity"


@function("to_char(numeric, text) text")
def _numeric_to_char(value: Decimal, text: str) -> str:
    made = shape(text)
    if made.roman:
        if not value.is_finite():
            raise not_supported("a number that is not finite has no Roman numeral")
        return _roman_text(int(to_scale(value, 0)), made)
    if made.exponent:
        return _scientific(value, made)
    value, made = _with_shift(value, made)
    rounded = to_scale(value, made.after)
    return _number_text(_plain(rounded), not rounded.is_nan() and rounded < 0, made)


@function("to_char(int4, text) text", "to_char(int8, text) text")
def _integer_to_char(value: int, text: str) -> str:
    return _numeric_to_char(Decimal(value), text)


def _float_to_char(precision: int) -> Callable[[float, str], str]:
    def convert(value: float, text: str) -> str:
        made = shape(text)
        exact = Decimal(value)
        if made.roman or made.exponent:
            return _numeric_to_char(exact, text)
        exact, made = _with_shift(exact, made)
        whole = len(format(exact.copy_abs(), ".0f") if exact.is_finite() else _plain(exact))
        if whole >= precision:
            made = replace(made, after=0)
        elif whole + made.after > precision:
            made = replace(made, after=precision - whole)
        shown = format(exact.copy_abs(), f".{made.after}f") if exact.is_finite() else _plain(exact)
        return _number_text(shown, not exact.is_nan() and exact < 0, made)

    return convert


function("to_char(float8, text) text")(_float_to_char(FLOAT8_DIGITS))
function("to_char(float4, text) text")(_float_to_char(FLOAT4_DIGITS))


# In


class _Reader:
    def __init__(self, text: str, made: Shape) -> None:
        self._text, self._made = text, made
        self._at = 0
        self._sign, self._digits = " ", ""
        self._has_point = False
        self.decimals = 0

    @property
    def _current(self) -> str:
        return self._text[self._at : self._at + 1]

    def read(self) -> str:
        for piece in self._made.pieces:
            if self._at >= len(self._text):
                break
            word = piece.upper()
            if piece.startswith("'"):
                self._at += 1
            elif word in _DIGIT_PLACES:
                self._digit(word)
                self._at += 1
            elif word in (",", "G"):
                self._at += self._current == "," and not self._made.fill
            elif word in ("MI", "PL", "SG"):
                self._explicit_sign(word)
            elif word == "L":
                self._skip(1)
            elif word == "TH" and not self._made.has_point:
                self._skip(2)
        return self._sign + self._digits.removesuffix(".")

    def _skip(self, count: int) -> None:
        """Over characters that are no part of a number."""
        while count and self._at < len(self._text) and self._current not in _DATA:
            self._at, count = self._at + 1, count - 1

    def _explicit_sign(self, word: str) -> None:
        if self._current in {"MI": "-", "PL": "+", "SG": "+-"}[word]:
            self._sign = self._current
            self._at += 1
        else:
            self._skip(1)

    def _digit(self, word: str) -> None:
        """PostgreSQL: NUM_numpart_from_char"""
        made = self._made
        if self._current == " ":
            self._at += 1
        if self._at >= len(self._text):
            return
        if self._sign == " " and word in ("9", "0") and not self._count:
            self._leading_sign()
        if self._at >= len(self._text):
            return
        is_read = False
        if self._current.isdigit():
            if self._has_point and self.decimals == made.after:
                return
            self._digits += self._current
            self.decimals += self._has_point
            is_read = True
        elif made.has_point and not self._has_point and self._current == ".":
            self._digits += "."
            self._has_point = is_read = True
        if self._sign == " " and self._count:
            self._trailing_sign(is_read)

    @property
    def _count(self) -> int:
        return len(self._digits.replace(".", ""))

    def _leading_sign(self) -> None:
        current = self._current
        if current in ("-", "+") or (self._made.bracket and current == "<"):
            self._sign = "+" if current == "+" else "-"
            self._at += 1

    def _trailing_sign(self, is_read: bool) -> None:
        made, following = self._made, self._text[self._at + 1 : self._at + 2]
        if made.sign and is_read:
            if following and following in "+-":
                self._sign = following
                self._at += 1
        elif not is_read and not made.sign and (made.plus or made.minus) and self._current in "+-":
            self._sign = self._current


@function("to_number(text, text) numeric")
def _to_number(text: str, pattern: str) -> Decimal | None:
    if not pattern:
        return None
    made = shape(pattern)
    for word, used in (("EEEE", made.exponent), ("RN", made.roman)):
        if used:
            raise not_supported(f'"{word}" not supported for input')
    reader = _Reader(text, made)
    found = reader.read()
    try:
        value = Decimal(found.strip() or "x")
    except ArithmeticError:
        message = f'invalid input syntax for type numeric: "{found}"'
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, message) from None
    scale = reader.decimals
    fitted: Decimal = numeric_modifier(made.before + made.shifted + scale, scale)(value or abs(value))
    if not made.shifts:
        return fitted
    return EXACT.multiply(fitted, to_scale(Decimal(1).scaleb(-made.shifted), MIN_SIGNIFICANT_DIGITS))
