"""Registry: the functions that can be computed here, by name and argument types.

@function("left(text, int4) text")                  # NULL in, NULL out
@function("concat(any...) text", nulls=True)        # sees NULLs as None
@function("now_text(timestamptz) text", context=True)    # takes the session's Context first
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum
from pgiris.types.table import TYPES, parse_type

ANY, ANYELEMENT, ANYARRAY = Oid(2276), Oid(2283), Oid(2277)
_PSEUDO = {"any": ANY, "anyelement": ANYELEMENT, "anyarray": ANYARRAY, "anyenum": oids.ANYENUM, "record": oids.RECORD}
Compute = Callable[..., Any]
F = TypeVar("F", bound=Compute)


@dataclass(frozen=True)
class Signature:
    """run takes natives. typed: it takes the OIDs of its arguments first (after the context)."""

    name: str
    arguments: tuple[Oid, ...]
    result: Oid
    run: Compute
    variadic: bool = False
    nulls: bool = False
    context: bool = False
    typed: bool = False


SIGNATURES: dict[str, list[Signature]] = {}


def type_of(word: str) -> Oid:
    return _PSEUDO.get(word) or parse_type(word)[0]


def function(*signatures: str, nulls: bool = False, context: bool = False, typed: bool = False) -> Callable[[F], F]:
    def register(run: F) -> F:
        for text in signatures:
            head, _, result = text.rpartition(") ")
            name, _, arguments = head.partition("(")
            words = [word.strip() for word in arguments.split(",") if word.strip()]
            variadic = bool(words) and words[-1].endswith("...")
            types = tuple(type_of(word.removesuffix("...")) for word in words)
            entry = Signature(name, types, type_of(result), run, variadic, nulls, context, typed)
            SIGNATURES.setdefault(name, []).append(entry)
        return run

    return register


def find(name: str, arguments: tuple[Oid, ...]) -> Signature | None:
    """The function of exactly these argument types."""
    for signature in SIGNATURES.get(name, ()):
        wanted = signature.arguments
        if signature.variadic and len(arguments) >= len(wanted):
            wanted += (wanted[-1],) * (len(arguments) - len(wanted))
        if len(wanted) == len(arguments) and all(map(_is, arguments, wanted)):
            return signature
    return None


def _is(given: Oid, wanted: Oid) -> bool:
    if wanted == ANYARRAY:
        row = TYPES.get(given)
        return row is not None and row.is_array
    if wanted == oids.ANYENUM:
        return is_enum(given)
    return given == wanted or wanted in (ANY, ANYELEMENT) or (wanted == oids.TEXT and given in _TEXTUAL)


_TEXTUAL = frozenset((oids.TEXT, oids.VARCHAR, oids.NAME, oids.UNKNOWN))
