"""Windows: OVER of a named window, and frames by RANGE, said as IRIS takes them: plainer.py's rules of them.

PostgreSQL: sql-expressions#SYNTAX-WINDOW-FUNCTIONS
"""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.aggregates import is_aggregate
from pgiris.sql.infer import fold
from pgiris.sql.postgres import position_of
from pgiris.sql.trees import copied


def named_window(node: exp.Window) -> bool:
    """OVER w and OVER (w ...): what WINDOW says of w is written there. PostgreSQL: sql-expressions#SYNTAX-WINDOW-FUNCTIONS"""
    if node.args.get("alias") is None:
        return False
    select = node.find_ancestor(exp.Select)
    windows = select.args.get("windows") if select is not None else None
    _fill(node, {fold(window.this): window for window in windows or ()}, set())
    return True


def no_windows(node: exp.Select) -> bool:
    windows = node.args.get("windows") or []
    names = [fold(window.this) for window in windows]
    for place, name in enumerate(names):
        if name in names[:place]:
            position = position_of(windows[place].this)
            raise PgError(sqlstate.WINDOWING_ERROR, f'window "{name}" is already defined', position=position)
    if not windows:
        return False
    node.set("windows", None)
    return True


def _fill(window: exp.Window, definitions: dict[str, exp.Window], seen: set[str]) -> None:
    name = fold(window.args["alias"])
    base = definitions.get(name)
    if base is None or name in seen:
        position = position_of(window.args["alias"])
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'window "{name}" does not exist', position=position)
    if base.args.get("alias") is not None:
        _fill(base, definitions, seen | {name})
    adds = any(window.args.get(part) for part in ("partition_by", "order", "spec"))
    if window.args.get("partition_by"):
        raise PgError(sqlstate.WINDOWING_ERROR, f'cannot override PARTITION BY clause of window "{name}"')
    if window.args.get("order") and base.args.get("order"):
        raise PgError(sqlstate.WINDOWING_ERROR, f'cannot override ORDER BY clause of window "{name}"')
    if base.args.get("spec") and adds:
        raise PgError(sqlstate.WINDOWING_ERROR, f'cannot copy window "{name}" because it has a frame clause')
    for part in ("partition_by", "order", "spec"):
        value = base.args.get(part)
        if value is not None:
            window.set(part, [copied(item) for item in value] if isinstance(value, list) else copied(value))
    window.set("alias", None)


def frame(node: exp.WindowSpec) -> bool:
    """Frames by RANGE: the one that is meant without a frame, and that of all rows; others IRIS has not."""
    kind = str(node.args.get("kind") or "").upper()
    if kind == "ROWS":
        for side in ("start", "end"):
            bound = node.args.get(side)
            if isinstance(bound, exp.Expr) and bound.find(exp.Query) is not None:
                raise not_supported("window frames whose bounds are queries are not supported")
        return False
    start = f"{_word(node, 'start')} {_word(node, 'start_side')}".strip()
    end = f"{_word(node, 'end')} {_word(node, 'end_side')}".strip() or "CURRENT ROW"
    if _is_turned(node, start, end):
        return True
    if node.args.get("exclude") or start != "UNBOUNDED PRECEDING" or kind not in ("RANGE", "GROUPS"):
        raise not_supported(f"window frames with {kind} are not supported", "IRIS has frames of ROWS.")
    window = node.parent
    if end == "CURRENT ROW" and isinstance(window, exp.Window):
        window.set("spec", None)
    elif end == "UNBOUNDED FOLLOWING":
        node.set("kind", "ROWS")
    else:
        raise not_supported(f"window frames with {kind} are not supported", "IRIS has frames of ROWS.")
    return True


def _is_turned(node: exp.WindowSpec, start: str, end: str) -> bool:
    """From the current row to the end, by value: what is meant without a frame, in the other order."""
    window = node.parent
    if not isinstance(window, exp.Window) or node.args.get("exclude") or (start, end) != ("CURRENT ROW", "UNBOUNDED FOLLOWING"):
        return False
    call = window.this.this if isinstance(window.this, exp.Filter) else window.this
    order = window.args.get("order")
    if order is None or not is_aggregate(call) or fold(call.this) in _IN_ORDER:
        return False
    for key in order.expressions:
        key.set("desc", not key.args.get("desc"))
        key.set("nulls_first", not key.args.get("nulls_first"))
    window.set("spec", None)
    return True


_IN_ORDER = frozenset(("array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg"))


def _word(node: exp.WindowSpec, part: str) -> str:
    value = node.args.get(part)
    return "" if value is None else str(value if isinstance(value, str) else value.sql()).upper()
