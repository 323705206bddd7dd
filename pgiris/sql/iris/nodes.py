# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""Nodes of IRIS SQL that sqlglot has no name for, and how existing nodes are used.

- ``TOP n``: the Limit in a Select's ``limit``, marked by top(); Limit(expression=Var ALL) is TOP ALL.
- ``INSERT OR UPDATE``: Insert(alternative="UPDATE").
- ``a %STARTSWITH b``: StartsWith; ``a \\ b``: IntDiv; ``MOD(a, b)``: Mod; ``a # b``: Modulo.
- ``DISTINCT BY (a, b)``: Distinct(on=Tuple). DELETE t FROM u: Delete(using=[u]). UPDATE ... FROM: Update(from_=From).
- ``%ID``, ``%VID``: columns of that name. ``%EXACT(x)``, ``$PIECE(...)`` and all scalar functions: Anonymous.
- IDENTITY, AUTO_INCREMENT, %DESCRIPTION: GeneratedAsIdentity-, AutoIncrement- and CommentColumnConstraint.
- ``WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1, STORAGETYPE = ROW``: Property values of a Create, made by table_option().
- ``CREATE INDEX i ON t (c) AS HNSW(Distance='Cosine')``: IndexParameters(using=Anonymous HNSW with EQ arguments).
"""

from __future__ import annotations

from sqlglot import exp


class InList(exp.Expression, exp.Binary, exp.Predicate):
    """``this %INLIST expression``"""


class Matches(exp.Expression, exp.Binary, exp.Predicate):
    """``this %MATCHES expression``"""


class Pattern(exp.Expression, exp.Binary, exp.Predicate):
    """``this %PATTERN expression``"""


class ContainsString(exp.Expression, exp.Binary, exp.Predicate):
    """``this [ expression``"""


class Follows(exp.Expression, exp.Binary, exp.Predicate):
    """``this ] expression``"""


class Modulo(exp.Expression, exp.Binary):
    """``this # expression``: the sign is the divisor's."""


class Arrow(exp.Expression, exp.Binary):
    """``this->expression``: the column of the row that a foreign key points to."""


class OdbcLiteral(exp.Expression, exp.Condition):
    """``{d '...'}``, ``{t '...'}``, ``{ts '...'}``. kind: d, t or ts."""

    arg_types = {"this": True, "kind": True}


class OdbcFunction(exp.Expression, exp.Condition):
    """``{fn F(x)}``"""


class SpecialVariable(exp.Expression, exp.Condition):
    """``$JOB``, ``$NAMESPACE``, ``USER`` ... this: its name."""


class IsJson(exp.Expression, exp.Predicate):
    """``this IS JSON``"""


OPERATORS: dict[type[exp.Expr], str] = {
    InList: "%INLIST",
    Matches: "%MATCHES",
    Pattern: "%PATTERN",
    ContainsString: "[",
    Follows: "]",
    Modulo: "#",
    exp.StartsWith: "%STARTSWITH",
    exp.IntDiv: "\\",
}


def top(count: exp.Expr | int | None) -> exp.Limit:
    """``TOP count`` for a Select's ``limit``; None: TOP ALL."""
    if count is None:
        count = exp.var("ALL")
    elif isinstance(count, int):
        count = exp.Literal.number(count)
    limit = exp.Limit(expression=count)
    limit.meta["top"] = True
    return limit


def is_top(limit: object) -> bool:
    return isinstance(limit, exp.Limit) and bool(limit.meta.get("top"))


def table_option(name: str, value: str) -> exp.Property:
    """An entry of CREATE TABLE's WITH list. name: STORAGETYPE, or ``%CLASSPARAMETER`` and a parameter's name."""
    return exp.Property(this=exp.var(name), value=exp.var(value))
