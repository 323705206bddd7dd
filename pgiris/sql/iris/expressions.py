"""Grammar of values and conditions. IRIS tells them apart: a condition has no value, and a value is no condition.

iris-reference 4.4, 4.5, 4.12 to 4.14, 4.21, 4.22
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris import nodes
from pgiris.sql.iris.cursor import Cursor
from pgiris.sql.iris.words import (
    CAST_TARGETS,
    FUNCTION_WORDS,
    PREFIX_FUNCTIONS,
    PSEUDO_COLUMNS,
    RESERVED,
    SPECIAL_VARIABLES,
    TYPE_WORDS,
    VECTOR_ELEMENTS,
    WINDOW_FUNCTIONS,
    words,
)

COMPARISONS: dict[TokenType, type[exp.Binary]] = {
    TokenType.EQ: exp.EQ,
    TokenType.NEQ: exp.NEQ,
    TokenType.LT: exp.LT,
    TokenType.GT: exp.GT,
    TokenType.LTE: exp.LTE,
    TokenType.GTE: exp.GTE,
    TokenType.L_BRACKET: nodes.ContainsString,
    TokenType.R_BRACKET: nodes.Follows,
}
PREDICATE_WORDS: dict[str, type[exp.Binary]] = {
    "%STARTSWITH": exp.StartsWith,  # type: ignore[dict-item]
    "%INLIST": nodes.InList,
    "%MATCHES": nodes.Matches,
    "%PATTERN": nodes.Pattern,
    "%FIND": nodes.Find,
    "%INSET": nodes.InSet,
}
TERMS: dict[TokenType, type[exp.Binary]] = {TokenType.PLUS: exp.Add, TokenType.DASH: exp.Sub, TokenType.DPIPE: exp.DPipe}
FACTORS: dict[TokenType, type[exp.Binary]] = {
    TokenType.STAR: exp.Mul,
    TokenType.SLASH: exp.Div,
    TokenType.BACKSLASH: exp.IntDiv,
    TokenType.HASH: nodes.Modulo,
}
AGGREGATES: dict[str, type[exp.Func]] = {"COUNT": exp.Count, "SUM": exp.Sum, "AVG": exp.Avg, "MIN": exp.Min, "MAX": exp.Max}
OTHER_AGGREGATES = words(
    "LIST STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP JSON_ARRAYAGG XMLAGG %DLIST APPROX_COUNT_DISTINCT"
)
RELEASES = {
    "HASHBYTES": (2025, 1), "APPROX_COUNT_DISTINCT": (2025, 1), "TO_VECTOR": (2024, 1), "VECTOR_COSINE": (2024, 1),
    "VECTOR_DOT_PRODUCT": (2024, 1), "EMBEDDING": (2024, 3),
}  # fmt: skip
UNIT_FUNCTIONS = words("DATEADD DATEDIFF DATEPART DATENAME DATE_TRUNC TIMESTAMPADD TIMESTAMPDIFF")
# What may follow a function that stands before its argument.
PREFIXED = frozenset(
    (TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER, TokenType.PLACEHOLDER, TokenType.L_BRACE)
)
QUANTIFIERS: dict[str, type[exp.Expr]] = {"ALL": exp.All, "ANY": exp.Any, "SOME": exp.Any}


class Expressions(Cursor):
    def query(self, nested: bool) -> exp.Query:
        raise NotImplementedError

    # Conditions

    def condition(self) -> exp.Expr:
        return self._chain(self._conjunction, exp.Or, "OR", TokenType.NOT)  # the sign ! is OR

    def _conjunction(self) -> exp.Expr:
        return self._chain(self._negation, exp.And, "AND", TokenType.AMP)

    def _chain(self, item: Callable[[], exp.Expr], node: type[exp.Connector], word: str, sign: TokenType) -> exp.Expr:
        this = item()
        while self.word(word) or self.sign(sign):
            this = node(this=this, expression=item())
        return this

    def _negation(self) -> exp.Expr:
        if self.word("NOT"):
            return exp.Not(this=self._negation())
        return self._test()

    def _test(self) -> exp.Expr:
        if self.at("EXISTS"):
            self._advance()
            return exp.Exists(this=self.in_parens(lambda: self.query(nested=True)))
        if self.at_sign(TokenType.L_PAREN):
            return self.attempt((self._test_in_parens, self._predicate))
        if self.sequence("FOR", "SOME"):
            return self._for_some()
        return self._predicate()

    def _from(self, target: exp.Expr) -> None:
        raise NotImplementedError

    def _alias(self) -> exp.Identifier | None:
        raise NotImplementedError

    def _for_some(self) -> exp.Expr:
        if self.word("%ELEMENT"):
            field = self.in_parens(self.value)
            alias = self._alias()
            return nodes.ForSomeElement(this=self.in_parens(self.condition), field=field, alias=alias)
        holder = exp.Select()
        self.in_parens(lambda: self._from(holder))
        tables = {key: holder.args[key] for key in ("from_", "joins") if holder.args.get(key)}
        return nodes.ForSome(this=self.in_parens(self.condition), **tables)

    def _test_in_parens(self) -> exp.Expr:
        this = exp.Paren(this=self.in_parens(self.condition))
        if self._curr.token_type in COMPARISONS or self._curr.token_type in TERMS or self._curr.token_type in FACTORS:
            raise self.expected("condition")
        return this

    def _predicate(self) -> exp.Expr:
        this = self.value()
        comparison = COMPARISONS.get(self._curr.token_type)
        if comparison is not None:
            self._advance()
            return comparison(this=this, expression=self._compared())
        if self.word("IS"):
            return self._is(this)
        negated = bool(self.word("NOT"))
        comparison = COMPARISONS.get(self._curr.token_type) if negated else None
        if comparison is not None:
            self._advance()
            return exp.Not(this=comparison(this=this, expression=self._compared()))
        predicate = self._word_predicate(this)
        return exp.Not(this=predicate) if negated else predicate

    def _compared(self) -> exp.Expr:
        quantifier = self.word("ALL", "ANY", "SOME")
        if not quantifier:
            return self.value()
        if not self.at_sign(TokenType.L_PAREN) or self._next.text.upper() not in ("SELECT", "("):
            self.sign(TokenType.L_PAREN)
            raise self.expected("SELECT")
        return QUANTIFIERS[quantifier](this=self.in_parens(lambda: self.query(nested=True)))

    def _is(self, this: exp.Expr) -> exp.Expr:
        negated = bool(self.word("NOT"))
        predicate: exp.Expr
        if self.word("NULL"):
            predicate = exp.Is(this=this, expression=exp.Null())
        elif self.word("JSON"):
            kind = self.word("VALUE", "SCALAR", "ARRAY", "OBJECT")
            predicate = nodes.IsJson(this=this, kind=kind or None)
        else:
            raise self.expected("NULL or JSON")
        return exp.Not(this=predicate) if negated else predicate

    def _word_predicate(self, this: exp.Expr) -> exp.Expr:
        if self.word("BETWEEN"):
            low = self.value()
            self.need("AND")
            return exp.Between(this=this, low=low, high=self.value())
        if self.word("IN"):
            return self._in(this)
        if self.word("LIKE"):
            like = exp.Like(this=this, expression=self.value())
            return exp.Escape(this=like, expression=self.value()) if self.word("ESCAPE") else like
        if self.word("%CONTAINS"):
            return nodes.Contains(this=this, expressions=self.in_parens(lambda: self.listed(self.value)))
        word = self.word(*PREDICATE_WORDS)
        if not word:
            raise self.fail(-14, f"A comparison operator is required here, {self.found()} found")
        predicate = PREDICATE_WORDS[word](this=this, expression=self.value())
        if word in ("%INLIST", "%FIND", "%INSET") and self.word("SIZE"):
            predicate.meta["size"] = self.in_parens(lambda: self.in_parens(self.integer)).name
        return predicate

    def _in(self, this: exp.Expr) -> exp.Expr:
        def inside() -> exp.Expr:
            if self.at("SELECT", "WITH"):
                return exp.In(this=this, query=exp.Subquery(this=self.query(nested=True)))
            return exp.In(this=this, expressions=self.listed(self.value))

        return self.in_parens(inside)

    # Values

    def value(self) -> exp.Expr:
        return self._operations(TERMS, lambda: self._operations(FACTORS, self._signed))

    def _operations(self, operators: dict[TokenType, type[exp.Binary]], operand: Callable[[], exp.Expr]) -> exp.Expr:
        this = operand()
        while (node := self._operator(operators)) is not None:
            self._advance()
            this = node(this=this, expression=operand())
        return this

    def _operator(self, operators: dict[TokenType, type[exp.Binary]]) -> type[exp.Binary] | None:
        """``_`` concatenates, when it is a word of its own."""
        token = self._curr
        if token.token_type == TokenType.VAR and token.text == "_" and operators is TERMS:
            return exp.DPipe
        return operators.get(token.token_type)

    def _signed(self) -> exp.Expr:
        if self.sign(TokenType.DASH):
            return exp.Neg(this=self._signed())
        if self.sign(TokenType.PLUS):
            signed = self._signed()
            return signed if isinstance(signed, exp.Literal) and not signed.is_string else nodes.Plus(this=signed)
        this = self._primary()
        while self.sign(TokenType.ARROW):
            this = nodes.Arrow(this=this, expression=self.identifier())
        return this

    def _primary(self) -> exp.Expr:
        kind = self._curr.token_type
        if kind == TokenType.NUMBER or (kind == TokenType.DOT and self._next.token_type == TokenType.NUMBER):
            return self._number()
        if kind == TokenType.STRING:
            return self.string()
        if kind == TokenType.PLACEHOLDER:
            self._advance()
            return self.placeholder()
        if kind == TokenType.L_PAREN:
            return self.in_parens(self._inside_parens)
        if kind == TokenType.L_BRACE:
            return self._escape()
        if kind == TokenType.VAR:
            return self._word()
        if kind == TokenType.IDENTIFIER:
            return self._name()
        if kind == TokenType.COLON:
            raise self.fail(-28, "Host variables are known to Embedded SQL only")
        raise self.fail(-12, f"A term expected, {self.found()} found")

    def _number(self) -> exp.Expr:
        text = "." if self.sign(TokenType.DOT) else ""
        text += self._curr.text
        if text.upper().endswith("E") or text.upper().endswith(("E+", "E-")):
            raise self.fail(-2, "Exponent digits missing after E")
        self._advance()
        return exp.Literal.number(text)

    def _inside_parens(self) -> exp.Expr:
        if self.at("SELECT"):
            return exp.Subquery(this=self.query(nested=True))
        return exp.Paren(this=self.value())

    def _word(self) -> exp.Expr:
        word = self.upper
        if word == "NULL":
            self._advance()
            return exp.Null()
        if word == "CASE":
            return self._case()
        if word in ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"):
            return self._current(word)
        if self._next.token_type == TokenType.L_PAREN:
            return self._call(word)
        if word in ("USER", "SYSDATE", "GETDATE", "GETUTCDATE", "LAST_IDENTITY") or word in SPECIAL_VARIABLES:
            self._advance()
            return nodes.SpecialVariable(this=SPECIAL_VARIABLES.get(word, word))
        if word in PREFIX_FUNCTIONS and self._next.token_type in PREFIXED:
            self._advance()
            return exp.Anonymous(this=word, expressions=[self._signed()])
        if word.startswith("%") and self._next.token_type == TokenType.DOT:
            return self._name()
        if word in PSEUDO_COLUMNS:
            return self._pseudo_column()
        if word.startswith("%"):
            raise self.fail(-12, f"A term expected, {self.found()} found")
        if word in RESERVED or word.startswith("$"):
            raise self.fail(-12, f"A term expected, {self.found()} found")
        return self._name()

    def _pseudo_column(self) -> exp.Column:
        self._advance()
        return exp.Column(this=exp.Identifier(this=self._prev.text, quoted=False))

    def _column_part(self) -> exp.Identifier:
        """After a dot a pseudo column may stand as well."""
        if self.upper in PSEUDO_COLUMNS:
            return self._pseudo_column().this  # type: ignore[no-any-return]
        return self.identifier()

    def _name(self) -> exp.Expr:
        """``column``, ``table.column``, ``schema.table.column``, or a function in a schema."""
        parts = [self.identifier()]
        while self.at_sign(TokenType.DOT) and len(parts) < 3:
            self._advance()
            if self.at_sign(TokenType.STAR):
                self._advance()
                return exp.Column(this=exp.Star(), table=parts[-1])
            parts.append(self._column_part())
        if self.at_sign(TokenType.L_PAREN):
            name = ".".join(part.sql() for part in parts)
            return exp.Anonymous(this=name, expressions=self.in_parens(self._arguments))
        column, table, schema = (*reversed(parts), None, None)[:3]
        return exp.Column(this=column, table=table, db=schema)

    def _current(self, word: str) -> exp.Expr:
        self._advance()
        node = {"CURRENT_DATE": exp.CurrentDate, "CURRENT_TIME": exp.CurrentTime}.get(word, exp.CurrentTimestamp)
        if word != "CURRENT_DATE" and self.at_sign(TokenType.L_PAREN):
            return node(this=self.in_parens(self.integer))
        return node()

    def _case(self) -> exp.Expr:
        self._advance()
        subject = None if self.at("WHEN") else self.value()
        branches = []
        while self.word("WHEN"):
            when = self.condition() if subject is None else self.value()
            self.need("THEN")
            branches.append(exp.If(this=when, true=self.value()))
        if not branches:
            raise self.expected("WHEN")
        default = self.value() if self.word("ELSE") else None
        self.need("END")
        return exp.Case(this=subject, ifs=branches, default=default)

    # Escapes

    def _escape(self) -> exp.Expr:
        self._advance()
        word = self.upper
        if word not in ("D", "T", "TS", "FN"):
            raise self.fail(-40, f"ODBC escape extension {self.found()} is not supported")
        self._advance()
        this: exp.Expr
        if word in ("D", "T", "TS"):
            this = nodes.OdbcLiteral(this=self._escaped(), kind=word.lower())
        else:
            this = nodes.OdbcFunction(this=self._odbc_function())
        self.need_sign(TokenType.R_BRACE, "}")
        return this

    def _escaped(self) -> exp.Expr:
        """A text, or the number that a date or time is to IRIS."""
        if not self.at_sign(TokenType.NUMBER):
            return self.string()
        self._advance()
        return exp.Literal.number(self._prev.text)

    def _odbc_function(self) -> exp.Expr:
        word = self.upper
        if word == "CONVERT" and self._next.token_type == TokenType.L_PAREN:
            self._advance()
            return self.in_parens(self._odbc_convert)
        if self._next.token_type == TokenType.L_PAREN:
            return self._call(word)
        if not word:
            raise self.expected("function")
        self._advance()
        return exp.Anonymous(this=word)

    def _odbc_convert(self) -> exp.Expr:
        this = self.value()
        self.need_sign(TokenType.COMMA, ",")
        word = self.upper
        if not word.startswith("SQL_"):
            raise self.expected("SQL_ type")
        self._advance()
        return exp.Anonymous(this="CONVERT", expressions=[this, exp.var(word)])

    # Functions

    def _call(self, word: str) -> exp.Expr:
        if word in RESERVED and word not in FUNCTION_WORDS:
            raise self.fail(-12, f"A term expected, {self.found()} found")
        if word in RELEASES and self.dialect.version[:2] < RELEASES[word]:
            raise self.fail(-359, f"User defined SQL function 'SQLUSER.{word}' does not exist")
        special = _CALLS.get(word)
        this: exp.Expr
        if special is not None:
            self._advance()
            this = self.in_parens(lambda: special(self))
        elif word in AGGREGATES or word in OTHER_AGGREGATES:
            self._advance()
            this = self.in_parens(lambda: self._aggregate(word))
        elif word in RESERVED or word[0] in "$%":
            self._advance()
            this = exp.Anonymous(this=word, expressions=self.in_parens(self._arguments))
        else:
            this = self._name()
        return self._over(this, word) if self.at("OVER") else this

    def _arguments(self) -> list[exp.Expr]:
        return [] if self.at_sign(TokenType.R_PAREN) else self.listed(self.value)

    def _list_items(self) -> exp.Expr:
        """$LISTBUILD's arguments, which may be left out."""

        def item() -> exp.Expr:
            absent = self.at_sign(TokenType.COMMA) or self.at_sign(TokenType.R_PAREN)
            return nodes.Omitted() if absent else self.value()

        return exp.Anonymous(this="$LISTBUILD", expressions=self.listed(item))

    def _xml(self, name: str) -> exp.Expr:
        """Arguments with names: ``XMLELEMENT("tag", XMLATTRIBUTES(a AS b), c)``."""

        def item() -> exp.Expr:
            this = self.value()
            return exp.Alias(this=this, alias=self.identifier()) if self.word("AS") else this

        tag = [self._xml_tag()] if name == "XMLELEMENT" else []
        return exp.Anonymous(this=name, expressions=tag + (self.listed(item) if not tag or self.sign(TokenType.COMMA) else []))

    def _xml_tag(self) -> exp.Expr:
        """``"tag"``, ``NAME "tag"``, or NAME alone, which stands for ``"Name"``."""
        named = self.word("NAME")
        if named and self.at_sign(TokenType.COMMA):
            return nodes.XmlTag(this="Name")
        if self._curr.token_type != TokenType.IDENTIFIER:
            raise self.expected("a tag in double quotes")
        return nodes.XmlTag(this=self.identifier().name)

    def _aggregate(self, word: str) -> exp.Expr:
        argument: exp.Expr
        if word == "COUNT" and self.sign(TokenType.STAR):
            argument = exp.Star()
        elif self.word("DISTINCT"):
            on = exp.Tuple(expressions=self.in_parens(lambda: self.listed(self.value))) if self.word("BY") else None
            argument = exp.Distinct(expressions=[self.value()], on=on)
        else:
            self.word("ALL")
            argument = self.value()
        argument = self._aggregate_options(argument)
        node = AGGREGATES.get(word)
        return node(this=argument) if node is not None else exp.Anonymous(this=word, expressions=[argument])

    def _aggregate_options(self, argument: exp.Expr) -> exp.Expr:
        each = self.in_parens(lambda: self.listed(self.value)) if self.word("%FOREACH") else []
        after = bool(self.word("%AFTERHAVING"))
        if not each and not after:
            return argument
        return nodes.AggregateArgument(this=argument, expressions=each, after_having=after)

    def _over(self, this: exp.Expr, word: str) -> exp.Expr:
        if word not in WINDOW_FUNCTIONS:
            raise self.fail(-1, f"{word} is not a window function")
        self._advance()
        return self.in_parens(lambda: self._window(this))

    def _window(self, this: exp.Expr) -> exp.Expr:
        window = exp.Window(this=this, over="OVER")
        if self.sequence("PARTITION", "BY"):
            window.set("partition_by", self.listed(self.value))
        if self.sequence("ORDER", "BY"):
            window.set("order", exp.Order(expressions=self.listed(self.ordered)))
        if self.word("ROWS"):
            window.set("spec", self._frame())
        return window

    def _frame(self) -> exp.WindowSpec:
        if not self.word("BETWEEN"):
            start, side = self._bound()
            return exp.WindowSpec(kind="ROWS", start=start, start_side=side)
        start, start_side = self._bound()
        self.need("AND")
        end, end_side = self._bound()
        return exp.WindowSpec(kind="ROWS", start=start, start_side=start_side, end=end, end_side=end_side)

    def _bound(self) -> tuple[str | exp.Expr, str | None]:
        if self.sequence("CURRENT", "ROW"):
            return "CURRENT ROW", None
        offset = "UNBOUNDED" if self.word("UNBOUNDED") else self.integer()
        return offset, self.need("PRECEDING", "FOLLOWING")

    def ordered(self) -> exp.Ordered:
        this = self.value()
        descending = self.word("ASC", "DESC") == "DESC"
        return exp.Ordered(this=this, desc=descending, nulls_first=not descending)

    def _cast(self) -> exp.Expr:
        this = self.value()
        self.need("AS")
        start = self._curr
        kind = self.data_type(-376)
        if kind.this not in CAST_TARGETS:
            raise self.fail(-376, f"Unsupported CAST target specified: {start.text}", start)
        return exp.Cast(this=this, to=kind)

    def _convert(self) -> exp.Expr:
        """T-SQL's ``CONVERT(type, value[, style])``; in ODBC's braces the type comes last."""
        kind = self.data_type()
        self.need_sign(TokenType.COMMA, ",")
        return exp.Anonymous(this="CONVERT", expressions=[kind, *self.listed(self.value)])

    def _position(self) -> exp.Expr:
        part = self.value()
        self.need("IN")
        return exp.Anonymous(this="POSITION", expressions=[part, self.value()])

    def _substring(self) -> exp.Expr:
        arguments = [self.value()]
        if self.word("FROM"):
            arguments.append(self.value())
            if self.word("FOR"):
                arguments.append(self.value())
        else:
            while self.sign(TokenType.COMMA):
                arguments.append(self.value())
        return exp.Anonymous(this="SUBSTRING", expressions=arguments)

    def _trim(self) -> exp.Expr:
        side = self.word("LEADING", "TRAILING", "BOTH")
        characters = None if self.at("FROM") else self.value()
        if self.word("FROM"):
            return exp.Trim(this=self.value(), expression=characters, position=side or None)
        if side or characters is None:
            raise self.fail(-60, f"Invalid TRIM specification: FROM expected, {self.found()} found")
        return exp.Trim(this=characters)

    def _with_unit(self, name: str) -> exp.Expr:
        if self.at_sign(TokenType.STRING):
            unit = exp.var(self.string().name)
        elif (self.upper or self.at_sign(TokenType.IDENTIFIER)) and self._next.token_type == TokenType.COMMA:
            unit = exp.var(self._curr.text)
            self._advance()
        else:
            raise self.fail(-8, f"Invalid {name} code: {self.found()}")
        self.need_sign(TokenType.COMMA, ",")
        return exp.Anonymous(this=name, expressions=[unit, *self.listed(self.value)])

    def _to_vector(self) -> exp.Expr:
        arguments: list[exp.Expr] = [self.value()]
        if self.sign(TokenType.COMMA):
            kind = self.word(*VECTOR_ELEMENTS)
            if not kind:
                raise self.expected("vector element type")
            arguments.append(exp.var(kind))
            if self.sign(TokenType.COMMA):
                arguments.append(self.value())
        return exp.Anonymous(this="TO_VECTOR", expressions=arguments)

    def _json_object(self) -> exp.Expr:
        def pair() -> exp.Expr:
            key = self.value()
            self.need_sign(TokenType.COLON, ":")
            return exp.JSONKeyValue(this=key, expression=self.value())

        pairs = [] if self.at_sign(TokenType.R_PAREN) else self.listed(pair)
        return exp.JSONObject(expressions=pairs, null_handling=self._null_handling())

    def _json_array(self) -> exp.Expr:
        items = self._arguments()
        return exp.JSONArray(expressions=items, null_handling=self._null_handling())

    def _null_handling(self) -> str | None:
        for choice in (("NULL", "ON", "NULL"), ("ABSENT", "ON", "NULL")):
            if self.sequence(*choice):
                return " ".join(choice)
        return None

    # Types

    def data_type(self, sqlcode: int = -1) -> exp.DataType:
        name, length = self.upper, 1
        if name.startswith("%") or (self._next.token_type == TokenType.DOT and self.is_name()):
            return self._class_type()
        if name == "EMBEDDING":
            self._advance()
            self.since((2024, 3))
            texts = [exp.DataTypeParam(this=text) for text in self.in_parens(lambda: self.listed(self.string))]
            return exp.DataType(this=exp.DType.USERDEFINED, kind=name, expressions=texts)
        while name and f"{name} {self._peek_word(length)}" in TYPE_WORDS:
            name, length = f"{name} {self._peek_word(length)}", length + 1
        kind = TYPE_WORDS.get(name)
        if kind is None:
            raise self.fail(sqlcode, f"Data type expected, {self.found()} found")
        self._advance(length)
        if kind == exp.DType.VECTOR:
            self.since((2024, 1), sqlcode)
        arguments = self.in_parens(lambda: self.listed(self._type_argument)) if self.at_sign(TokenType.L_PAREN) else []
        return exp.DataType(this=kind, expressions=arguments)

    def _class_type(self) -> exp.DataType:
        """``%String(MAXLEN = 45)``: a data type class. ``Sample.Company``: a class, whose objects are referred to."""
        name = self._curr.text
        self._advance()
        while self.sign(TokenType.DOT):
            if not self.upper:
                raise self.expected("a class")
            name += f".{self._curr.text}"
            self._advance()

        def parameter() -> exp.Expr:
            word = self.identifier().name.upper()
            self.need_sign(TokenType.EQ, "=")
            value = self.string() if self.at_sign(TokenType.STRING) else self.integer()
            return exp.DataTypeParam(this=exp.EQ(this=exp.var(word), expression=value))

        parameters = self.in_parens(lambda: self.listed(parameter)) if self.at_sign(TokenType.L_PAREN) else []
        return exp.DataType(this=exp.DType.USERDEFINED, kind=name, expressions=parameters)

    def _peek_word(self, ahead: int) -> str:
        index = self._index + ahead
        token = self._tokens[index] if index < self._tokens_size else None
        return token.text.upper() if token is not None and token.token_type == TokenType.VAR else ""

    def _type_argument(self) -> exp.Expr:
        if self.at_sign(TokenType.STRING):
            return exp.DataTypeParam(this=self.string())
        word = self.word("MAX", *VECTOR_ELEMENTS)
        return exp.DataTypeParam(this=exp.var(word) if word else self.integer())


_CALLS: dict[str, Callable[[Expressions], exp.Expr]] = {
    "CAST": Expressions._cast,
    "CONVERT": Expressions._convert,
    "POSITION": Expressions._position,
    "SUBSTRING": Expressions._substring,
    "TRIM": Expressions._trim,
    "TO_VECTOR": Expressions._to_vector,
    "JSON_OBJECT": Expressions._json_object,
    "JSON_ARRAY": Expressions._json_array,
    "$LISTBUILD": Expressions._list_items,
    "$LB": Expressions._list_items,
    **{name: partial(Expressions._xml, name=name) for name in ("XMLELEMENT", "XMLATTRIBUTES", "XMLFOREST", "XMLCONCAT")},
    **{name: partial(Expressions._with_unit, name=name) for name in UNIT_FUNCTIONS},
}
