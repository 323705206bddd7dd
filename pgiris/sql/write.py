"""Write: a rewritten tree -> IRIS SQL text with ``?``, and where each ``?`` takes its value from.

Template and Value are the two nodes that rewrites make beyond the IRIS dialect's own.
"""

from __future__ import annotations

import re
from typing import ClassVar

from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from pgiris.errors import not_supported
from pgiris.sql.coercion import Kind
from pgiris.sql.iris import IRIS
from pgiris.sql.iris.generator import Generator
from pgiris.sql.plan import Role, Source, Step


class Template(exp.Expression, exp.Condition):
    """IRIS SQL with {0}, {1} ... for its expressions and {*} for all of them."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expressions": False}


class Test(Template, exp.Predicate):
    """A Template that is a condition, which IRIS takes only where a condition may stand."""


class Found(Test):
    """Whether a row is one of those whose %IDs a step has found."""

    @classmethod
    def among(cls, identity: exp.Expr, found: exp.Expr) -> Found:
        return cls(this="{0} %INLIST {1}", expressions=[identity, found])


class Value(exp.Expression, exp.Condition):
    """A value that is bound. this: its place among the statement's ``sources``."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


class Fitted(exp.Expression, exp.Condition):
    """A value that is stored into a column of its kind, which may round or cut it."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


class RowCount(exp.Expression, exp.Condition):
    """What LIMIT or OFFSET is given when the statement runs. clause: plan.Clause."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "clause": True}


def under_casts(node: exp.Expr) -> exp.Expr:
    """Without parentheses and casts around it, as they came or as they were written for IRIS."""
    while isinstance(node, exp.Paren | exp.Cast) or (isinstance(node, Template) and node.this == "{0}"):
        node = node.expressions[0] if isinstance(node, Template) else node.this
    return node


class Computed(exp.Expression, exp.Condition):
    """A value that the worker computes before the statement runs. this: its index among the statement's values."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


def template(text: str, *expressions: exp.Expr, kind: Kind | None = None) -> Template:
    node = Template(this=text, expressions=list(expressions))
    if kind is not None:
        node.meta["kind"] = kind
    return node


def test(text: str, *expressions: exp.Expr) -> Test:
    return Test(this=text, expressions=list(expressions))


_HOLE = re.compile(r"\{(\d+|\*)\}|\{\{|\}\}")
_MARK = re.compile("\x01([0-9]+)\x02")


def _template(self: Generator, node: Template) -> str:
    parts = [self.sql(part) for part in node.expressions]

    def hole(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        if match[1] == "*":
            return ", ".join(parts)
        part = parts[int(match[1])]
        is_term = isinstance(node.expressions[int(match[1])], _TERMS) and _is_operand(node.this, match)
        return f"({part})" if is_term else part

    return _HOLE.sub(hole, node.this)


_TERMS = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg)


def _is_operand(text: str, match: re.Match[str]) -> bool:
    """Whether a hole is beside an arithmetic operator."""
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    return before in _OPERATORS or after in _OPERATORS


_OPERATORS = frozenset("+-*/\\")


class _Generator(Generator):
    TRANSFORMS: ClassVar[dict[type[exp.Expr], object]] = {  # type: ignore[assignment]
        **Generator.TRANSFORMS,
        Template: _template,
        Test: _template,
        Found: _template,
        Value: lambda self, node: f"\x01{node.this}\x02",
    }


class _Dialect(IRIS):
    Generator = _Generator


_DIALECT = _Dialect()


def write(tree: exp.Expr, sources: list[Source], role: Role = Role.RESULT) -> Step:
    """sources: what the tree's Values refer to. Raises PgError 0A000 for what the IRIS dialect cannot say."""
    generator = _DIALECT.generator(unsupported_level=ErrorLevel.RAISE, comments=False)
    try:
        text = generator.generate(tree, copy=False)
    except (UnsupportedError, ValueError) as error:
        raise not_supported(str(error)) from None
    used = tuple(sources[int(mark)] for mark in _MARK.findall(text))
    return Step(_MARK.sub("?", text), used, role)
