"""Grammar of CREATE, ALTER and DROP. iris-reference 4.18, 4.19, 10.4"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris import nodes
from pgiris.sql.iris.queries import Queries
from pgiris.sql.iris.utilities import verbatim
from pgiris.sql.iris.words import COLLATIONS, RESERVED

INDEX_KINDS = ("UNIQUE", "BITMAP", "BITMAPEXTENT", "BITSLICE", "COLUMNAR")
DEFAULT_FUNCTIONS = ("GETDATE", "GETUTCDATE", "SYSDATE", "TO_DATE", "TO_TIMESTAMP")
ACTIONS = (("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT"), ("CASCADE",))


class Definitions(Queries):
    # CREATE

    def create(self) -> exp.Expr:
        replace = self.sequence("OR", "REPLACE")
        if self.word("VIEW"):
            return self._create_view(replace)
        if replace:
            raise self.expected("VIEW")
        temporary = self.sequence("GLOBAL", "TEMPORARY")
        if self.word("TABLE"):
            return self._create_table(temporary)
        if self.word("SCHEMA"):
            exists = self.sequence("IF", "NOT", "EXISTS")
            self._refuse_reserved()
            return exp.Create(kind="SCHEMA", this=exp.Table(db=self.identifier()), exists=exists)
        kind = self.word(*INDEX_KINDS)
        self.word("CLUSTERED", "NONCLUSTERED")  # for compatibility, without effect
        if kind == "COLUMNAR":
            self.since((2022, 3))
        if self.word("INDEX"):
            return self._create_index(kind)
        raise self.expected("TABLE, VIEW, INDEX or SCHEMA")

    def _create_table(self, temporary: bool) -> exp.Create:
        exists = self.sequence("IF", "NOT", "EXISTS")
        table = self._new_name()
        properties: list[exp.Expr] = [exp.GlobalProperty(), exp.TemporaryProperty()] if temporary else []
        if self.word("AS"):
            create = exp.Create(kind="TABLE", this=table, expression=self.query(nested=False), exists=exists)
        else:
            elements = self.in_parens(lambda: self.listed(self._element))
            create = exp.Create(kind="TABLE", this=exp.Schema(this=table, expressions=elements), exists=exists)
            if self.at("SHARD", "PARTITION"):
                properties.append(nodes.table_option(self._upto_with(), ""))
        if self.word("WITH"):
            properties += self.listed(self._table_option)
        if properties:
            create.set("properties", exp.Properties(expressions=properties))
        return create

    def _new_name(self) -> exp.Table:
        """``[schema.]table`` of a table or view to come."""
        self._refuse_reserved()
        if self._next.token_type == TokenType.DOT:
            schema = self.identifier()
            self.need_sign(TokenType.DOT, ".")
            self._refuse_reserved()
            return exp.Table(this=self.identifier(), db=schema)
        return exp.Table(this=self.identifier())

    def _refuse_reserved(self) -> None:
        """Using InterSystems SQL, Table Name and Schema Name."""
        if self.upper in RESERVED:
            raise self.fail(-312, f"Invalid schema or table name: {self.upper} is a reserved word")

    def _upto_with(self) -> str:
        """``SHARD KEY (a)``, ``PARTITION BY RANGE (a) INTERVAL 1 MONTH``: as it was written."""
        start = self._curr.start
        while self._curr and not self.at("WITH"):
            self._advance()
            self.sequence("COSHARD", "WITH")
        return self.sql[start : self._prev.end + 1]

    def _table_option(self) -> exp.Expr:
        name = self.need("%CLASSPARAMETER", "STORAGETYPE")
        if name == "%CLASSPARAMETER":
            name = f"{name} {self.identifier().name.upper()}"
        self.sign(TokenType.EQ)
        value = self.value() if self.at_sign(TokenType.NUMBER) or self.at_sign(TokenType.STRING) else None
        return nodes.table_option(name, value.sql() if value else self.need("ROW", "COLUMNAR"))

    def _element(self) -> exp.Expr:
        if self.word("%DESCRIPTION"):
            return exp.CommentColumnConstraint(this=self.string())
        if self.word("%PUBLICROWID"):
            return exp.var("%PUBLICROWID")
        if word := self.word("%EXTENTSIZE", "%NUMROWS"):
            return nodes.TableElement(this=f"{word} {self.integer().name}")
        if word := self.word("%FILE", "%ROUTINE"):
            return nodes.TableElement(this=f"{word} {self.string().sql()}")
        if self.word("SHARD"):
            return nodes.TableElement(this=self._shard_key())
        if self.at("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            return self.table_constraint()
        return self.column_definition()

    def _shard_key(self) -> str:
        start = self._prev.start
        if self.word("KEY"):
            self.names_in_parens()
        if self.sequence("COSHARD", "WITH"):
            self.in_parens(self.table_name)
        return self.sql[start : self._prev.end + 1]

    def table_constraint(self) -> exp.Expr:
        name = self.identifier() if self.word("CONSTRAINT") else None
        this = self._unnamed_constraint()
        return exp.Constraint(this=name, expressions=[this]) if name else this

    def _unnamed_constraint(self) -> exp.Expr:
        if self.sequence("PRIMARY", "KEY"):
            return exp.PrimaryKey(expressions=self.names_in_parens())
        if self.word("UNIQUE"):
            return exp.UniqueColumnConstraint(this=exp.Schema(expressions=self.names_in_parens()))
        if self.sequence("FOREIGN", "KEY"):
            name = self.identifier() if self.is_name() else None
            columns = self.names_in_parens()
            return exp.ForeignKey(this=name, expressions=columns, reference=self._reference())
        raise self.expected("PRIMARY KEY, UNIQUE or FOREIGN KEY")

    def _reference(self) -> exp.Reference:
        self.need("REFERENCES")
        this: exp.Expr = self._new_name()
        if self.at_sign(TokenType.L_PAREN):
            this = exp.Schema(this=this, expressions=self.names_in_parens())
        options = []
        while self.word("ON"):
            event = self.need("DELETE", "UPDATE")
            options.append(f"ON {event} {self._action()}")
        if self.word("NOCHECK"):
            options.append("NOCHECK")
        return exp.Reference(this=this, options=options)

    def _action(self) -> str:
        for words in ACTIONS:
            if self.sequence(*words):
                return " ".join(words)
        raise self.expected("NO ACTION, SET NULL, SET DEFAULT or CASCADE")

    def column_definition(self) -> exp.ColumnDef:
        name = self.identifier()
        constraints: list[exp.Expr] = []
        kind = None
        if not self.at("IDENTITY"):
            kind = self.data_type()
        while (constraint := self._column_constraint()) is not None:
            constraints.append(exp.ColumnConstraint(kind=constraint))
        return exp.ColumnDef(this=name, kind=kind, constraints=constraints)

    def _column_constraint(self) -> exp.Expr | None:
        if self.word("CONSTRAINT"):
            name = self.identifier()
            this = self._column_constraint()
            if not isinstance(this, (exp.UniqueColumnConstraint, exp.PrimaryKeyColumnConstraint, exp.Reference)):
                raise self.fail(-77, "Column constraint expected")
            return exp.Constraint(this=name, expressions=[this])
        if self.at("REFERENCES"):
            return self._reference()
        if self.word("COMPUTECODE"):
            return self._computed()
        for words, make in _COLUMN_CONSTRAINTS.items():
            if self.sequence(*words):
                return make(self)
        return None

    def _computed(self) -> exp.Expr:
        language = self.word("OBJECTSCRIPT", "PYTHON")
        computed = nodes.ComputedColumnConstraint(this=verbatim(self), language=language or None)  # type: ignore[arg-type]
        if self.word("COMPUTEONCHANGE"):
            columns = ", ".join(column.sql() for column in self.names_in_parens())
            computed.set("when", f"COMPUTEONCHANGE ({columns})")
        else:
            computed.set("when", self.word("CALCULATED", "TRANSIENT") or None)
        return computed

    def _column_storage(self) -> str:
        self.sign(TokenType.EQ)
        return f"WITH STORAGETYPE = {self.need('ROW', 'COLUMNAR')}"

    def default_value(self) -> exp.Expr:
        if self.at_sign(TokenType.L_PAREN):
            return exp.Paren(this=self.in_parens(self.default_value))
        if self.at("CURRENT_USER", "SESSION_USER", "SYSTEM_USER"):
            self._advance()
            return nodes.SpecialVariable(this=self._prev.text.upper())
        if self.word("OBJECTSCRIPT"):
            return nodes.ObjectScriptDefault(this=self.string())
        value = self._signed()
        allowed = (exp.Literal, exp.Null, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, nodes.SpecialVariable)
        plain = value.this if isinstance(value, exp.Neg) else value
        if not isinstance(plain, allowed) and plain.name.upper() not in DEFAULT_FUNCTIONS:
            raise self.fail(-1, "DEFAULT takes a literal or one of the values that the system supplies", self._prev)
        return value

    def collation(self) -> exp.Expr:
        start = self._curr
        name = start.text.upper().lstrip("%")
        if name not in COLLATIONS:
            raise self.expected("collation")
        self._advance()
        if self.at_sign(TokenType.L_PAREN):
            name += f"({self.in_parens(self.integer).name})"
        return exp.var(name)

    def _create_view(self, replace: bool, kind: str = "VIEW") -> exp.Create:
        this: exp.Expr = self._new_name()
        if self.at_sign(TokenType.L_PAREN):
            this = exp.Schema(this=this, expressions=self.names_in_parens())
        self.need("AS")
        self.in_view = True
        query = self.query(nested=True)
        if query.find(exp.Placeholder):
            raise self.fail(-148, "Host variables are not valid in a view definition")
        create = exp.Create(kind=kind, this=this, expression=query, replace=replace)
        if self.word("WITH"):
            create.set("check_option", self._view_option())
        return create

    def _view_option(self) -> str:
        if self.word("READ"):
            self.need("ONLY")
            return "READ ONLY"
        level = self.word("LOCAL", "CASCADED")
        self.need("CHECK")
        self.need("OPTION")
        return f"{level} CHECK OPTION".strip()

    def _create_index(self, kind: str) -> exp.Create:
        name = self.identifier()
        self.need("ON")
        self.word("TABLE")
        table = self.table_name()
        columns = [] if kind == "BITMAPEXTENT" and not self.at_sign(TokenType.L_PAREN) else self.in_parens(self._index_columns)
        parameters = exp.IndexParameters(columns=columns)
        if self.word("AS"):
            parameters.set("using", self._index_class())
        if self.sequence("WITH", "DATA"):
            parameters.set("include", self.names_in_parens())
        if build := self.word("DEFER", "IMMEDIATE"):
            parameters.set("on", exp.var(f"{build} BUILD" if self.word("BUILD") else build))
        index = exp.Index(this=name, table=table, params=parameters)
        create = exp.Create(kind="INDEX", this=index, unique=kind == "UNIQUE")
        if kind and kind != "UNIQUE":
            create.set("kind", f"{kind} INDEX")
        return create

    def _index_columns(self) -> list[exp.Expr]:
        def column() -> exp.Expr:
            this = exp.Column(this=self.identifier())
            direction = self.word("ASC", "DESC")
            return exp.Ordered(this=this, desc={"": None, "ASC": False, "DESC": True}[direction])

        return self.listed(column)

    def _index_class(self) -> exp.Expr:
        """``HNSW(Distance='Cosine', M=16)``"""

        def setting() -> exp.Expr:
            name = self._curr.text  # any word
            if not self.upper:
                raise self.expected("IDENTIFIER")
            self._advance()
            self.need_sign(TokenType.EQ, "=")
            return exp.EQ(this=exp.var(name), expression=self.string() if self.at_sign(TokenType.STRING) else self.integer())

        start = self._curr
        name = ".".join([self.identifier().name, *self._further_parts()])
        if name.upper() == "HNSW" and self.dialect.version[:2] < (2025, 1):
            raise self.fail(-1, "HNSW indexes are not known before IRIS 2025.1", start)
        settings = self.in_parens(lambda: self.listed(setting)) if self.at_sign(TokenType.L_PAREN) else []
        return exp.Anonymous(this=name, expressions=settings)

    def _further_parts(self) -> list[str]:
        parts = []
        while self.sign(TokenType.DOT):
            parts.append(self.identifier().name)
        return parts

    # ALTER

    def alter(self) -> exp.Expr:
        if self.word("VIEW"):
            return self._create_view(False, "ALTER VIEW")
        if not self.word("TABLE"):
            raise self.expected("TABLE or VIEW")
        table = self.table_name()
        if self.at("FIX", "MOVE", "TRUNCATE", "CLEANUP", "CONVERT", "SET") or (
            self.upper == "DROP"
            and self._next.text.upper()
            in (
                "PARTITION",
                "FIXED",
            )
        ):
            return exp.Alter(kind="TABLE", this=table, actions=[self._storage_action()])
        for words, action in _ALTERATIONS.items():
            if self.sequence(*words):
                return exp.Alter(kind="TABLE", this=table, actions=action(self))
        raise self.expected("ADD, ALTER, MODIFY, DROP or RENAME")

    def _storage_action(self) -> exp.Expr:
        """``MOVE PARTITION ...``, ``FIX STATISTICS``, ``CONVERT TO STORAGETYPE = ROW``: about how a table is kept, as text."""
        start = self._curr.start
        self._advance(self._tokens_size - self._index)
        return nodes.AlterAction(this=self.sql[start : self._prev.end + 1])

    def _add(self) -> list[exp.Expr]:
        if self.at("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            return [exp.AddConstraint(expressions=self._several(self.table_constraint))]
        if self.word("DEFAULT"):
            value = self.default_value()
            self.need("FOR")
            return [exp.AlterColumn(this=self.identifier(), default=value)]
        if self.at_sign(TokenType.L_PAREN) and self._next.text.upper() in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN"):
            return [exp.AddConstraint(expressions=[self.in_parens(self.table_constraint)])]
        self.word("COLUMN")
        if self.at_sign(TokenType.L_PAREN):
            return list(self.in_parens(lambda: self.listed(self.column_definition)))
        return list(self._several(self.column_definition))

    def _several(self, item: Callable[[], exp.Expr]) -> list[exp.Expr]:
        """A list; a further action after a comma is none of it."""
        items = [item()]
        while self.at_sign(TokenType.COMMA):
            if self._next.text.upper() in ("ADD", "ALTER", "DROP", "MODIFY", "RENAME"):
                raise self.fail(-25, "Input (,) encountered after end of query")
            self._advance()
            items.append(item())
        return items

    def _alter_column(self) -> list[exp.Expr]:
        self.word("COLUMN")
        column = self.identifier()
        if self.word("RENAME"):
            return [exp.RenameColumn(this=column, to=self.identifier())]
        change = exp.AlterColumn(this=column)
        if self.sequence("SET", "DEFAULT") or self.word("DEFAULT"):
            change.set("default", self.default_value())
        elif self.sequence("DROP", "DEFAULT"):
            change.set("drop", True)
        elif self.sequence("NOT", "NULL"):
            change.set("allow_null", False)
        elif self.word("NULL"):
            change.set("allow_null", True)
        elif self.word("COLLATE"):
            change.set("collate", self.collation())
        else:
            change.set("dtype", self.data_type())
            if self.word("COLLATE"):
                change.set("collate", self.collation())
        return [change]

    def _modify(self) -> list[exp.Expr]:
        """``MODIFY a VARCHAR(20) DEFAULT 'x' NOT NULL``: several changes of one column."""
        column = self.identifier()
        if self.word("RENAME"):
            return [exp.RenameColumn(this=column, to=self.identifier())]
        change = exp.AlterColumn(this=column)
        if not self.at("DEFAULT", "CONSTRAINT", "NULL", "NOT", "COLLATE"):
            change.set("dtype", self.data_type())
        if self.word("COLLATE"):
            change.set("collate", self.collation())
        if self.word("DEFAULT"):
            change.set("default", self.default_value())
        if self.word("CONSTRAINT"):
            self.identifier()
        if self.sequence("NOT", "NULL"):
            change.set("allow_null", False)
        elif self.word("NULL"):
            change.set("allow_null", True)
        change.set("modify", True)
        return [change]

    def _drop_part(self) -> list[exp.Expr]:
        if self.sequence("PRIMARY", "KEY"):
            return [exp.DropPrimaryKey()]
        kind = "CONSTRAINT" if self.sequence("FOREIGN", "KEY") else self.word("CONSTRAINT", "COLUMN") or "COLUMN"
        name = exp.Column(this=self.identifier())
        drop = exp.Drop(kind=kind, tables=[name])
        self._drop_options(drop)
        return [drop]

    def _drop_options(self, drop: exp.Drop) -> None:
        word = self.word("RESTRICT", "CASCADE")
        drop.set("cascade", word == "CASCADE")
        drop.set("restrict", word == "RESTRICT")
        drop.set("data", self.word("%DELDATA", "%NODELDATA") or None)

    def _rename(self) -> list[exp.Expr]:
        return [exp.AlterRename(this=exp.Table(this=self.identifier()))]

    # DROP

    def drop(self) -> exp.Expr:
        kind = self.need("TABLE", "VIEW", "INDEX", "SCHEMA")
        exists = self.sequence("IF", "EXISTS")
        unjournaled = kind == "INDEX" and bool(self.word("%NOJOURN"))
        if kind == "SCHEMA":
            drop = exp.Drop(kind=kind, tables=[exp.Table(db=self.identifier())], exists=exists)
        else:
            drop = exp.Drop(kind=kind, tables=[self._dropped(kind)], exists=exists)
        if kind == "INDEX" and self.word("ON"):
            self.word("TABLE")
            drop.set("cluster", self.table_name())
        drop.set("unjournaled", unjournaled)
        self._drop_options(drop)
        return drop

    def _dropped(self, kind: str) -> exp.Table:
        if kind != "INDEX":
            return self.table_name()
        names = [self.identifier()]
        while self.sign(TokenType.DOT):
            names.append(self.identifier())
        index, table, schema = (*reversed(names), None, None)[:3]
        return exp.Table(this=index, db=table, catalog=schema)


_COLUMN_CONSTRAINTS: dict[tuple[str, ...], Callable[[Definitions], exp.Expr]] = {
    ("NOT", "NULL"): lambda _: exp.NotNullColumnConstraint(),
    ("NULL",): lambda _: exp.NotNullColumnConstraint(allow_null=True),
    ("UNIQUE",): lambda _: exp.UniqueColumnConstraint(),
    ("PRIMARY", "KEY"): lambda _: exp.PrimaryKeyColumnConstraint(),
    ("DEFAULT",): lambda self: exp.DefaultColumnConstraint(this=self.default_value()),
    ("COLLATE",): lambda self: exp.CollateColumnConstraint(this=self.collation()),
    ("IDENTITY",): lambda _: exp.GeneratedAsIdentityColumnConstraint(),
    ("ON", "UPDATE"): lambda self: nodes.OnUpdateConstraint(this=self.default_value()),
    ("WITH", "STORAGETYPE"): lambda self: nodes.WordConstraint(this=self._column_storage()),
    ("PRIVATE",): lambda _: nodes.WordConstraint(this="PRIVATE"),
    ("READONLY",): lambda _: nodes.WordConstraint(this="READONLY"),
    ("AUTO_INCREMENT",): lambda _: exp.AutoIncrementColumnConstraint(),
    ("%DESCRIPTION",): lambda self: exp.CommentColumnConstraint(this=self.string()),
}
_ALTERATIONS: dict[tuple[str, ...], Callable[[Definitions], list[exp.Expr]]] = {
    ("ADD",): Definitions._add,
    ("ALTER",): Definitions._alter_column,
    ("MODIFY",): Definitions._modify,
    ("DROP",): Definitions._drop_part,
    ("DELETE",): Definitions._drop_part,
    ("RENAME",): Definitions._rename,
}
