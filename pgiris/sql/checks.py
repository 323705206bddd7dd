"""Checks: CHECK constraints as they are defined: read, named, and noted, since IRIS has none.

In: CHECK of CREATE TABLE and ALTER TABLE. Out: notes (backend/notes.py), and guards of the rows that are there already.
PostgreSQL: AddRelationNewConstraints() in heap.c, cookConstraint(). iris-reference 4.18
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql import deparse, guards
from pgiris.sql.aggregates import is_aggregate
from pgiris.sql.constraint_names import CHECK, ConstraintNames
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.infer import Binder, fold, type_text
from pgiris.sql.postgres import end_of, parse, position_of
from pgiris.sql.reader import Reader
from pgiris.sql.scope import Scope, Source, fields_of
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of, copied
from pgiris.sql.typenames import resolve
from pgiris.types.codec import Context
from pgiris.types.relation import CheckPart, Relation, Snapshot

LONGEST = 20_000  # characters of an expression, which a note has room for


@dataclass(frozen=True)
class Definition:
    """CHECK (expression) [NOT VALID], and the name that it is given."""

    name: str
    expression: exp.Expr
    valid: bool = True

    @classmethod
    def of(cls, node: exp.CheckColumnConstraint, given: object) -> Definition:
        name = fold(given) if isinstance(given, exp.Identifier) else ""
        return cls(name, node.this, not node.meta.get("not_valid"))


def define(
    definitions: Sequence[Definition],
    relation: Relation,
    names: ConstraintNames,
    statement: Statement,
    given: Mapping[str, str] | None = None,
) -> None:
    """Note them. relation: the table with all of its columns. given: SQL of the columns that rows which are there do not have,
    by their names in lower case; None: there are no rows.

    Raises 42703, 42710, 42803, 42804, 42P02, 42P20, 0A000.
    """
    for definition in definitions:
        part = _part(definition, relation, names, statement)
        if given is not None and definition.valid:
            statement.checks.append(guards.of_all(_known(relation, statement), part, statement, given))
        note(statement, relation, part._replace(valid=given is None or definition.valid))


def note(statement: Statement, relation: Relation, part: CheckPart, old: str = "") -> None:
    """old: the name that it had."""
    place = relation.schema, relation.name
    statement.note("set_check", *place, part.name, part.expression, list(part.columns), part.valid, old)


def _known(relation: Relation, statement: Statement) -> Relation:
    """As the snapshot has it, where it does."""
    return statement.analysis.snapshot.find(relation.schema, relation.name) or relation


def _part(definition: Definition, relation: Relation, names: ConstraintNames, statement: Statement) -> CheckPart:
    _refuse(definition.expression)
    columns = _columns(definition.expression, relation, statement)
    text = _settled(respelled(definition.expression.meta["text"], {}), relation, statement)
    if len(text) > LONGEST:
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, f"CHECK constraints of more than {LONGEST} characters are not supported")
    name = definition.name or names.choose(CHECK, columns if len(columns) == 1 else ())
    part = CheckPart(name, columns, text)
    require_plan(part, relation, statement)
    return part


# Other settings by which constants that are moments may be read.
_OTHER_SETTINGS = (Context(), Context("Asia/Tokyo", "SQL, DMY"), Context("America/New_York", "ISO, YMD"))


def _settled(text: str, relation: Relation, statement: Statement) -> str:
    """The expression, so that it means the same in all sessions: as it is written, or as PostgreSQL prints it if settings or
    the search_path have a say in it."""
    analysis = statement.analysis
    own = Context(statement.time_zone, analysis.date_style)
    read = parse(f"SELECT {text}")
    names_types = any(node.this == exp.DType.USERDEFINED for node in all_of(read, exp.DataType))
    tree = resolve(read, analysis.snapshot, analysis.search_path).expressions[0]
    columns = deparse.columns_of(relation.columns)

    def printed(settings: Context) -> deparse.Template | None:
        try:
            return deparse.condition(copied(tree), columns, settings, relation.name, fixes_moments=True)
        except (deparse.Unsure, PgError):
            return None

    found = printed(own)
    if found is None or (not names_types and all(printed(settings) == found for settings in _OTHER_SETTINGS)):
        return text
    return found.render(pretty=False)


def _refuse(expression: exp.Expr) -> None:
    if expression.find(exp.Query) is not None:
        raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, "cannot use subquery in check constraint")
    window = expression.find(exp.Window)
    if window is not None:
        message = "window functions are not allowed in check constraints"
        raise PgError(sqlstate.WINDOWING_ERROR, message, position=position_of(window))
    for call in filter(is_aggregate, all_of(expression, exp.Anonymous)):
        message = "aggregate functions are not allowed in check constraints"
        raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(call))
    for parameter in all_of(expression, exp.Parameter):
        raise PgError(sqlstate.UNDEFINED_PARAMETER, f"there is no parameter ${parameter.this.name}")


def _columns(expression: exp.Expr, relation: Relation, statement: Statement) -> tuple[str, ...]:
    """Those that an expression of the statement mentions, as they are mentioned first. Raises 42703, 42804 ..."""
    scope = Scope()
    scope.sources.append(Source(relation.name, fields_of(relation), relation, schema=relation.schema))
    holder = exp.Paren(this=expression)
    Binder(statement.fresh().analysis).condition(holder.this, scope, "CHECK")
    fields = [node.meta["field"] for node in all_of(holder, exp.Column) if "field" in node.meta]
    return tuple(dict.fromkeys(field.name for field in fields))


def require_plan(part: CheckPart, relation: Relation, statement: Statement) -> None:
    """Whether rows of the table can be looked at. Raises 0A000 and what PostgreSQL raises."""
    trial = statement.fresh()
    known = statement.analysis.snapshot
    snapshot = Snapshot("", (relation,), enums=known.enums.values(), functions=known.all_functions)
    trial.analysis = replace(trial.analysis, snapshot=snapshot)
    guards.of_all(relation, part, trial)


def respelled(text: str, names: Mapping[str, str]) -> str:
    """An expression whose columns have no table in front of them, and these names, by the ones they had in lower case."""
    opening = "SELECT "
    tree = parse(opening + text)
    made, at = "", 0
    for node in sorted(all_of(tree, exp.Column), key=lambda node: position_of(node) or 0):
        name = fold(node.this)
        new = names.get(name.lower())
        if new is None and node.args.get("table") is None:
            continue
        start, end = position_of(node), end_of(node)
        assert start is not None
        assert end is not None
        made += text[at : start - 1 - len(opening)] + quote_identifier(new or name)
        at = end - len(opening)
    return made + text[at:]


def names_type(check: CheckPart, name: str) -> bool:
    types = all_of(parse(f"SELECT {check.expression}"), exp.DataType)
    return any(node.this == exp.DType.USERDEFINED and qualified_name(Reader(type_text(node), 0))[-1] == name for node in types)


def rename_column(old: str, new: str, relation: Relation, statement: Statement) -> None:
    for check in relation.checks:
        if check.mentions(old):
            columns = tuple(new if column.lower() == old.lower() else column for column in check.columns)
            renamed = check._replace(columns=columns, expression=respelled(check.expression, {old.lower(): new}))
            note(statement, relation, renamed)


def find(relation: Relation | None, name: str) -> CheckPart | None:
    checks = relation.checks if relation is not None else ()
    return next((check for check in checks if check.name.lower() == name.lower()), None)


def already_there(name: str, table: str) -> PgError:
    return PgError(sqlstate.DUPLICATE_OBJECT, f'constraint "{name}" for relation "{table}" already exists')
