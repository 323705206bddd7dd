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
- Keywords that guide the optimizer or lift a check stay where they were read: ``hint`` of Select, Insert, Update, Delete,
  TruncateTable (Hint), ``hints`` of From (names in order), meta ``parallel`` of a set operation.
- ``%EXACT x`` is ``%EXACT(x)``; ``JSON_TABLE(...)`` and other functions in FROM: Table(this=Anonymous).
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
    """``this IS JSON``. kind: VALUE, SCALAR, ARRAY or OBJECT, when said."""

    arg_types = {"this": True, "kind": False}


class Find(exp.Expression, exp.Binary, exp.Predicate):
    """``this %FIND expression``"""


class InSet(exp.Expression, exp.Binary, exp.Predicate):
    """``this %INSET expression``"""


class Contains(exp.Expression, exp.Predicate):
    """``this %CONTAINS(expressions)``"""

    arg_types = {"this": True, "expressions": True}


class ForSome(exp.Expression, exp.Predicate):
    """``FOR SOME (tables) (this)``. from_: From; joins: further tables."""

    arg_types = {"this": True, "from_": True, "joins": False}


class ForSomeElement(exp.Expression, exp.Predicate):
    """``FOR SOME %ELEMENT(field) AS alias (this)``"""

    arg_types = {"this": True, "field": True, "alias": False}


class AggregateArgument(exp.Expression):
    """``this %FOREACH(expressions) %AFTERHAVING``: what an aggregate takes beyond a value."""

    arg_types = {"this": True, "expressions": False, "after_having": False}


class Omitted(exp.Expression, exp.Condition):
    """An argument of $LISTBUILD that is not there."""

    arg_types = {}


class Explain(exp.Expression):
    """``EXPLAIN words this``. words: ALT, STAT ..."""

    arg_types = {"this": True, "words": False}


class OuterJoin(exp.Expression):
    """``{oj this}``: a table with its joins."""


class ComputedColumnConstraint(exp.Expression, exp.ColumnConstraintKind):
    """``COMPUTECODE language {this}``. when: COMPUTEONCHANGE (...), CALCULATED or TRANSIENT."""

    arg_types = {"this": True, "language": False, "when": False}


class OnUpdateConstraint(exp.Expression, exp.ColumnConstraintKind):
    """``ON UPDATE this``"""


class WordConstraint(exp.Expression, exp.ColumnConstraintKind):
    """A column option that is one word or more: ``PRIVATE``, ``READONLY``, ``STORAGETYPE = COLUMNAR``."""


class ObjectScriptDefault(exp.Expression):
    """``OBJECTSCRIPT 'code'``"""


class TableElement(exp.Expression):
    """Text among the elements of a table: ``%EXTENTSIZE 100``, ``SHARD KEY (a)``."""


class JsonTable(exp.Expression):
    """``JSON_TABLE(this, path COLUMNS (expressions))``"""

    arg_types = {"this": True, "path": True, "expressions": True, "collection": False}


class JsonTableColumn(exp.Expression):
    """``this kind PATH path``, or ``this FOR ORDINALITY`` without a kind; nested: ``NESTED PATH path COLUMNS (expressions)``."""

    arg_types = {"this": False, "kind": False, "path": False, "ordinality": False, "expressions": False}


class Plus(exp.Unary):
    """``+this``: a number."""


class XmlTag(exp.Expression):
    """``"this"``, the tag of XMLELEMENT."""


class AlterAction(exp.Expression):
    """An action of ALTER TABLE that is kept as text."""


OPERATORS: dict[type[exp.Expr], str] = {
    InList: "%INLIST",
    Find: "%FIND",
    InSet: "%INSET",
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
    """An entry of CREATE TABLE's WITH list. name: STORAGETYPE, or ``%CLASSPARAMETER`` and a parameter's name.

    Without a value: text between the elements and WITH.
    """
    return exp.Property(this=exp.var(name), value=exp.var(value) if value else exp.Literal.string(""))
