"""Records: rows of values as text. PostgreSQL: rowtypes#ROWTYPES-IO-SYNTAX"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pgiris.compute.casts import shown
from pgiris.compute.registry import function
from pgiris.types import oids
from pgiris.types.codec import Context, Oid

_PLAIN_CELL = re.compile(r'[^\s"\\(),]+')


def record_text(cells: Sequence[str | None]) -> str:
    """cells: the values as their output functions write them."""
    return "(" + ",".join("" if cell is None else _cell(cell) for cell in cells) + ")"


def _cell(cell: str) -> str:
    if _PLAIN_CELL.fullmatch(cell):
        return cell
    return '"' + cell.replace("\\", "\\\\").replace('"', '""') + '"'


@function("record text(any...) text", nulls=True, context=True, typed=True)
def _record_text(context: Context, types: Sequence[Oid], *values: Any) -> str:
    return record_text([None if value is None else _text(oid, value, context) for oid, value in zip(types, values, strict=True)])


def _text(oid: Oid, value: Any, context: Context) -> str:
    return ("t" if value else "f") if oid == oids.BOOL else shown(oid, context)(value)
