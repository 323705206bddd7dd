"""Printing: nodes -> Template, as PostgreSQL prints expressions and queries. PostgreSQL: src/backend/utils/adt/ruleutils.c"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pgiris.compute.strings import quote_ident
from pgiris.sql.deparse.nodes import (
    Aggregate,
    Array,
    ArrayOp,
    Bool,
    Call,
    Case,
    Cast,
    Collate,
    Const,
    Construct,
    Distinct,
    Form,
    Frame,
    Node,
    Op,
    Order,
    Row,
    Source,
    Sublink,
    Subscript,
    Test,
    Tested,
    Unsure,
    Value,
    Var,
    Window,
    WindowCall,
)
from pgiris.sql.deparse.template import LINE, NAME_END, PLAIN_CLOSE, PLAIN_OPEN, PRETTY_CLOSE, PRETTY_OPEN, TYPE, has_marks
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import find as find_enum
from pgiris.types.table import TYPES, type_name

INDENT, STEP = 8, 4  # of clauses, of what stands in them
_DEEPEST = 40
# Nodes that never need parentheses around them, and those within which conditions need none.
_CALLS = (Call, Construct, Aggregate, WindowCall, Value)
_SIMPLE = (Var, Const, Tested, Subscript, Array, Row, Case, *_CALLS)
_ENCLOSING = (Bool, Subscript, Array, Row, Construct, Aggregate, WindowCall, Case)


class Printer:
    """depth: how far lines are indented."""

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth

    def prefix(self, source: Source) -> str:
        """What stands before the columns of a table."""
        return ""

    def line(self, words: str, before: int = 0, after: int = 0, plus: int = 0) -> str:
        """A new line that begins with words. before, after: how the depth changes. PostgreSQL: appendContextKeyword()"""
        self.depth += before
        deep = max(self.depth, 0)
        if deep >= _DEEPEST:
            deep = (_DEEPEST + (deep - _DEEPEST) // (INDENT // 2)) % _DEEPEST
        self.depth = max(self.depth + after, 0)
        return f"{LINE}{' ' * (deep + plus)}{words}"

    def query(self, sublink: Sublink) -> str:
        raise Unsure("a subquery is not printed here")

    def show(self, node: Node, implicit: bool) -> str:
        """implicit: conversions that nobody asked for are shown, too."""
        return _FORMS[type(node)](self, node, implicit)

    def within(self, node: Node, implicit: bool, parent: Node | None) -> str:
        shown = self.show(node, implicit)
        return shown if is_simple(node, parent) else f"{PRETTY_OPEN}{shown}{PRETTY_CLOSE}"

    def listed(self, nodes: Sequence[Node]) -> str:
        return ", ".join(self.show(node, True) for node in nodes)

    # Values

    def _var(self, node: Var, implicit: bool) -> str:
        return self.prefix(node.source) + quote_ident(node.name)

    def _const(self, node: Const, implicit: bool) -> str:
        return constant(node, 0)

    def _cast(self, node: Cast, implicit: bool) -> str:
        if node.form is Form.IMPLICIT and not implicit:
            return self.within(node.arg, False, node)
        arg = node.arg
        if isinstance(arg, Const) and arg.type == node.type and arg.typmod == -1:
            shown = constant(arg, -1)
        else:
            shown = f"{PLAIN_OPEN}{self.within(arg, False, node)}{PLAIN_CLOSE}"
        return f"{shown}::{shown_type(node.type, node.typmod)}"

    def _op(self, node: Op, implicit: bool) -> str:
        right = self.within(node.right, True, node)
        shown = f"{node.name} {right}" if node.left is None else f"{self.within(node.left, True, node)} {node.name} {right}"
        return _plain(shown)

    def _array_op(self, node: ArrayOp, implicit: bool) -> str:
        word = "ANY" if node.any else "ALL"
        cast = f"::{shown_type(node.right.type)}" if isinstance(node.right, Sublink) and node.right.kind == "EXPR" else ""
        left, right = self.within(node.left, True, node), self.within(node.right, True, node)
        return _plain(f"{left} {node.name} {word} ({right}{cast})")

    def _bool(self, node: Bool, implicit: bool) -> str:
        shown = [self.within(arg, False, node) for arg in node.args]
        return _plain(f"NOT {shown[0]}" if node.word == "NOT" else f" {node.word} ".join(shown))

    def _test(self, node: Test, implicit: bool) -> str:
        return _plain(f"{self.within(node.arg, not node.of_truth, node)} {node.words}")

    def _distinct(self, node: Distinct, implicit: bool) -> str:
        left, right = self.within(node.left, True, node), self.within(node.right, True, node)
        return _plain(f"{left} IS DISTINCT FROM {right}")

    def _case(self, node: Case, implicit: bool) -> str:
        made = self.line("CASE", 0, STEP)
        if node.arg is not None:
            made += f" {self.show(node.arg, True)}"
        for condition, result in node.whens:
            if node.arg is not None:
                assert isinstance(condition, Op)
                condition = condition.right
            made += self.line("WHEN ") + self.show(condition, False)
            made += f" THEN {self.show(result, True)}"
        made += self.line("ELSE ") + self.show(node.default, True)
        return made + self.line("END", -STEP)

    def _tested(self, node: Tested, implicit: bool) -> str:
        raise Unsure("what CASE compares")

    def _array(self, node: Array, implicit: bool) -> str:
        cast = "" if node.items else f"::{shown_type(node.type)}"
        return f"ARRAY[{self.listed(node.items)}]{cast}"

    def _row(self, node: Row, implicit: bool) -> str:
        return f"ROW({self.listed(node.items)})"

    def _subscript(self, node: Subscript, implicit: bool) -> str:
        shown = self.show(node.arg, implicit)
        made = shown if isinstance(node.arg, Var) else f"({shown})"
        for low, high in node.bounds:
            parts = ["" if part is None else self.show(part, False) for part in (low, high)]
            made += f"[{':'.join(parts)}]" if node.is_slice else f"[{parts[1]}]"
        return made

    def _collate(self, node: Collate, implicit: bool) -> str:
        return _plain(f"{self.within(node.arg, implicit, node)} COLLATE {quote_ident(node.name)}")

    # Calls

    def _value(self, node: Value, implicit: bool) -> str:
        return node.word

    def _construct(self, node: Construct, implicit: bool) -> str:
        return f"{node.word}({self.listed(node.args)})"

    def _call(self, node: Call, implicit: bool) -> str:
        special = _SYNTAX.get(node.name) if node.syntax else None
        if special is not None and not _is_pattern(node):
            return special(self, node, [self.show(arg, False) for arg in node.args])
        return f"{_function(node.name)}({self._args(node)})"

    def _args(self, node: Any) -> str:
        shown = [self.show(arg, True) for arg in node.args]
        if getattr(node, "variadic", False):
            shown[-1] = f"VARIADIC {shown[-1]}"
        return ", ".join(shown)

    def _extract(self, node: Call, args: list[str]) -> str:
        field = node.args[0]
        assert isinstance(field, Const)
        return f"EXTRACT({field.text} FROM {args[1]})"

    def _zone(self, node: Call, args: list[str]) -> str:
        zone, value = (self.within(arg, False, node) for arg in node.args)
        return f"({value} AT TIME ZONE {zone})"

    def _aggregate(self, node: Aggregate, implicit: bool) -> str:
        args = "*" if node.args is None else self._args(node)
        made = f"{_function(node.name)}({'DISTINCT ' if node.distinct else ''}{args}"
        if node.within:
            made += f") WITHIN GROUP (ORDER BY {self.orders(node.within)}"
        elif node.order:
            made += f" ORDER BY {self.orders(node.order)}"
        return f"{made}){self._filter(node.filter)}"

    def _filter(self, node: Node | None) -> str:
        return "" if node is None else f" FILTER (WHERE {self.show(node, False)})"

    def _window_call(self, node: WindowCall, implicit: bool) -> str:
        args = "*" if node.args is None else self._args(node)
        over = quote_ident(node.window.name) if node.window.name else self.window(node.window)
        return f"{_function(node.name)}({args}){self._filter(node.filter)} OVER {over}"

    def window(self, window: Window) -> str:
        parts = [quote_ident(window.refers)] if window.refers else []
        if window.partition:
            parts.append("PARTITION BY " + ", ".join(map(self.key, window.partition)))
        if window.order:
            parts.append(f"ORDER BY {self.orders(window.order)}")
        if window.frame is not None:
            parts.append(self._frame(window.frame))
        return f"({' '.join(parts)})"

    def _frame(self, frame: Frame) -> str:
        bounds = [word if node is None else f"{self.show(node, False)} {word}" for word, node in frame.bounds]
        return f"{frame.unit} BETWEEN {bounds[0]} AND {bounds[1]}" if len(bounds) > 1 else f"{frame.unit} {bounds[0]}"

    # Keys

    def orders(self, keys: Sequence[Order], number: Callable[[Node], str] | None = None) -> str:
        shown = []
        for key in keys:
            words = " DESC" if key.descending else ""
            if key.nulls_first != key.descending:
                words += " NULLS FIRST" if key.nulls_first else " NULLS LAST"
            shown.append((number or self.key)(key.expression) + words)
        return ", ".join(shown)

    def key(self, node: Node) -> str:
        """Of GROUP BY, ORDER BY ... PostgreSQL: get_rule_sortgroupclause()"""
        if isinstance(node, Const):
            return constant(node, 1)
        shown = self.show(node, True)
        if isinstance(node, Var):
            return shown
        is_call = isinstance(node, Call | Aggregate | WindowCall) or (isinstance(node, Cast) and node.by_function)
        return f"({shown})" if is_call else f"{PRETTY_OPEN}{shown}{PRETTY_CLOSE}"

    def _sublink(self, node: Sublink, implicit: bool) -> str:
        query = self.query(node)
        if node.kind == "EXPR":
            return f"({query})"
        if node.kind == "ARRAY":
            return f"ARRAY({query})"
        if node.kind == "EXISTS":
            return f"(EXISTS ({query}))"
        assert node.left is not None
        words = "IN" if (node.name, node.kind) == ("=", "ANY") else f"{node.name} {node.kind}"
        return f"({self.show(node.left, True)} {words} ({query}))"


def _plain(shown: str) -> str:
    return f"{PLAIN_OPEN}{shown}{PLAIN_CLOSE}"


def _function(name: str) -> str:
    return quote_ident(name)


def shown_type(oid: Oid, typmod: int = -1) -> str:
    row = TYPES.get(oid)
    if row is None:
        raise Unsure(f"the name of type {oid}")
    is_enum = find_enum(oid) is not None or (row.is_array and find_enum(row.element) is not None)
    return f"{TYPE}{oid}{NAME_END}" if is_enum else type_name(oid, typmod)


def constant(node: Const, labelled: int) -> str:
    """labelled: 1 with its type, -1 without it, 0 where the text alone would be of another. PostgreSQL: get_const_expr()"""
    if node.text is None:
        return "NULL" if labelled < 0 else f"NULL::{shown_type(node.type, node.typmod)}"
    if has_marks(node.text):
        raise Unsure("a constant with control characters")
    bare = node.text[:1].isdigit() and (node.type == oids.INT4 or (node.type == oids.NUMERIC and not node.text.isdigit()))
    if node.type == oids.BOOL:
        bare = True
    shown = node.text if bare else "'" + node.text.replace("'", "''") + "'"
    if node.type == oids.BOOL:
        shown = {"t": "true", "f": "false"}.get(node.text, node.text)
    needs = not bare and node.type != oids.UNKNOWN
    return f"{shown}::{shown_type(node.type, node.typmod)}" if labelled > 0 or (needs and labelled == 0) else shown


def is_simple(node: Node, parent: Node | None) -> bool:
    """Whether pretty printing needs no parentheses around it. PostgreSQL: isSimpleNode()"""
    if isinstance(node, _SIMPLE):
        return True
    if isinstance(node, Cast):
        return node.by_function or is_simple(node.arg, node)
    if isinstance(node, Op) and isinstance(parent, Op):
        return _binds_tighter(node, parent)
    if isinstance(node, Bool) and isinstance(parent, Bool):
        return parent.word == "OR" or (parent.word == "AND" and node.word != "OR")
    if isinstance(node, Op | Sublink | Test | Distinct | Bool):
        return isinstance(parent, _ENCLOSING) or (isinstance(parent, Call) and not parent.syntax)
    return False


_RANKS = {"+": 0, "-": 0, "*": 1, "/": 1, "%": 1}


def _binds_tighter(node: Op, parent: Op) -> bool:
    if node.left is None or parent.left is None or node.name not in _RANKS or parent.name not in _RANKS:
        return False
    own, other = _RANKS[node.name], _RANKS[parent.name]
    return own > other or (own == other and node is parent.left)


def _trim(word: str) -> Callable[[Printer, Call, list[str]], str]:
    def shown(printer: Printer, node: Call, args: list[str]) -> str:
        return f"TRIM({' '.join([word, *args[1:]])} FROM {args[0]})"

    return shown


def _is_pattern(node: Call) -> bool:
    """substring(text FROM pattern), which is printed as a call."""
    return node.name == "substring" and len(node.args) == 2 and node.args[1].type == oids.TEXT


def _substring(printer: Printer, node: Call, args: list[str]) -> str:
    if len(args) == 3 and node.args[1].type == oids.TEXT:
        return f"SUBSTRING({args[0]} SIMILAR {args[1]} ESCAPE {args[2]})"
    return f"SUBSTRING({args[0]} FROM {args[1]}{f' FOR {args[2]}' if len(args) == 3 else ''})"


def _overlay(printer: Printer, node: Call, args: list[str]) -> str:
    return f"OVERLAY({args[0]} PLACING {args[1]} FROM {args[2]}{f' FOR {args[3]}' if len(args) == 4 else ''})"


_SYNTAX: dict[str, Callable[[Any, Call, list[str]], str]] = {
    "extract": Printer._extract,
    "timezone": Printer._zone,
    "btrim": _trim("BOTH"),
    "ltrim": _trim("LEADING"),
    "rtrim": _trim("TRAILING"),
    "substring": _substring,
    "overlay": _overlay,
    "position": lambda printer, node, args: f"POSITION(({args[1]}) IN ({args[0]}))",
}
_FORMS: dict[type[Node], Callable[[Any, Any, bool], str]] = {
    Var: Printer._var,
    Const: Printer._const,
    Cast: Printer._cast,
    Op: Printer._op,
    ArrayOp: Printer._array_op,
    Bool: Printer._bool,
    Test: Printer._test,
    Distinct: Printer._distinct,
    Case: Printer._case,
    Tested: Printer._tested,
    Array: Printer._array,
    Row: Printer._row,
    Subscript: Printer._subscript,
    Collate: Printer._collate,
    Value: Printer._value,
    Construct: Printer._construct,
    Call: Printer._call,
    Aggregate: Printer._aggregate,
    WindowCall: Printer._window_call,
    Sublink: Printer._sublink,
}
