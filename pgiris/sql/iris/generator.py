# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""Generator: a tree, parsed as IRIS or (after the planner's rewrites) as PostgreSQL -> IRIS SQL text.

What IRIS cannot say is reported as unsupported: generate with ``unsupported_level=ErrorLevel.RAISE``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp, generator
from sqlglot.dialects.dialect import rename_func

from pgiris.sql.iris import nodes
from pgiris.sql.iris.phrases import Phrase, written
from pgiris.sql.iris.utilities import Verbatim
from pgiris.sql.iris.words import TYPE_NAMES, is_possible, possible_name, written_name

T = exp.DType
Write = Callable[[Any, Any], str]


def _never(what: str) -> Write:
    def write(self: Generator, expression: exp.Expression) -> str:
        self.unsupported(f"IRIS has no {what}")
        return self.function_fallback_sql(expression) if isinstance(expression, exp.Func) else ""

    return write


def _binary(operator: str) -> Write:
    return lambda self, e: self.binary(e, operator)


def _sized(operator: str) -> Write:
    """``a %INLIST b SIZE ((10))``"""

    def write(self: Generator, e: exp.Expression) -> str:
        size = e.meta.get("size")
        return f"{self.binary(e, operator)}{f' SIZE (({size}))' if size else ''}"  # type: ignore[arg-type]

    return write


def _log(self: Generator, e: exp.Log) -> str:
    """PostgreSQL's: log(x) is to base 10, log(b, x) to base b."""
    if e.expression:
        return f"({self.func('LOG', e.expression)} / {self.func('LOG', e.this)})"
    return self.func("LOG10", e.this)


def _position(self: Generator, e: exp.StrPosition) -> str:
    return self.func("CHARINDEX", e.args.get("substr"), e.this, e.args.get("position"))


def _pad(self: Generator, e: exp.Pad) -> str:
    return self.func("LPAD" if e.args.get("is_left") else "RPAD", e.this, e.expression, e.args.get("fill_pattern"))


def _date_change(name: str, negative: bool) -> Write:
    def write(self: Generator, e: exp.Expression) -> str:
        amount = self.sql(e, "expression")
        unit = e.text("unit").lower() or "day"
        return f"{name}('{unit}', {f'-({amount})' if negative else amount}, {self.sql(e, 'this')})"

    return write


def _concatenation(self: Generator, e: exp.DPipe) -> str:
    """IRIS has || at the level of + and -, PostgreSQL below them."""
    for side in ("this", "expression"):
        if isinstance(e.args[side], (exp.Add, exp.Sub)):
            e.set(side, exp.Paren(this=e.args[side]))
    return self.binary(e, "||")


def _no_parens(name: str) -> Write:
    return lambda self, e: f"{name}({self.sql(e, 'this')})" if e.this else name


def _trim(self: Generator, e: exp.Trim) -> str:
    if not e.expression and not e.args.get("position"):
        return self.func("TRIM", e.this)
    words = (e.text("position").upper() or "BOTH", self.sql(e, "expression"), "FROM", self.sql(e, "this"))
    return f"TRIM({' '.join(filter(None, words))})"


