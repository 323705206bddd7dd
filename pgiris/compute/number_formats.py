"""Number formats: to_char and to_number of numbers. PostgreSQL: functions-formatting, formatting.c (NUM_processor)"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pgiris import sqlstate
from pgiris.compute.formats import ordinal
from pgiris.compute.numbers import to_scale
from pgiris.compute.registry import function
from pgiris.errors import PgError, not_supported


@dataclass
class Shape:
    """A numeric template. PostgreSQL: NUMDesc"""

    pieces: tuple[str, ...]
    before: int = 0
    after: int = 0
    zero_start: int = -1  # place of the first 0 before the point
    zero_end: int = 0
    fill: bool = False
    has_point: bool = False
    sign: str = ""  # S before the digits, or P (S behind them)
    minus: bool = False
    plus: bool = False
    bracket: bool = False


_NUMBER_KEYWORDS = ("EEEE", "eeee", "FM", "fm", "MI", "mi", "PL", "pl", "SG", "sg", "PR", "pr", "RN", "rn", "TH", "th")
_REFUSED = frozenset(("EEEE", "RN", "V", "L", "C"))


@lru_cache(maxsize=256)
def shape(text: str) -> Shape:
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            found += ["'" + character for character in text[at + 1 : end]]
            at = end + 1
            continue
        word = next((word for word in _NUMBER_KEYWORDS if text.startswith(word, at)), "")
        if word:
            found.append(word if word == "th" else word.upper())
            at += len(word)
        else:
            single = text[at].upper()
            found.append(single if single in "90.,DGSVLC" else "'" + text[at])
            at += 1
    made = Shape(tuple(found))
    sign_at = -1
    for piece in found:
        if piece in _REFUSED:
            raise not_supported(f'"{piece}" in a format of to_char is not supported')
        if piece == "0":
            if made.zero_start < 0 and not made.has_point:
                made.zero_start = made.before
            made.after, made.before = (made.after + 1, made.before) if made.has_point else (made.after, made.before + 1)
            made.zero_end = made.before + made.after
        elif piece == "9":
            made.after, made.before = (made.after + 1, made.before) if made.has_point else (made.after, made.before + 1)
        elif piece in (".", "D"):
            if made.has_point:
                raise PgError(sqlstate.SYNTAX_ERROR, "multiple decimal points")
            made.has_point = True
        elif piece == "S":
            if made.sign:
                raise PgError(sqlstate.SYNTAX_ERROR, 'cannot use "S" twice')
            made.sign, sign_at = ("P", -1) if made.has_point else ("S", made.before)
        elif piece == "FM":
            made.fill = True
        elif piece in ("MI", "PL", "SG"):
            made.minus |= piece != "PL"
            made.plus |= piece != "MI"
        elif piece == "PR":
            made.bracket = True
    if made.sign == "S" and sign_at == made.before:
        made.sign = "P"
    return made


def _number_text(digits: str, negative: bool, made: Shape) -> str:
    """digits: unsigned, with made.after decimals. Follows PostgreSQL's NUM_processor step by step."""
    whole, point, fraction = digits.partition(".")
    if len(whole) > made.before:
        whole, fraction = "#" * made.before, "#" * made.after
        point = "."
    number = f"{whole}.{fraction}" if made.has_point and made.after else whole + (point and "")
    spaces = made.before - len(whole)
    sign = "-" if negative else "+"
    bracket = made.bracket and not (made.fill and not negative)
    sign_done = made.minus if made.plus or made.minus else sign == "+" and made.fill and not made.sign
    last = -1  # place of the last digit that counts; with FM
    if made.fill and made.has_point and "." in number:
        last = len(number.rstrip("0")) - 1
        if made.zero_end > spaces:
            last = max(last, min(len(number) - 1, made.zero_end - spaces))
    has_zero = made.zero_start >= 0 or made.zero_end > 0
    zero_start = made.zero_start if made.zero_start >= 0 else 10**6
    out: list[str] = []
    place = at = 0
    count = made.before + made.after - 1 + (not sign_done and spaces == 0)
    inside = False

    def bare_zero() -> bool:
        return not has_zero and at == 0 and number[:1] == "0" and made.after != 0

    point_counts = last < 0 or number[last : last + 1] != "."
    for piece in made.pieces:
        if piece in ("9", "0", ".", "D"):
            if (
                not sign_done
                and (place >= spaces or (has_zero and zero_start == place))
                and (not bare_zero() or not point_counts)
            ):
                sign_done = True
                if made.sign:
                    if made.sign == "S":
                        out.append(sign)
                    else:
                        sign_done = False
                elif bracket:
                    out.append("<" if negative else " ")
                elif negative:
                    out.append("-")
                elif not made.fill:
                    out.append(" ")
            if place < spaces and (zero_start > place or not has_zero):
                if not made.fill:
                    out.append(" ")
            elif has_zero and place < spaces:
                out.append("0")
                inside = True
            else:
                current = number[at : at + 1]
                if current == ".":
                    if point_counts or made.fill:
                        out.append(".")
                elif last >= 0 and at > last and piece != "0":
                    pass
                elif bare_zero():
                    if not made.fill:
                        out.append(" ")
                    elif not point_counts:
                        out.append("0")
                elif current:
                    out.append(current)
                    inside = True
                at += bool(current)
            end = count + (1 if spaces else 0) + (1 if made.has_point else 0)
            if last >= 0 and at == last:
                end = place
            if place + 1 == end:
                if sign_done and bracket:
                    out.append(">" if negative else " ")
                elif made.sign == "P":
                    out.append(sign)
            place += 1
        elif piece in (",", "G"):
            if inside:
                out.append(",")
            elif not made.fill:
                out.append(" ")
        elif piece == "MI":
            out.append("-" if negative else "" if made.fill else " ")
        elif piece == "PL":
            out.append("+" if not negative else "" if made.fill else " ")
        elif piece == "SG":
            out.append(sign)
        elif piece.upper() == "TH":
            if not negative and not made.has_point and "#" not in number:
                out.append(ordinal(whole, piece))
        elif piece.startswith("'"):
            out.append(piece[1:])
    return "".join(out)


