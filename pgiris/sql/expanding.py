"""Expanding: functions in FROM whose arguments are columns. The worker makes several rows of one that IRIS gives.

In: the FROM of a query that the worker shapes. Out: the FROM without these functions, and what is made of each row.
PostgreSQL: queries-table-expressions#QUERIES-LATERAL
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from sqlglot import exp

from pgiris.compute.program import Program
from pgiris.sql.infer import kind_of, unwrapped
from pgiris.sql.infer.scales import shown_scale
from pgiris.sql.infer.sources import RowsCall
from pgiris.sql.plan import Expansion
from pgiris.sql.programs import Builder, NotComputable
from pgiris.sql.statement import Statement
from pgiris.sql.tablefunctions import specification, typed_arguments
from pgiris.types import oids

_CELLS = 1 << 16  # added to the places of cells until it is known how many columns IRIS gives


@dataclass
class _Part:
    call: RowsCall
    outer: bool
    start: int  # of its cells among those of all parts


class Expansions:
    """The functions of a query's FROM that are made by the worker. Raises NotComputable when there is one that it cannot make."""

    def __init__(self, node: exp.Select) -> None:
        self._parts: dict[str, _Part] = {}
        self._made: list[tuple[Program, _Part]] = []
        joins = node.args.get("joins") or []
        found = [join for join in joins if _depends(join.this)]
        if found and any(node.find_all(exp.Window)):
            raise NotComputable  # a window sees the rows that the worker makes
        start = 0
        for join in found:
            call: RowsCall = join.this.meta["rows"]
            self._parts[call.alias] = _Part(call, _is_outer(join), start)
            start += len(call.kinds)
        if found:
            node.set("joins", [join for join in joins if not _depends(join.this)])
            self._check_others(joins[joins.index(found[0]) :])

    def _check_others(self, joins: list[exp.Join]) -> None:
        """Tables behind the functions, which IRIS joins before them."""
        for join in joins:
            turned = (join.args.get("side") or "").upper() in ("RIGHT", "FULL")
            if not _depends(join.this) and (turned or self.has(join)):
                raise NotComputable

    def __bool__(self) -> bool:
        return bool(self._parts)

    def cell(self, node: exp.Expr) -> Program | None:
        """A column of one of the functions; None for other expressions."""
        if not isinstance(node, exp.Column) or "source" not in node.meta:
            return None
        part = self._parts.get(node.meta["source"].alias)
        if part is None:
            return None
        place = part.call.names.index(node.name)
        scale = shown_scale(node)
        return ("c", kind_of(node).oid, _CELLS + part.start + place, -1 if scale is None else scale)

    def has(self, node: exp.Expr) -> bool:
        """Whether an expression needs one of the functions."""
        return bool(self._parts) and any(self.cell(column) is not None for column in node.find_all(exp.Column))

    def programs(self, leaf: Callable[[exp.Expr], Program | None], statement: Statement) -> tuple[Expansion, ...]:
        """leaf: of the columns that IRIS gives, and of the functions before."""
        made = []
        for part in self._parts.values():
            arguments = typed_arguments(part.call, Builder(statement, leaf))
            constant = ("k", oids.TEXT, msgspec.json.encode(specification(part.call)).decode())
            made.append(Expansion(("f", "rows", oids.TEXT, -1, constant, *arguments), part.outer, len(part.call.kinds)))
        return tuple(made)


def placed(program: Program, width: int) -> Program:
    """With cells behind so many columns."""
    if program[0] == "c" and program[2] >= _CELLS:
        return (*program[:2], program[2] - _CELLS + width, *program[3:])
    if program[0] == "f":
        return (*program[:4], *(placed(part, width) for part in program[4:]))
    return program


def _depends(node: exp.Expr) -> bool:
    call: RowsCall | None = node.meta.get("rows")
    return call is not None and call.depends


def _is_outer(join: exp.Expr) -> bool:
    side, on = (join.args.get("side") or "").upper(), join.args.get("on")
    is_true = on is None or (isinstance(unwrapped(on), exp.Boolean) and bool(unwrapped(on).this))
    if side not in ("", "LEFT") or not is_true or join.args.get("using"):
        raise NotComputable
    return bool(side)