class Generator(generator.Generator):
    NULL_ORDERING_SUPPORTED = None
    EXCEPT_INTERSECT_SUPPORT_ALL_CLAUSE = False
    VALUES_AS_TABLE = False
    TABLE_HINTS = False
    JOIN_HINTS = False
    QUERY_HINTS = False
    IS_BOOL_ALLOWED = False
    SELECT_KINDS = ()
    NVL2_SUPPORTED = False
    SUPPORTS_TABLE_ALIAS_COLUMNS = False
    SUPPORTS_NAMED_CTE_COLUMNS = False
    SUPPORTS_TO_NUMBER = True
    SUPPORTS_CREATE_TABLE_LIKE = False
    SUPPORTS_LIKE_QUANTIFIERS = False
    SUPPORTS_DECODE_CASE = True
    TRY_SUPPORTED = False
    SUPPORTS_MEDIAN = False
    SUPPORTS_EXPLODING_PROJECTIONS = False
    ALTER_SET_TYPE = ""
    INDEX_ON = "ON TABLE"
    PARSE_JSON_NAME = None

    TYPE_MAPPING = {
        **TYPE_NAMES,
        # Types of PostgreSQL that reach the generator without having been mapped by types/iristypes.py.
        T.BOOLEAN: "BIT",
        T.FLOAT: "DOUBLE",
        T.TIMESTAMPTZ: "TIMESTAMP",
        T.TIMESTAMPNTZ: "TIMESTAMP",
        T.TIMETZ: "TIME",
        T.BIGSERIAL: "SERIAL",
        T.SMALLSERIAL: "SERIAL",
        T.JSON: "LONGVARCHAR",
        T.JSONB: "LONGVARCHAR",
        T.NCHAR: "CHAR",
        T.BPCHAR: "CHAR",
        T.NVARCHAR: "VARCHAR",
        T.MEDIUMTEXT: "LONGVARCHAR",
        T.LONGTEXT: "LONGVARCHAR",
        T.LONGBLOB: "LONGVARBINARY",
        T.SMALLDATETIME: "DATETIME",
    }
    UNSUPPORTED_TYPES = {T.ARRAY, T.MAP, T.STRUCT, T.INTERVAL, T.INET, T.ENUM}

    TRANSFORMS = {
        **generator.Generator.TRANSFORMS,
        **{node: _binary(operator) for node, operator in nodes.OPERATORS.items()},
        nodes.Arrow: lambda self, e: f"{self.sql(e, 'this')}->{self.sql(e, 'expression')}",
        nodes.OdbcLiteral: lambda self, e: f"{{{e.args['kind']} {self.sql(e, 'this')}}}",
        nodes.OdbcFunction: lambda self, e: f"{{fn {self.sql(e, 'this')}}}",
        nodes.SpecialVariable: lambda self, e: e.name,
        nodes.InList: _sized("%INLIST"),
        nodes.Find: _sized("%FIND"),
        nodes.InSet: _sized("%INSET"),
        nodes.IsJson: lambda self, e: f"{self.sql(e, 'this')} IS JSON{' ' + e.args['kind'] if e.args.get('kind') else ''}",
        nodes.Contains: lambda self, e: f"{self.sql(e, 'this')} %CONTAINS({self.expressions(e, flat=True)})",
        nodes.ForSome: lambda self, e: f"FOR SOME ({self.tables_sql(e)}) ({self.sql(e, 'this')})",
        nodes.AggregateArgument: lambda self, e: self.aggregate_argument(e),
        nodes.ComputedColumnConstraint: lambda self, e: self.computed_column(e),
        nodes.Explain: lambda self, e: self.explain(e),
        nodes.ForSomeElement: lambda self, e: self.for_some_element(e),
        nodes.JsonTable: lambda self, e: self.json_table(e),
        nodes.JsonTableColumn: lambda self, e: self.json_table_column(e),
        nodes.Plus: lambda self, e: f"+{self.sql(e, 'this')}",
        nodes.XmlTag: lambda self, e: exp.to_identifier(e.name, quoted=True).sql(),
        nodes.Omitted: lambda *_: "",
        nodes.OuterJoin: lambda self, e: f"{{oj {self.sql(e, 'this')}}}",
        nodes.OnUpdateConstraint: lambda self, e: f"ON UPDATE {self.sql(e, 'this')}",
        nodes.WordConstraint: lambda self, e: e.name,
        nodes.TableElement: lambda self, e: e.name,
        nodes.AlterAction: lambda self, e: e.name,
        nodes.ObjectScriptDefault: lambda self, e: f"OBJECTSCRIPT {self.sql(e, 'this')}",
        Phrase: lambda self, e: written(e, self.sql),
        Verbatim: lambda self, e: e.name,
        exp.CommentColumnConstraint: lambda self, e: f"%DESCRIPTION {self.sql(e, 'this')}",
        exp.GeneratedAsIdentityColumnConstraint: lambda *_: "IDENTITY",
        exp.AutoIncrementColumnConstraint: lambda *_: "AUTO_INCREMENT",
        exp.ILike: lambda self, e: f"UPPER({self.sql(e, 'this')}) LIKE UPPER({self.sql(e, 'expression')})",
        exp.Length: lambda self, e: self.func("CHAR_LENGTH", e.this),
        exp.StrPosition: _position,
        exp.Ceil: rename_func("CEILING"),
        exp.Floor: rename_func("FLOOR"),
        exp.Ln: rename_func("LOG"),
        exp.Log: _log,
        exp.Hint: lambda self, e: "".join(f" {self.sql(hint)}" for hint in e.expressions),
        exp.Pow: rename_func("POWER"),
        exp.Mod: rename_func("MOD"),
        exp.Trunc: lambda self, e: self.func("TRUNCATE", e.this, e.args.get("decimals") or exp.Literal.number(0)),
        exp.Round: lambda self, e: self.func("ROUND", e.this, e.args.get("decimals") or exp.Literal.number(0)),
        exp.Chr: lambda self, e: self.func("CHAR", *e.expressions),
        exp.Unicode: rename_func("ASCII"),
        exp.Pad: _pad,
        exp.Extract: lambda self, e: f"DATEPART('{e.name.lower()}', {self.sql(e, 'expression')})",
        exp.DateAdd: _date_change("DATEADD", False),
        exp.DateSub: _date_change("DATEADD", True),
        exp.TimestampAdd: _date_change("DATEADD", False),
        exp.DateDiff: lambda self, e: (
            f"DATEDIFF('{e.text('unit').lower() or 'day'}', {self.sql(e, 'expression')}, {self.sql(e, 'this')})"
        ),
        exp.GroupConcat: lambda self, e: self.func("LIST", e.this),
        exp.LogicalAnd: rename_func("MIN"),
        exp.LogicalOr: rename_func("MAX"),
        exp.Stddev: rename_func("STDDEV"),
        exp.StddevSamp: rename_func("STDDEV_SAMP"),
        exp.StddevPop: rename_func("STDDEV_POP"),
        exp.Variance: rename_func("VARIANCE"),
        exp.VariancePop: rename_func("VAR_POP"),
        exp.DPipe: _concatenation,
        exp.Trim: _trim,
        exp.CurrentTimestamp: _no_parens("CURRENT_TIMESTAMP"),
        exp.CurrentTime: _no_parens("CURRENT_TIME"),
        exp.CurrentDate: lambda *_: "CURRENT_DATE",
        exp.DateTrunc: _never("DATE_TRUNC"),
        exp.TimestampTrunc: _never("DATE_TRUNC"),
        exp.CurrentUser: lambda *_: "USER",
        exp.JSONArrayAgg: lambda self, e: self.func("JSON_ARRAYAGG", e.this),
        exp.Initcap: _never("INITCAP"),
        exp.MD5: _never("MD5"),
        exp.Interval: _never("INTERVAL values"),
        exp.Filter: _never("FILTER clause"),
        exp.WithinGroup: _never("WITHIN GROUP"),
        exp.Array: _never("arrays"),
        exp.NullSafeEQ: _never("IS NOT DISTINCT FROM"),
        exp.NullSafeNEQ: _never("IS DISTINCT FROM"),
        exp.RegexpLike: _never("regular expressions"),
        exp.RegexpILike: _never("regular expressions"),
        exp.SimilarTo: _never("SIMILAR TO"),
    }

    # Names and values

    def identifier_sql(self, expression: exp.Identifier) -> str:
        name = expression.name
        if not is_possible(name) and expression.find_ancestor(exp.Create, exp.Alter, exp.Drop) is None:
            name = possible_name(name)  # an alias: nothing that IRIS keeps has such a name
        return written_name(name)

    def column_sql(self, expression: exp.Column) -> str:
        name, table = expression.this, expression.args.get("table")
        if self.comments or expression.args.get("db") or expression.args.get("join_mark"):
            return super().column_sql(expression)
        if type(name) is exp.Identifier and type(table) is exp.Identifier and is_possible(table.this) and is_possible(name.this):
            return f"{written_name(table.this)}.{written_name(name.this)}"
        return super().column_sql(expression)

    def boolean_sql(self, expression: exp.Boolean) -> str:
        return "1" if expression.this else "0"

    def placeholder_sql(self, expression: exp.Placeholder) -> str:
        return "?"

    def datatype_sql(self, expression: exp.DataType) -> str:
        if expression.this == T.TEXT and isinstance(expression.parent, exp.Cast):
            return "VARCHAR(3641144)"  # the longest string: CAST cuts without a word
        if expression.this == T.USERDEFINED:
            arguments = self.expressions(expression, flat=True).replace(" = ", "=")
            return f"{expression.args['kind']}{f'({arguments})' if arguments else ''}"
        return super().datatype_sql(expression)

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        name = expression.this if isinstance(expression.this, str) else self.sql(expression, "this")
        if name == "POSITION" and len(expression.expressions) == 2:
            return f"POSITION({' IN '.join(map(self.sql, expression.expressions))})"
        return self.func(name, *expression.expressions, normalize=not name.startswith('"'))

    # Queries

    def select_sql(self, expression: exp.Select) -> str:
        limit = expression.args.get("limit")
        old = self.dialect.version[:2] < (2025, 1) and isinstance(limit, exp.Limit) and not expression.args.get("offset")
        if nodes.is_top(limit) or old:
            assert isinstance(limit, exp.Limit)
            expression.set("limit", None)
            expression.set("operation_modifiers", [exp.var(f"TOP {self.sql(limit.expression)}")])
        hint = expression.args.get("hint")
        if hint is None or not hint.expressions:
            return super().select_sql(expression)
        expression.set("hint", None)
        keywords = self.sql(hint)
        with_ = expression.args.get("with_")
        expression.set("with_", None)
        sql = "SELECT" + keywords + super().select_sql(expression).removeprefix("SELECT")
        return f"{self.sql(with_)} {sql}" if with_ is not None else sql

    def distinct_sql(self, expression: exp.Distinct) -> str:
        on = expression.args.get("on")
        if not on:
            return super().distinct_sql(expression)
        columns = on.expressions if isinstance(on, exp.Tuple) else [on]
        value = self.expressions(expression, flat=True)
        return f"DISTINCT BY ({self.expressions(sqls=columns, flat=True)}){' ' + value if value else ''}"

    def from_sql(self, expression: exp.From) -> str:
        hints = "".join(f"{self.sql(hint)} " for hint in expression.args.get("hints") or ())
        return f"{self.seg('FROM')} {hints}{self.sql(expression, 'this')}"

    def tables_sql(self, expression: exp.Expression) -> str:
        """What a FROM says, without the word."""
        joins = "".join(self.sql(join) for join in expression.args.get("joins") or ())
        return f"{self.sql(expression, 'from_').strip().removeprefix('FROM ')}{joins}"

    def set_operation(self, expression: exp.SetOperation) -> str:
        return super().set_operation(expression) + (" %PARALLEL" if expression.meta.get("parallel") else "")

    def lateral_sql(self, expression: exp.Lateral) -> str:
        alias = self.sql(expression, "alias")
        return f"LATERAL {self.sql(expression, 'this')}{f' AS {alias}' if alias else ''}"

    def for_some_element(self, expression: nodes.ForSomeElement) -> str:
        alias = self.sql(expression, "alias")
        head = f"FOR SOME %ELEMENT({self.sql(expression, 'field')}){f' AS {alias}' if alias else ''}"
        return f"{head} ({self.sql(expression, 'this')})"

    def aggregate_argument(self, expression: nodes.AggregateArgument) -> str:
        each = self.expressions(expression, flat=True)
        after = " %AFTERHAVING" if expression.args.get("after_having") else ""
        return f"{self.sql(expression, 'this')}{f' %FOREACH({each})' if each else ''}{after}"

    def explain(self, expression: nodes.Explain) -> str:
        words = "".join(f"{word.name} " for word in expression.args.get("words") or ())
        return f"EXPLAIN {words}{self.sql(expression, 'this')}"

    def json_table(self, expression: nodes.JsonTable) -> str:
        this = self.sql(expression, "this") + (" FORMAT COLLECTION" if expression.args.get("collection") else "")
        return f"JSON_TABLE({this}, {self.sql(expression, 'path')} COLUMNS ({self.expressions(expression, flat=True)}))"

    def json_table_column(self, expression: nodes.JsonTableColumn) -> str:
        if expression.args.get("ordinality"):
            return f"{self.sql(expression, 'this')} FOR ORDINALITY"
        path = self.sql(expression, "path")
        if not expression.args.get("kind"):
            return f"NESTED PATH {path} COLUMNS ({self.expressions(expression, flat=True)})"
        name = f"{self.sql(expression, 'this')} {self.sql(expression, 'kind')}"
        return f"{name}{f' PATH {path}' if path else ''}"

    def limit_sql(self, expression: exp.Limit, top: bool = False) -> str:
        self._since((2025, 1), "LIMIT")
        return super().limit_sql(expression, top)

    def offset_sql(self, expression: exp.Offset) -> str:
        self._since((2025, 1), "OFFSET")
        return super().offset_sql(expression)

    def fetch_sql(self, expression: exp.Fetch) -> str:
        self._since((2025, 1), "FETCH")
        return super().fetch_sql(expression)

    def _since(self, release: tuple[int, int], what: str) -> None:
        if self.dialect.version[:2] < release:
            self.unsupported(f"IRIS has no {what} before {release[0]}.{release[1]}")

    def with_sql(self, expression: exp.With) -> str:
        if expression.args.get("recursive"):
            self.unsupported("IRIS has no WITH RECURSIVE")
        self._since((2024, 1), "WITH")
        return super().with_sql(expression)

    # Data

    def insert_sql(self, expression: exp.Insert) -> str:
        for clause, words in (("returning", "RETURNING"), ("conflict", "ON CONFLICT")):
            if expression.args.get(clause):
                self.unsupported(f"IRIS has no {words}")
        values = expression.expression
        if isinstance(values, exp.Values) and len(values.expressions) > 1:
            self.unsupported("IRIS inserts one row of VALUES at a time")
        hint = self.sql(expression, "hint")
        expression.set("hint", None)
        return super().insert_sql(expression).replace(" INTO", f"{hint} INTO", 1)

    def update_sql(self, expression: exp.Update) -> str:
        """A SET target carries no table name."""
        for assignment in expression.expressions:
            column = assignment.this if isinstance(assignment, exp.EQ) else None
            if isinstance(column, exp.Column) and column.args.get("table"):
                column.set("table", None)
        if expression.args.get("returning"):
            self.unsupported("IRIS has no RETURNING")
        hint = self.sql(expression, "hint")
        expression.set("hint", None)
        return super().update_sql(expression).replace("UPDATE", f"UPDATE{hint}", 1)

    def delete_sql(self, expression: exp.Delete) -> str:
        if expression.args.get("returning"):
            self.unsupported("IRIS has no RETURNING")
        this = self.sql(expression, "this")
        using = self.expressions(expression, key="using", flat=True)
        using = f" FROM {using}" if using else ""
        hint = self.sql(expression, "hint")
        return self.prepend_ctes(expression, f"DELETE{hint} FROM {this}{using}{self.sql(expression, 'where')}")

    def truncatetable_sql(self, expression: exp.TruncateTable) -> str:
        return f"TRUNCATE TABLE{self.sql(expression, 'hint')} {self.expressions(expression, flat=True)}"

    # Definitions

    def properties_sql(self, expression: exp.Properties) -> str:
        plain = [p for p in expression.expressions if type(p) is exp.Property]
        texts = [p.name for p in plain if not p.args["value"].name]
        options = [f"{p.name} = {self.sql(p, 'value')}" for p in plain if p.args["value"].name]
        return " ".join([*texts, *([f"WITH {', '.join(options)}"] if options else [])])

    def create_sql(self, expression: exp.Create) -> str:
        option = expression.args.pop("check_option", None)
        if expression.args["kind"] == "ALTER VIEW":
            expression.set("kind", "VIEW")
            sql = super().create_sql(expression).replace("CREATE", "ALTER", 1)
        else:
            sql = super().create_sql(expression)
        properties = expression.args.get("properties")
        if expression.args["kind"] == "TABLE" and expression.expression and properties is not None:
            head, _, query = sql.partition(" AS ")
            options = self.properties_sql(properties)
            if options and options in head:
                sql = f"{head.replace(options, '').rstrip()} AS {query} {options}"
        return f"{sql} WITH {option}" if option else sql

    def constraint_sql(self, expression: exp.Constraint) -> str:
        return f"CONSTRAINT {self.sql(expression, 'this')} {self.expressions(expression, flat=True)}"

    def computed_column(self, expression: nodes.ComputedColumnConstraint) -> str:
        words = ("COMPUTECODE", expression.args.get("language"), self.sql(expression, "this"), expression.args.get("when"))
        return " ".join(filter(None, words))

    def indexparameters_sql(self, expression: exp.IndexParameters) -> str:
        """Also stands within PRIMARY KEY and UNIQUE of a tree parsed as PostgreSQL, where IRIS has nothing to say."""
        if not expression.args.get("columns"):
            return ""
        build = expression.args.get("on")
        for clause in ("where", "tablespace", "partition_by"):
            if expression.args.get(clause):
                self.unsupported(f"IRIS has no {clause.upper()} of an index")
        columns = ", ".join(self._index_column(column) for column in expression.args["columns"])
        using = expression.args.get("using")
        kind = f" AS {self._index_kind(using)}" if isinstance(using, exp.Anonymous) else ""
        include = self.expressions(expression, key="include", flat=True)
        return f" ({columns}){kind}{f' WITH DATA ({include})' if include else ''}{f' {build.name}' if build else ''}"

    def _index_column(self, column: exp.Expr) -> str:
        """The direction stands when it was said of an IRIS index; of PostgreSQL's it says nothing about what is stored."""
        if not isinstance(column, exp.Ordered):
            return self.sql(column)
        said = "nulls_first" not in column.args and column.args.get("desc") is not None
        return self.sql(column.this) + (" DESC" if said and column.args["desc"] else " ASC" if said else "")

    def _index_kind(self, kind: exp.Anonymous) -> str:
        """``Distance='Cosine'``, as the manual spells it."""
        settings = ", ".join(f"{setting.this.name}={self.sql(setting.expression)}" for setting in kind.expressions)
        return f"{kind.name}({settings})"

    def alter_sql(self, expression: exp.Alter) -> str:
        actions = expression.args.get("actions") or []
        if len(actions) > 1 and all(isinstance(action, exp.ColumnDef) for action in actions):
            return f"ALTER TABLE {self.sql(expression, 'this')} ADD ({self.expressions(sqls=actions, flat=True)})"
        if len(actions) > 1:
            self.unsupported("IRIS takes one action in an ALTER TABLE")
        return super().alter_sql(expression)

    def drop_sql(self, expression: exp.Drop) -> str:
        table = expression.args.get("cluster")
        if expression.args["kind"] != "INDEX" or not table:
            words = ["RESTRICT"] if expression.args.get("restrict") else []
            words += [expression.args["data"]] if expression.args.get("data") else []
            expression.set("restrict", None)
            return " ".join([super().drop_sql(expression), *words])
        exists = "IF EXISTS " if expression.args.get("exists") else ""
        exists += "%NOJOURN " if expression.args.get("unjournaled") else ""
        return f"DROP INDEX {exists}{self.expressions(expression, key='tables', flat=True)} ON TABLE {self.sql(table)}"

    def altercolumn_sql(self, expression: exp.AlterColumn) -> str:
        column = self.sql(expression, "this")
        if expression.args.get("modify"):
            return self._modify(expression)
        if expression.args.get("dtype"):
            collate = self.sql(expression, "collate")
            return f"ALTER COLUMN {column} {self.sql(expression, 'dtype')}{f' COLLATE {collate}' if collate else ''}"
        default = self.sql(expression, "default")
        if default:
            return f"ALTER COLUMN {column} SET DEFAULT {default}"
        if expression.args.get("collate"):
            return f"ALTER COLUMN {column} COLLATE {self.sql(expression, 'collate')}"
        if expression.args.get("allow_null") is not None:
            return f"ALTER COLUMN {column} {'' if expression.args['allow_null'] else 'NOT '}NULL"
        return f"ALTER COLUMN {column} DROP DEFAULT"

    def _modify(self, expression: exp.AlterColumn) -> str:
        parts = ["MODIFY", self.sql(expression, "this")]
        for name, word in (("dtype", ""), ("collate", "COLLATE"), ("default", "DEFAULT")):
            if expression.args.get(name) is not None:
                parts += [word, self.sql(expression, name)]
        if expression.args.get("allow_null") is not None:
            parts.append("NULL" if expression.args["allow_null"] else "NOT NULL")
        return " ".join(filter(None, parts))

    def renamecolumn_sql(self, expression: exp.RenameColumn) -> str:
        return f"ALTER COLUMN {self.sql(expression, 'this')} RENAME {self.sql(expression, 'to')}"

    def alterrename_sql(self, expression: exp.AlterRename, include_to: bool = True) -> str:
        return f"RENAME {self.sql(expression.this.this if isinstance(expression.this, exp.Table) else expression.this)}"

    def add_column_sql(self, expression: exp.Expr) -> str:
        return f"ADD COLUMN {self.sql(expression)}"

    # Transactions

    def transaction_sql(self, expression: exp.Transaction) -> str:
        modes = ", ".join(expression.args.get("modes") or ())
        return f"START TRANSACTION{' ' + modes if modes else ''}"

    def commit_sql(self, expression: exp.Commit) -> str:
        return "COMMIT"

    def rollback_sql(self, expression: exp.Rollback) -> str:
        savepoint = expression.args.get("savepoint")
        return f"ROLLBACK TO SAVEPOINT {self.sql(savepoint)}" if savepoint else "ROLLBACK"