@function("to_char(numeric, text) text")
def _numeric_to_char(value: Decimal, text: str) -> str:
    made = shape(text)
    rounded = to_scale(value, made.after)
    return _number_text(format(abs(rounded), "f"), rounded < 0, made)


@function("to_char(int4, text) text", "to_char(int8, text) text")
def _integer_to_char(value: int, text: str) -> str:
    made = shape(text)
    return _number_text(format(Decimal(abs(value)), f".{made.after}f"), value < 0, made)


@function("to_char(float8, text) text", "to_char(float4, text) text")
def _float_to_char(value: float, text: str) -> str:
    made = shape(text)
    shown = f"{abs(value):.{made.after}f}"
    return _number_text(shown, value < 0, made)


@function("to_number(text, text) numeric")
def _to_number(text: str, pattern: str) -> Decimal:
    """By the digits that the template has room for."""
    made = shape(pattern)
    found: list[str] = []
    negative = False
    at, point = 0, False
    text = text.strip(" ")
    for piece in made.pieces:
        if at >= len(text):
            break
        if piece in ("9", "0", ".", "D"):
            if text[at] in "+-" and not found:
                negative, at = text[at] == "-", at + 1
            elif text[at] == "<" and made.bracket:
                negative, at = True, at + 1
            while at < len(text) and text[at] == " " and not found:
                at += 1
            if at < len(text) and text[at].isdigit() and piece in "90":
                found.append(text[at])
                at += 1
            elif at < len(text) and text[at] == "." and not point and piece in (".", "D"):
                found.append(".")
                point, at = True, at + 1
        elif piece in (",", "G"):
            at += text[at] == ","
        elif piece in ("S", "MI", "SG", "PL"):
            if text[at] in "+-":
                negative, at = negative or text[at] == "-", at + 1
        elif piece.startswith("'"):
            at += 1
    if not any(character.isdigit() for character in found):
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid input syntax for type numeric: "{"".join(found) or " "}"')
    value = Decimal("".join(found))
    return -value if negative and value else value
