"""Expressions: columns, constants, casts and what is made of them."""

from __future__ import annotations

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import operators
from pgiris.sql.coercion import BOOL, INT4, INTEGERS, NUMBERS, STRINGS, TEXT, TIMESTAMP, TIMESTAMPTZ, UNKNOWN, Kind, category
from pgiris.sql.infer.analysis import (
    cast_target,
    castable,
    fold,
    kind_of,
    number_kind,
    parameter_of,
    set_column,
    set_kind,
    unwrapped,
)
from pgiris.sql.infer.calls import Calls
from pgiris.sql.infer.cardinality import group_item, may_be_several, unwrapped_query
from pgiris.sql.postgres import cast_position, position_of
from pgiris.sql.scope import Field, Scope, Source
from pgiris.sql.session_functions import SESSION_FUNCTIONS, WITHOUT_PARENTHESES
from pgiris.sql.trees import copied
from pgiris.types import oids
from pgiris.types.table import TYPES, type_name


class Expressions(Calls):
    def _column(self, node: exp.Column, scope: Scope) -> Kind:
        if "argument" not in node.meta:
            return self._column_of_tables(node, scope)
        try:
            return self._column_of_tables(node, scope)
        except PgError as error:
            if error.code not in (sqlstate.UNDEFINED_COLUMN, sqlstate.UNDEFINED_TABLE):
                raise
        return self._argument(node, scope)

    def _argument(self, node: exp.Column, scope: Scope) -> Kind:
        """In the body of a function in SQL: an argument, as no column has its name (functionbodies.py)."""
        number = node.meta["argument"][0]
        node.meta["argument"].append("found")
        made = exp.Parameter(this=exp.Literal.number(number))
        node.replace(made)
        node.meta["became"] = made
        return self.expression(made, scope)

    def _column_of_tables(self, node: exp.Column, scope: Scope) -> Kind:
        name = fold(node.this)
        table = fold(node.args.get("table"))
        if not table and name in WITHOUT_PARENTHESES and not node.this.args.get("quoted"):
            return self._bare_function(node, name)
        if table and scope.source(table) is None:
            raise self._missing_source(table, node, scope)
        if isinstance(node.this, exp.Star):
            source = scope.source(table)
            if source is None:
                raise PgError(sqlstate.SYNTAX_ERROR, 'syntax error at or near "*"', position=position_of(node))
            return self._whole_row(node, source, scope)
        for place in scope.chain():
            candidates = [source for source in place.sources if not table or source.alias == table]
            found = [
                (source, entry)
                for source in candidates
                if (table or name.lower() not in source.hidden) and (entry := source.find(name)) is not None
            ]
            if len(found) > 1 and any(not source.open for source, _ in found):
                found = [pair for pair in found if not pair[0].open] or found
            if len(found) > 1 or (found and found[0][0].is_ambiguous(name)):
                message = f'column reference "{name}" is ambiguous'
                raise PgError(sqlstate.AMBIGUOUS_COLUMN, message, position=position_of(node))
            if found:
                source, entry = found[0]
                if entry.value is not None:
                    return self._merged(node, entry, scope)
                if entry.column:
                    node.meta["shown"] = name
                    node.set("this", exp.to_identifier(entry.column, quoted=True))
                if "sources" in node.meta:
                    node.meta["sources"].append(source.alias)
                node.meta["source"] = source
                node.meta["outer"] = place is not scope
                if node.args.get("db") is not None:
                    node.set("db", None)
                    node.set("catalog", None)
                if not table and (len(place.sources) > 1 or place is not scope):
                    node.set("table", exp.to_identifier(source.alias))
                set_column(node, entry)
                return entry.kind
            if table and candidates:
                break
        if not table:
            row = next((source for place in scope.chain() for source in place.sources if source.alias == name), None)
            if row is not None and row.is_scalar:  # a function of values: its alias is the value
                node.set("table", exp.to_identifier(row.alias, quoted=True))
                node.set("this", exp.to_identifier(row.fields[0].name, quoted=True))
                kind = self._column(node, scope)
                node.meta["shown"] = name
                return kind
            if row is not None:
                return self._whole_row(node, row, scope)
        if not table and name in _SYSTEM_COLUMNS:
            raise not_supported(f"system column {name} is not supported")
        raise self.missing_column(name, table, node)

    def _whole_row(self, node: exp.Column, source: Source, scope: Scope) -> Kind:
        if source.open:
            raise not_supported("references to whole rows are not supported here")
        columns = []
        for entry in source.fields:
            name = exp.to_identifier(entry.column or entry.name, quoted=True)
            column = set_column(exp.column(name, table=exp.to_identifier(source.alias, quoted=True)), entry)
            column.meta["source"] = source
            columns.append(column)
        made = exp.Anonymous(this="row", expressions=columns)
        made.meta.update(node.meta)
        made.meta["shown"] = source.alias
        of_type = source.relation is not None  # whose rows keep their names, whatever FROM calls the columns
        made.meta["names"] = [entry.column if of_type and entry.column else entry.name for entry in source.fields]
        if source.is_outer and not _is_asked_for_null(node):
            keys = source.relation.primary_key if source.relation is not None else ()
            found = [column for column in columns if column.name.lower() in {key.lower() for key in keys}]
            if not found:
                raise not_supported("whole rows of this side of an outer join are not supported")
            made.meta["present"] = found[0]
        node.replace(made)
        node.meta["became"] = made
        return self.expression(made, scope)

    def _merged(self, node: exp.Column, entry: Field, scope: Scope) -> Kind:
        """A column that JOIN USING made of two."""
        assert entry.value is not None
        made = copied(entry.value)
        made.meta["shown"] = entry.name
        for key in ("start", "end", "line", "col"):
            if key in node.meta:
                made.meta[key] = node.meta[key]
        node.replace(made)
        node.meta["became"] = made
        return self.expression(made, scope)

    def _missing_source(self, table: str, node: exp.Expr, scope: Scope) -> PgError:
        for place in scope.chain():
            for source in place.sources:
                if source.relation is not None and source.relation.name.lower() == table:
                    return PgError(
                        sqlstate.UNDEFINED_TABLE,
                        f'invalid reference to FROM-clause entry for table "{table}"',
                        hint=f'Perhaps you meant to reference the table alias "{source.alias}".',
                        position=position_of(node),
                    )
        message = f'missing FROM-clause entry for table "{table}"'
        return PgError(sqlstate.UNDEFINED_TABLE, message, position=position_of(node))

    def _bare_function(self, node: exp.Expr, name: str) -> Kind:
        call = exp.Anonymous(this=name)
        call.meta.update(node.meta)
        node.replace(call)
        kind = self.session_call(call, SESSION_FUNCTIONS[name], [])
        return set_kind(call, kind)

    def _literal(self, node: exp.Literal, scope: Scope) -> Kind:
        if node.is_string:
            return UNKNOWN
        return number_kind(node.name)

    def _parameter(self, node: exp.Parameter, scope: Scope) -> Kind:
        if not isinstance(node.this, exp.Literal) or node.this.is_string:
            raise PgError(sqlstate.SYNTAX_ERROR, 'syntax error at or near "$"', position=position_of(node))
        kind = self.analysis.parameter(int(node.this.name), position_of(node))
        return self.coerce(node, TEXT) if kind.oid == oids.UNKNOWN and node.meta.get("listed") else kind

    def _paren(self, node: exp.Paren, scope: Scope) -> Kind:
        return self.expression(node.this, scope)

    def _alias(self, node: exp.Alias, scope: Scope) -> Kind:
        return self.expression(node.this, scope)

    def _cast(self, node: exp.Cast, scope: Scope) -> Kind:
        kind = cast_target(node)
        inner = node.this
        if kind.oid in (oids.INT2VECTOR, oids.OIDVECTOR) and isinstance(unwrapped(inner), exp.Array):
            raise PgError(sqlstate.DATATYPE_MISMATCH, f"array is not a valid {type_name(kind.oid)}", position=position_of(node))
        if isinstance(unwrapped(inner), exp.Array) and not unwrapped(inner).expressions and category(kind.oid) == "A":
            return set_kind(inner, set_kind(unwrapped(inner), kind))
        if isinstance(unwrapped(inner), exp.Array) and category(kind.oid) == "A":
            unwrapped(inner).meta["wanted"] = Kind(TYPES[kind.oid].element)
        own = self.expression(inner, scope)
        if own.oid == oids.UNKNOWN:
            # An open parameter takes the type without its modifier; the cast to varchar(n) and its like remains.
            has_fields = kind.oid == oids.INTERVAL and kind.typmod >= 0  # which say what a number without a unit counts
            self.coerce(inner, TEXT if has_fields and isinstance(unwrapped(inner), exp.Literal) else kind)
            return kind
        if own.oid == kind.oid or not own.oid:
            return kind
        if not castable(own.oid, kind.oid):
            message = f"cannot cast type {type_name(own.oid)} to {type_name(kind.oid)}"
            raise PgError(sqlstate.CANNOT_COERCE, message, position=cast_position(self.analysis.text, inner))
        return kind

    def _sign(self, node: exp.Neg, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        if isinstance(node.this, exp.Literal) and not node.this.is_string and kind.oid in (oids.INT8, oids.NUMERIC):
            return set_kind(node.this, number_kind("-" + node.this.name))
        try:
            result = operators.sign_result(kind)
        except operators.NoOperator:
            raise self.no_prefix_operator("-", kind, node.this) from None
        if kind.oid == oids.UNKNOWN:
            self.coerce(node.this, result)
        return result

    def _case(self, node: exp.Case, scope: Scope) -> Kind:
        operand = node.this
        if operand is not None:
            self.expression(operand, scope)
            self.settle(operand)
        for branch in node.args["ifs"]:
            if operand is None:
                self.condition(branch.this, scope, "CASE/WHEN")
            else:
                other = self.expression(branch.this, scope)
                self.operator(node, "=", operand, branch.this, kind_of(operand), other)
        # PostgreSQL lets ELSE decide first when the types differ.
        results = [node.args["default"]] if node.args.get("default") is not None else []
        results += [branch.args["true"] for branch in node.args["ifs"]]
        for result in [*results[1:], *results[:1]] if node.args.get("default") is not None else results:
            self.expression(result, scope)
        kind = self.unify(results, "CASE")
        return kind if node.args.get("default") is not None else Kind(kind.oid)  # PostgreSQL: exprTypmod()

    def _array(self, node: exp.Array, scope: Scope) -> Kind:
        if not node.expressions:
            message = "cannot determine type of empty array"
            raise PgError(
                sqlstate.INDETERMINATE_DATATYPE,
                message,
                hint="Explicitly cast to the desired type, for example ARRAY[]::integer[].",
            )
        wanted = node.meta.get("wanted")  # by a cast around it, of what has no type of its own
        for item in node.expressions:
            if wanted is not None and isinstance(unwrapped(item), exp.Array):
                unwrapped(item).meta["wanted"] = wanted
            if self.expression(item, scope).oid == oids.UNKNOWN and wanted is not None and wanted.oid:
                self.coerce(item, wanted)
        kind = self.unify(node.expressions, "ARRAY")
        if "last" in node.meta:
            self.analysis.make_alike(parameter_of(node.expressions[0]), node.meta["last"])
        row = TYPES.get(kind.oid)
        if row is not None and row.is_array:
            return Kind(kind.oid)
        if row is None or not row.array:
            raise not_supported("this array is not supported")
        return Kind(row.array)

    def _boolean_constant(self, node: exp.Boolean, scope: Scope) -> Kind:
        return BOOL

    def _null(self, node: exp.Null, scope: Scope) -> Kind:
        return UNKNOWN

    def _collate(self, node: exp.Collate, scope: Scope) -> Kind:
        """Texts compare by their characters as it is, unless IRIS's column has another collation."""
        kind = self.expression(node.this, scope)
        name = node.expression.name if isinstance(node.expression, exp.Expr) else str(node.expression)
        inner = node.this.meta.get("became", node.this)
        fields = (column.meta.get("field") for column in inner.find_all(exp.Column))
        if name.lower() not in BY_CHARACTERS or any(f and f.collation.upper().lstrip("%") not in ("EXACT", "") for f in fields):
            raise not_supported(f'COLLATE "{name}" is not supported')
        if kind.oid == oids.UNKNOWN:
            kind = self.coerce(inner, TEXT)
        if kind.oid not in STRINGS:
            message = f"collations are not supported by type {type_name(kind.oid)}"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
        node.replace(inner)
        node.meta["became"] = inner
        return kind

    def _at_time_zone(self, node: exp.AtTimeZone, scope: Scope) -> Kind:
        own = self.expression(node.this, scope)
        zone = node.args["zone"]
        if self.expression(zone, scope).oid != oids.INTERVAL and self.to_type(zone, TEXT) is None:
            raise not_supported(f"AT TIME ZONE {type_name(kind_of(zone).oid)} is not supported")
        if own.oid == oids.UNKNOWN:
            own = self.coerce(node.this, TIMESTAMPTZ)
        if own.oid == oids.DATE:
            cast = exp.Cast(this=node.this, to=exp.DataType(this=exp.DType.TIMESTAMPTZ))
            node.set("this", cast)
            own = self.expression(cast, scope)
        if own.oid == oids.TIMETZ and kind_of(zone).oid == oids.INTERVAL:
            return own
        if own.oid not in (oids.TIMESTAMP, oids.TIMESTAMPTZ):
            raise not_supported(f"AT TIME ZONE of {type_name(own.oid)} is not supported")
        return TIMESTAMP if own.oid == oids.TIMESTAMPTZ else TIMESTAMPTZ

    def _bracket(self, node: exp.Bracket, scope: Scope) -> Kind:
        """``a[1]``, ``a[1:2]``; ``a[1][2]`` becomes one node."""
        while isinstance(node.this, exp.Bracket):
            node.set("expressions", [*node.this.expressions, *node.expressions])
            node.set("this", node.this.this)
        own = self.expression(node.this, scope)
        for place in node.expressions:
            for part in (place.this, place.expression) if isinstance(place, exp.Slice) else (place,):
                if part is not None:
                    self.expression(part, scope)
                    if own.oid != oids.JSONB and self.to_type(part, INT4, assignment=True) is None:
                        message = "array subscript must have type integer"
                        raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(part))
                    self.settle(part)
        if own.oid == oids.JSONB and not any(isinstance(place, exp.Slice) for place in node.expressions):
            return own
        row = TYPES.get(own.oid)
        if row is None or not row.element:
            message = f"cannot subscript type {type_name(own.oid)} because it does not support subscripting"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
        if any(isinstance(place, exp.Slice) for place in node.expressions):
            return Kind(own.oid)
        return Kind(row.element, own.typmod)

    def _bit_complement(self, node: exp.BitwiseNot, scope: Scope) -> Kind:
        own = self.expression(node.this, scope)
        if own.oid in (oids.INET, oids.CIDR):
            return Kind(oids.INET)
        if own.oid not in INTEGERS:
            raise self.no_prefix_operator("~", own, node.this)
        return own

    def _root(self, node: exp.Expr, scope: Scope) -> Kind:
        """``|/ x`` and ``||/ x`` are calls."""
        return self._called(node, exp.Cast(this=node.this, to=exp.DataType.build("double precision")), scope)

    def _absolute(self, node: exp.Abs, scope: Scope) -> Kind:
        """``@ x``"""
        own = self.expression(node.this, scope)
        if own.oid not in NUMBERS and own.oid not in (0, oids.UNKNOWN):
            raise self.no_prefix_operator("@", own, node.this)
        return self._called(node, node.this, scope)

    def _called(self, node: exp.Expr, operand: exp.Expr, scope: Scope) -> Kind:
        """A prefix operator as the call that it is."""
        call = exp.Anonymous(this=node.key, expressions=[operand])
        call.meta.update(node.meta)
        call.meta["operator"] = True
        node.replace(call)
        node.meta["became"] = call
        return self.expression(call, scope)

    def _overlaps(self, node: exp.Overlaps, scope: Scope) -> Kind:
        """(start, end or length) of both sides."""
        parts: list[exp.Expr] = []
        for side in (node.this, node.expression):
            if not isinstance(side, exp.Tuple) or len(side.expressions) != 2:
                raise PgError(sqlstate.SYNTAX_ERROR, "wrong number of parameters on side of OVERLAPS expression")
            start, end = side.expressions
            self.expression(start, scope)
            if self.expression(end, scope).oid == oids.INTERVAL:
                end = exp.Add(this=copied(start), expression=end)
            parts += [start, end]
        call = exp.Anonymous(this="overlaps", expressions=parts)
        call.meta.update(node.meta)
        node.replace(call)
        return self.expression(call, scope)

    def _tuple(self, node: exp.Tuple, scope: Scope) -> Kind:
        raise not_supported("row values are not supported here")

    def _scalar_query(self, node: exp.Expr, scope: Scope) -> Kind:
        outputs = self.query(node, scope)
        if len(outputs) != 1:
            message = "subquery must return only one column"
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=self.parenthesis_before(node))
        query = unwrapped_query(node)
        query.meta["several"] = may_be_several(query)
        query.meta["group_item"] = group_item(query) if query.meta["several"] else ""
        return outputs[0].kind


BY_CHARACTERS = frozenset(("c", "posix", "ucs_basic", "default"))  # collations
_SYSTEM_COLUMNS = frozenset(("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"))


def _is_asked_for_null(node: exp.Expr) -> bool:
    """Below IS NULL a row that an outer join has not found is one whose values are all NULL."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.Is) and isinstance(parent.expression, exp.Null)
