"""Parser of PostgreSQL statements: text in, sqlglot tree out, close to what the client wrote.

Every function call that is written as one stays a call by its PostgreSQL name (sqlglot's own function classes would hide which
name the client used); the special forms (EXTRACT(.. FROM ..), SUBSTRING(.. FROM ..) ...) become calls of the functions that
PostgreSQL's grammar makes of them. Literals and identifiers keep their place in the text.
PostgreSQL: sql-syntax, src/backend/parser/gram.y
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from itertools import pairwise, zip_longest
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.parser import binary_range_parser
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokenizer_core import Token, TokenType

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import scanner
from pgiris.sql.tokens import PlainTokens
from pgiris.sql.trees import Census, walk

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # "falling back to Command" is handled by our caller


class Distance(exp.Expression, exp.Binary):
    """A distance operator of pgvector."""

    symbol: ClassVar[str]


class CosineDistance(Distance):
    symbol = "<=>"


class L2Distance(Distance):
    symbol = "<->"


class NegativeInnerProduct(Distance):
    symbol = "<#>"


class L1Distance(Distance):
    symbol = "<+>"


class WithinNetwork(exp.Expression, exp.Binary):
    """``inet <<= inet``."""


class ContainsNetwork(exp.Expression, exp.Binary):
    """``inet >>= inet``."""


class PathMatch(exp.Expression, exp.Binary):
    """``jsonb @@ jsonpath``."""


class ValidateConstraint(exp.Expression):
    """ALTER TABLE ... VALIDATE CONSTRAINT name."""


# Calls without parentheses. PostgreSQL: SQLValueFunction in gram.y
_NO_PARENTHESES = {
    TokenType.CURRENT_DATE: "current_date",
    TokenType.CURRENT_TIME: "current_time",
    TokenType.CURRENT_TIMESTAMP: "current_timestamp",
    TokenType.CURRENT_USER: "current_user",
    TokenType.CURRENT_ROLE: "current_role",
    TokenType.LOCALTIME: "localtime",
    TokenType.LOCALTIMESTAMP: "localtimestamp",
    TokenType.CURRENT_CATALOG: "current_catalog",
    TokenType.SESSION_USER: "session_user",
    TokenType.CURRENT_SCHEMA: "current_schema",
}


def _call(name: str, *arguments: exp.Expr | None) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[argument for argument in arguments if argument is not None])


def _call_by_words(name: str, *arguments: exp.Expr | None) -> exp.Anonymous:
    """A call that is written with words between its arguments, and is printed so."""
    made = _call(name, *arguments)
    made.meta["by_words"] = True
    return made


_ABSOLUTE = TokenType.LLRR_ARROW  # the sign @, whose own kind is that of $1


class PgDialect(Postgres):
    INDEX_OFFSET = 0  # subscripts stay as they are written

    class Tokenizer(Postgres.Tokenizer):
        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **{  # oid, regclass ... are names of types as others are: sqlglot's own reading of them knows no arrays
                word: kind for word, kind in Postgres.Tokenizer.KEYWORDS.items() if kind is not TokenType.OBJECT_IDENTIFIER
            },
            "<#>": TokenType.DCOLONDOLLAR,
            "<+>": TokenType.DCOLONPERCENT,
            "<<=": TokenType.DCOLONQMARK,
            ">>=": TokenType.NCOLON_GT,
        }
        HEREDOC_STRINGS: ClassVar[
            list[str | tuple[str, str]]
        ] = []  # sqlglot would take $1,$2 for the begin of one: see _DollarQuotes
        SINGLE_TOKENS: ClassVar[dict[str, TokenType]] = {
            **Postgres.Tokenizer.SINGLE_TOKENS,
            "$": TokenType.PARAMETER,
            "@": _ABSOLUTE,
        }

    class Parser(PostgresParser):
        TABLE_ALIAS_TOKENS = PostgresParser.TABLE_ALIAS_TOKENS | {TokenType.LOCK}  # reserved in MySQL only
        FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {
            kind: (lambda name=name: _call(name)) for kind, name in _NO_PARENTHESES.items()
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: PostgresParser.NO_PAREN_FUNCTION_PARSERS[name] for name in ("ANY", "CASE", "VARIADIC")
        }
        RESERVED_TOKENS: ClassVar[Any] = PostgresParser.RESERVED_TOKENS - {TokenType.SELECT}  # AS select
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "CAST": PostgresParser.FUNCTION_PARSERS["CAST"],
            "EXTRACT": lambda self: self._call_extract(),
            "JSON_ARRAY": lambda self: self._call_json("json_array"),
            "JSON_OBJECT": lambda self: self._call_json("json_object"),
            "NORMALIZE": lambda self: self._call_normalize(),
            "OVERLAY": lambda self: self._call_overlay(),
            "POSITION": lambda self: self._call_position(),
            "SUBSTRING": lambda self: self._call_substring(),
            "TRIM": lambda self: self._call_trim(),
        }
        LAMBDAS: ClassVar[dict[Any, Any]] = {TokenType.FARROW: PostgresParser.LAMBDAS[TokenType.FARROW]}  # -> is an operator
        PLACEHOLDER_PARSERS: ClassVar[dict[Any, Any]] = {
            TokenType.PARAMETER: PostgresParser.PLACEHOLDER_PARSERS[TokenType.PARAMETER],
        }
        COLUMN_OPERATORS: ClassVar[dict[Any, Any]] = {
            **PostgresParser.COLUMN_OPERATORS,
            # What stands behind them is an expression like others.
            TokenType.ARROW: lambda self, this, path: self._member(exp.JSONExtract, this, path),
            TokenType.DARROW: lambda self, this, path: self._member(exp.JSONExtractScalar, this, path),
        }
        EQUALITY: ClassVar[dict[Any, Any]] = {
            kind: made for kind, made in PostgresParser.EQUALITY.items() if kind is not TokenType.NULLSAFE_EQ
        }
        FACTOR: ClassVar[dict[Any, Any]] = {
            kind: made for kind, made in PostgresParser.FACTOR.items() if kind is not TokenType.LR_ARROW
        }
        BITWISE: ClassVar[dict[Any, Any]] = {
            **PostgresParser.BITWISE,
            TokenType.NULLSAFE_EQ: CosineDistance,
            TokenType.LR_ARROW: L2Distance,
            TokenType.DCOLONDOLLAR: NegativeInnerProduct,
            TokenType.DCOLONPERCENT: L1Distance,
            TokenType.DCOLONQMARK: WithinNetwork,
            TokenType.NCOLON_GT: ContainsNetwork,
        }

        UNARY_PARSERS: ClassVar[dict[Any, Any]] = {
            **PostgresParser.UNARY_PARSERS,
            TokenType.NOT: lambda self: self._negated(),
            TokenType.RLIKE: lambda self: self._prefixed(exp.BitwiseNot),
            TokenType.PIPE_SLASH: lambda self: self._prefixed(exp.Sqrt),
            TokenType.DPIPE_SLASH: lambda self: self._prefixed(exp.Cbrt),
            _ABSOLUTE: lambda self: self._prefixed(exp.Abs),
        }
        RANGE_PARSERS: ClassVar[dict[Any, Any]] = {
            **PostgresParser.RANGE_PARSERS,
            TokenType.DAT: binary_range_parser(PathMatch),
        }

        ADD_CONSTRAINT_KEYWORDS: ClassVar[Any] = {*PostgresParser.ADD_CONSTRAINT_KEYWORDS, "CHECK", "EXCLUDE"}
        CONSTRAINT_PARSERS: ClassVar[dict[str, Any]] = {
            **PostgresParser.CONSTRAINT_PARSERS,
            "CHECK": lambda self: self._check(),
            "DEFAULT": lambda self: exp.DefaultColumnConstraint(this=self._default(self._parse_b_expression)),
        }

        ALTER_PARSERS: ClassVar[dict[str, Any]] = {
            **PostgresParser.ALTER_PARSERS,
            "VALIDATE": lambda self: self._validation(),
        }

        def _validation(self) -> Any:
            if not self._match_text_seq("CONSTRAINT"):
                self.raise_error("Expected CONSTRAINT")
            return self.expression(ValidateConstraint(this=self._parse_id_var()))

        def _check(self) -> Any:
            """With the words that say which rows it is to hold for."""
            made = exp.CheckColumnConstraint(this=self._parse_wrapped(lambda: self._default(self._parse_disjunction)))
            while self._match_text_seq("NO", "INHERIT") or self._match_text_seq("NOT", "VALID"):
                if self._prev.text.upper() == "VALID":
                    made.meta["not_valid"] = True
            return made

        def _parse_cube_or_rollup(self, with_prefix: bool = False) -> Any:
            """Keys of any kind, conditions too."""
            kind = exp.Cube if self._match(TokenType.CUBE) else exp.Rollup if self._match(TokenType.ROLLUP) else None
            if kind is None:
                return None
            return self.expression(kind(expressions=[] if with_prefix else self._parse_wrapped_csv(self._parse_disjunction)))

        def _parse_grouping_set(self) -> Any:
            return self._parse_grouping_sets() or self._parse_cube_or_rollup() or self._parse_disjunction()

        def _default(self, parse_method: Any) -> Any:
            """The expression of a DEFAULT or CHECK, which knows its text."""
            start = self._curr.start if self._curr is not None else 0
            made = parse_method()
            if made is not None:
                made.meta["text"] = self.sql[start : self._prev.end + 1]
            return made

        def _parse_b_expression(self) -> Any:
            """PostgreSQL's b_expr: what NOT NULL may stand behind."""
            made = self._parse_bitwise()
            while made is not None and self._match_set((*self.EQUALITY, *self.COMPARISON)):
                kind = {**self.EQUALITY, **self.COMPARISON}[self._prev.token_type]
                made = self.expression(kind(this=made, expression=self._parse_bitwise()))
            return made

        def _parse_alter_table_alter(self) -> Any:
            place = self._index
            self._match(TokenType.COLUMN)
            exists = self._parse_exists()
            column = self._parse_field(any_token=True)
            if not exists and self._match_pair(TokenType.SET, TokenType.DEFAULT):
                return exp.AlterColumn(this=column, default=self._default(self._parse_disjunction))
            self._retreat(place)
            return super()._parse_alter_table_alter()

        def _member(self, kind: type[exp.Binary], this: Any, path: Any) -> Any:
            """A cast behind the path is one of the path: ``doc -> 'a'::text``."""
            while path is not None and self._match(TokenType.DCOLON):
                path = self.expression(exp.Cast(this=path, to=self._parse_dcolon()))
            return self.expression(kind(this=this, expression=path))

        def _negated(self) -> Any:
            if self._prev.text == "!":
                raise self._no_prefix("!")
            made = PostgresParser.UNARY_PARSERS[TokenType.NOT](self)
            made.meta["prefix"] = True  # NOT a IN (b), which is not a NOT IN (b) when it is printed
            return made

        def _prefixed(self, kind: type[exp.Unary]) -> exp.Expr:
            """An operator before its operand binds less than + and -: ``@ -5 + 1`` is 4. PostgreSQL: sql-syntax-lexical"""
            sign = self._prev
            if self._curr and self._curr.start == sign.end + 1 and self._curr.text in ("+", "-"):
                raise self._no_prefix(sign.text + self._curr.text)  # which is one operator to PostgreSQL
            operand = self._parse_term()
            if operand is None:
                self.raise_error("Expected an operand")
            return self.expression(kind(this=operand))

        def _no_prefix(self, sign: str) -> PgError:
            hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
            return PgError(sqlstate.UNDEFINED_FUNCTION, undefined_operator(sign), hint=hint, position=self._prev.start + 1)

        def _parse_disjunction(self) -> Any:
            return self._alone(_AFTER_EXPRESSION) or super()._parse_disjunction()

        def _parse_bitwise(self) -> Any:
            return self._alone(_AFTER_OPERAND) or super()._parse_bitwise()

        def _alone(self, after: frozenset[TokenType]) -> Any:
            """A column, constant or parameter with such a token behind it, which need not be tried with each operator."""
            tokens, at, size = self._tokens, self._index + 1, self._tokens_size
            first = self._curr.token_type
            if first is TokenType.PARAMETER:
                at += 1
            elif first in self.IDENTIFIER_TOKENS:
                while at + 1 < size and tokens[at].token_type is TokenType.DOT:
                    at += 2
            elif first not in _CONSTANTS:
                return None
            if at < size and tokens[at].token_type not in after:
                return None
            return self._parse_placeholder() if first is TokenType.PARAMETER else super()._parse_type()

        def _parse_ordered(self, parse_method: Any = None) -> Any:
            ordered = super()._parse_ordered(parse_method)
            if isinstance(ordered, exp.Ordered) and self._match(TokenType.USING):
                self._order_using(ordered)
            if isinstance(ordered, exp.Ordered) and self._index >= 2:
                last = [token.text.upper() for token in self._tokens[self._index - 2 : self._index]]
                ordered.meta["explicit_nulls"] = last in (["NULLS", "FIRST"], ["NULLS", "LAST"])
            return ordered

        def _order_using(self, ordered: exp.Ordered) -> None:
            """ORDER BY x USING >"""
            desc = bool(self._match(TokenType.GT))
            if not desc and not self._match(TokenType.LT):
                raise not_supported("ORDER BY USING of other operators than < and > is not supported")
            first = bool(self._match_text_seq("NULLS", "FIRST"))
            last = not first and bool(self._match_text_seq("NULLS", "LAST"))
            ordered.set("desc", desc)
            ordered.set("nulls_first", first or (desc and not last))

        def _parse_csv(self, parse_method: Any, sep: TokenType = TokenType.COMMA) -> Any:
            """A list whose commas have something behind them."""

            is_alter = self._tokens[0].token_type is TokenType.ALTER  # whose actions the parser takes in groups

            def item() -> Any:
                parsed = parse_method()
                if parsed is None and not is_alter and self._prev is not None and self._prev.token_type == sep:
                    self.raise_error("Expected an expression behind the comma")
                return parsed

            return super()._parse_csv(item, sep)

        def _parse_table_parts(self, *arguments: Any, **options: Any) -> Any:
            """``t*`` is the table and those that inherit from it."""
            table = super()._parse_table_parts(*arguments, **options)
            if table is not None:
                self._match(TokenType.STAR)
            return table

        def _parse_type(self, parse_interval: bool = True, fallback_to_identifier: bool = False) -> Any:
            return self._typed_literal() or super()._parse_type(parse_interval, fallback_to_identifier)

        def _typed_literal(self) -> Any:
            """``date '2024-02-29'``. What follows is said of the date: ``date '...'::text``; sqlglot says it of the string."""
            start, after = self._curr, self._next
            if start is None or start.token_type == TokenType.INTERVAL:
                return None
            by_name = start.token_type == TokenType.VAR and after is not None and after.token_type == TokenType.STRING
            if not by_name and start.token_type not in self.TYPE_TOKENS:
                return None
            index = self._index
            kind = self._parse_types(check_func=not by_name, allow_identifiers=by_name)
            if isinstance(kind, exp.DataType) and self._curr is not None and self._curr.token_type == TokenType.STRING:
                value = self._parse_primary()
                if isinstance(value, exp.Literal):
                    return self._parse_column_ops(self.expression(exp.Cast(this=value, to=kind)))
            self._retreat(index)
            return None

        def _call_extract(self) -> exp.Anonymous:
            field = self._parse_var_or_string()
            if not self._match(TokenType.FROM):
                self.raise_error("Expected FROM")
            name = exp.Literal.string(field.name if field is not None else "")
            return _call("extract", name, self._parse_bitwise())

        def _call_json(self, name: str) -> exp.Anonymous:
            """``JSON_OBJECT(k VALUE v, ...)`` and ``JSON_ARRAY(v, ... NULL ON NULL RETURNING jsonb)``. PostgreSQL: functions-json

            Without these words they are functions like others; a colon for VALUE is left to IRIS, which has it as well.
            """
            parts: list[Any] = []
            has_words = False
            while not self._at_json_end():
                parts.append(self._parse_lambda())
                if name == "json_object" and self._match_text_seq("VALUE"):
                    has_words = True
                    parts.append(self._parse_disjunction())
                if not self._match(TokenType.COMMA):
                    break
            keeps_nulls = bool(self._match_text_seq("NULL", "ON", "NULL"))
            absent = not keeps_nulls and bool(self._match_text_seq("ABSENT", "ON", "NULL"))
            returns = self._match_text_seq("RETURNING")
            if not (has_words or keeps_nulls or absent or returns):
                return _call(name, *parts)
            if not returns:  # it is jsonb where one of the values is, whose types are not known here
                raise not_supported(
                    f"{name.upper()} without RETURNING is not supported", "Say RETURNING json or RETURNING jsonb."
                )
            target = self._parse_types().sql().lower()
            if absent or target not in ("json", "jsonb") or (name == "json_array" and parts and not keeps_nulls):
                raise not_supported(f"{name.upper()} with these options is not supported")
            if name == "json_object" and len(parts) % 2:
                self.raise_error("Expected VALUE")
            made = _call(f"{target}_build_{name.removeprefix('json_')}", *parts)
            made.meta["shown"] = name
            return made

        def _at_json_end(self) -> bool:
            words = [token.text.upper() for token in self._tokens[self._index : self._index + 3]]
            return words[:1] == [")"] or words[:1] == ["RETURNING"] or words[1:] == ["ON", "NULL"]

        def _call_overlay(self) -> exp.Anonymous:
            made = self._parse_overlay()
            return _call_by_words("overlay", *(made.args.get(part) for part in ("this", "expression", "from_", "for_")))

        def _call_position(self) -> exp.Anonymous:
            made = self._parse_position()
            return _call("position", made.this, made.args.get("substr"))

        def _call_normalize(self) -> exp.Anonymous:
            """normalize(text, NFC): the form is a word."""
            value = self._parse_disjunction()
            if not self._match(TokenType.COMMA):
                return _call("normalize", value)
            form = self._parse_var_or_string()
            return _call("normalize", value, exp.Literal.string(form.name if form is not None else ""))

        def _parse_is(self, this: Any) -> Any:
            """``IS NOT NFC NORMALIZED``"""
            index = self._index
            negate = self._match(TokenType.NOT)
            form = self._curr.text.upper() if self._curr is not None else ""
            if form in _NORMAL_FORMS:
                self._advance()
            if self._match_text_seq("NORMALIZED"):
                made = _call("is_normalized", this, exp.Literal.string(form if form in _NORMAL_FORMS else "NFC"))
                return self.expression(exp.Not(this=made)) if negate else made
            self._retreat(index)
            return super()._parse_is(this)

        def _similar_part(self) -> exp.Anonymous | None:
            """substring(text SIMILAR pattern ESCAPE character)"""
            index = self._index
            value = self._parse_bitwise()
            if not self._match_text_seq("SIMILAR"):
                self._retreat(index)
                return None
            pattern = self._parse_bitwise()
            self._match(TokenType.ESCAPE)
            return _call_by_words("substring", value, pattern, self._parse_bitwise())

        def _call_substring(self) -> exp.Anonymous:
            similar = self._similar_part()
            if similar is not None:
                return similar
            start = self._index
            made = self._parse_substring()
            has_words = self._tokens[start - 1].token_type is TokenType.L_PAREN and self._has_words(start)
            call = _call_by_words if has_words else _call
            return call("substring", *(made.args.get(part) for part in ("this", "start", "length")))

        def _has_words(self, start: int) -> bool:
            """Whether FROM or FOR stands between the arguments since a token, and not within one of them."""
            depth = 0
            for token in self._tokens[start : self._index]:
                depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
                if depth == 0 and token.token_type in (TokenType.FROM, TokenType.FOR):
                    return True
            return False

        def _call_trim(self) -> exp.Anonymous:
            """``trim([LEADING | TRAILING | BOTH] [[characters] FROM] text [, characters])``"""
            side = self._prev.text.upper() if self._match_texts(self.TRIM_TYPES) else ""
            characters = [] if self._match(TokenType.FROM) else self._parse_csv(self._parse_disjunction)
            texts = self._parse_csv(self._parse_disjunction) if not characters or self._match(TokenType.FROM) else []
            return _call_by_words({"LEADING": "ltrim", "TRAILING": "rtrim"}.get(side, "btrim"), *texts, *characters)

        def _interval_fields(self) -> str:
            """``DAY``, ``DAY TO SECOND``, ``SECOND(2)`` behind a constant or a type; empty when there are none."""
            words: list[str] = []
            while self._curr and self._curr.text.lower() in _INTERVAL_FIELDS:
                words.append(self._curr.text.lower())
                self._advance()
                if self._curr is None or self._curr.text.lower() != "to" or len(words) > 1:
                    break
                words.append("to")
                self._advance()
            return " ".join(words) + (self._interval_precision() if words[-1:] == ["second"] else "")

        def _interval_precision(self) -> str:
            if not self._match(TokenType.L_PAREN):
                return ""
            digits = self._parse_number()
            self._match_r_paren()
            return f"({digits.name})" if digits is not None else ""

        def _parse_interval(self, require_interval: bool = True, parse_function_unit: bool = True) -> Any:
            """INTERVAL 'text' is a constant of type interval; its fields are read by the type's input function."""
            if not self._curr or self._curr.token_type != TokenType.INTERVAL:
                return None
            index = self._index
            self._advance()
            precision = self._interval_precision()
            literal = self._curr
            if literal is None or literal.token_type != TokenType.STRING:
                self._retreat(index)
                return None
            value = self._parse_primary()
            fields = precision or self._interval_fields()
            return self.expression(exp.Cast(this=value, to=_interval_type(fields)))

        def _parse_types(self, *args: Any, **options: Any) -> Any:
            if self._curr is not None and self._curr.token_type == TokenType.INTERVAL:
                index = self._index
                self._advance()
                fields = self._interval_precision() or self._interval_fields()
                if fields:
                    return _interval_type(fields)
                self._retreat(index)
            return super()._parse_types(*args, **options)


_NORMAL_FORMS = frozenset(("NFC", "NFD", "NFKC", "NFKD"))


def _interval_type(fields: str) -> exp.DataType:
    """fields: as ``day to second(2)`` or ``(2)``; empty for all of them."""
    if not fields:
        return exp.DataType(this=exp.DType.INTERVAL)
    return exp.DataType(this=exp.DType.USERDEFINED, kind=f"interval {fields}".replace(" (", "("))


_INTERVAL_FIELDS = frozenset(("year", "month", "day", "hour", "minute", "second"))


_CONSTANTS = frozenset((TokenType.NUMBER, TokenType.STRING, TokenType.NULL, TokenType.TRUE, TokenType.FALSE))
_AFTER_EXPRESSION = frozenset(
    (
        TokenType.COMMA, TokenType.R_PAREN, TokenType.ALIAS, TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY,
        TokenType.HAVING, TokenType.ORDER_BY, TokenType.ASC, TokenType.DESC, TokenType.LIMIT, TokenType.WHEN, TokenType.THEN,
        TokenType.ELSE, TokenType.END, TokenType.SEMICOLON,
    )
)  # fmt: skip
_AFTER_OPERAND = _AFTER_EXPRESSION | {
    TokenType.EQ, TokenType.NEQ, TokenType.LTE, TokenType.GTE, TokenType.AND, TokenType.OR, TokenType.IN, TokenType.IS,
    TokenType.LIKE, TokenType.BETWEEN,
}  # fmt: skip


class _DollarQuotes(PgDialect):
    """For texts with dollar-quoted strings."""

    class Tokenizer(PgDialect.Tokenizer):
        HEREDOC_STRINGS: ClassVar[list[str | tuple[str, str]]] = ["$"]


_DIALECT, _WITH_DOLLAR_QUOTES = PgDialect(), _DollarQuotes()
_PLAIN_TOKENS = PlainTokens(PgDialect.Tokenizer)
_STRING = re.compile(r"'[^']*(?:''[^']*)*'")
_DOLLAR_QUOTE = re.compile(r"\$(?:[A-Za-z_\x80-\U0010ffff]\w*)?\$")


class Unparsable(Exception):
    """The text is not PostgreSQL, or PostgreSQL beyond this parser."""


def parse(text: str) -> exp.Expr:
    """The tree of one statement. Raises Unparsable, and PgError 54001."""
    try:
        tokens = _PLAIN_TOKENS.read(text)
        if tokens is None:
            tokens = _odd_tokens(text)
        overriding: list[tuple[int, str]] = []
        read, on_commit = _without_on_commit(_without_needless(_without_overriding(_with_brackets(tokens), overriding)))
        trees = _DIALECT.parser(error_level=ErrorLevel.IMMEDIATE).parse(read, text)
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "statement is nested too deeply") from None
    except (SqlglotError, AttributeError, TypeError, ValueError) as error:  # the parser trips over some malformed texts
        raise Unparsable(str(error)) from None
    found = [tree for tree in trees if tree is not None]
    if len(found) != 1 or isinstance(found[0], exp.Command):
        raise Unparsable("not one statement that the parser knows")
    if isinstance(found[0], exp.Condition | exp.Alias) and not isinstance(found[0], exp.Query | exp.Subquery):
        raise scanner.syntax_error(text, scanner.next_token(text, 0))
    tree, census = found[0], Census(found[0])
    for select in census.of(exp.Select):
        _check_columns(select, text)
    for comparison in census.of(*_COMPARISONS):
        if type(comparison.this) in _COMPARISONS and not isinstance(comparison.this.expression, exp.Any | exp.All):
            _refuse_chain(comparison, text)
    if any(values.args.get("with_") for values in census.of(exp.Values)):
        tree = _values_behind_with(tree)
        census = Census(tree)
    if on_commit:
        tree.meta["on_commit"] = on_commit
    for place, word in overriding:
        _override(list(census.of(exp.Insert)), place, word)
    _plain_literals(census, text)
    return tree


def _odd_tokens(text: str) -> list[Any]:
    quoted = _DOLLAR_QUOTE.search(text) is not None and _DOLLAR_QUOTE.search(_STRING.sub("", text)) is not None
    tokens = (_WITH_DOLLAR_QUOTES if quoted else _DIALECT).tokenize(text)
    _check_numbers(tokens, text)
    return tokens


_NUMBERS = (TokenType.NUMBER, TokenType.BIT_STRING, TokenType.HEX_STRING, TokenType.IDENTIFIER)


def _check_numbers(tokens: list[Any], text: str) -> None:
    """42601 where a number or parameter goes on as a word. PostgreSQL: integer_junk and its kin in scan.l"""
    for place, token in enumerate(tokens):
        if token.token_type not in _NUMBERS or not (text[token.start].isdigit() or text[token.start] == "."):
            continue
        follower = tokens[place + 1] if place + 1 < len(tokens) else None
        is_word = token.token_type is not TokenType.NUMBER or token.text[-1:] in "eE"
        end = token.end + 1
        if follower is not None and follower.start == end and (text[end].isalpha() or text[end] == "_"):
            is_word, end = True, follower.end + 1
        if is_word:
            named = place and tokens[place - 1].token_type is TokenType.PARAMETER and tokens[place - 1].end + 1 == token.start
            start = token.start - 1 if named or text[token.start - 1 : token.start] == "." else token.start
            what = "parameter" if named else "numeric literal"
            message = f'trailing junk after {what} at or near "{text[start:end]}"'
            raise PgError(sqlstate.SYNTAX_ERROR, message, position=start + 1)


def _with_brackets(tokens: list[Any]) -> list[Any]:
    """``text ARRAY`` of a definition as ``text[]``, since the parser takes what follows the word for the array's size."""
    if not tokens or tokens[0].token_type not in (TokenType.CREATE, TokenType.ALTER):
        return tokens
    made: list[Any] = []
    for token, after in zip_longest(tokens, tokens[1:]):
        is_type = token.token_type is TokenType.ARRAY
        if is_type and (after is None or after.token_type not in (TokenType.L_BRACKET, TokenType.L_PAREN)):
            place = (token.line, token.col, token.start, token.end)
            made += (Token(TokenType.L_BRACKET, "[", *place), Token(TokenType.R_BRACKET, "]", *place))
        else:
            made.append(token)
    return made


def _without_overriding(tokens: list[Any], found: list[tuple[int, str]]) -> list[Any]:
    """INSERT without OVERRIDING ... VALUE. found: where it stands, and its second word, join these."""
    if not tokens or tokens[0].token_type not in (TokenType.INSERT, TokenType.WITH, TokenType.MERGE):
        return tokens
    for at, token in enumerate(tokens[:-2]):
        if token.token_type is TokenType.VAR and token.text.lower() == "overriding" and tokens[at + 2].text.lower() == "value":
            word = tokens[at + 1].text.lower()
            if word in ("user", "system"):
                found.append((token.start, word))
                return _without_overriding(tokens[:at] + tokens[at + 3 :], found)
    return tokens


def _override(inserts: list[exp.Expr], place: int, word: str) -> None:
    """The INSERT that begins last before a place is one OVERRIDING ... VALUE."""
    starts = [(position_of(insert.this) or 0 if insert.this is not None else 0, insert) for insert in inserts]
    before = [pair for pair in starts if pair[0] <= place]
    if before:
        max(before, key=lambda pair: pair[0])[1].meta["overriding"] = word


def _without_needless(tokens: list[Any]) -> list[Any]:
    """CREATE INDEX ... ON ONLY without ONLY, as there are no partitions, CREATE SCHEMA without the owner, whom IRIS has not."""
    words = [token.text.lower() for token in tokens[:12]]
    if words[:1] != ["create"]:
        return tokens
    if "index" in words[1:3]:
        only = next((at for at, pair in enumerate(pairwise(words)) if pair == ("on", "only")), None)
        is_name = only is None or tokens[only + 2 : only + 3] == [] or tokens[only + 2].token_type is TokenType.L_PAREN
        return tokens if is_name or only is None else tokens[: only + 1] + tokens[only + 2 :]
    if words[1] == "schema" and words[-2:-1] == ["authorization"] and len(words) == len(tokens):
        is_named = words[-3] not in ("schema", "exists")
        if is_named:
            return tokens[:-2]
        return tokens if words[-1] in _OWN_ROLES else tokens[:-2] + tokens[-1:]
    return tokens


_OWN_ROLES = frozenset(("current_role", "current_user", "session_user"))


def _without_on_commit(tokens: list[Any]) -> tuple[list[Any], str]:
    """CREATE LOCAL TEMPORARY TABLE ... ON COMMIT without the words that the parser does not know; what ON COMMIT says."""
    if not tokens or tokens[0].token_type is not TokenType.CREATE:
        return tokens, ""
    words = [token.text.lower() for token in tokens]
    if words[1:2] == ["local"]:
        del tokens[1], words[1]
    for at, pair in enumerate(pairwise(words)):
        if pair == ("on", "commit"):
            said = " ".join(words[at + 2 : at + 4])
            length = next((len(form.split()) for form in _ON_COMMIT if said.startswith(form)), 0)
            if length:
                return tokens[:at] + tokens[at + 2 + length :], " ".join(words[at + 2 : at + 2 + length])
    return tokens, ""


exp.Values.arg_types = {**exp.Values.arg_types, "with_": False}  # WITH ... VALUES, which sqlglot does not know


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def _refuse_chain(comparison: exp.Expr, text: str) -> None:
    """``a = b = c`` is an error to PostgreSQL."""
    end = end_of(comparison.this)
    token = scanner.next_token(text, end or 0)
    while token.text == ")":
        token = scanner.next_token(text, token.end)
    raise scanner.syntax_error(text, token)


def _check_columns(select: exp.Select, text: str) -> None:
    if select.expressions or isinstance(select.parent, exp.Exists):
        return
    if select.args.get("distinct") is not None:
        raise scanner.syntax_error(text, scanner.next_token(text, 0))
    if select.parent is not None or any(select.args.values()):
        raise not_supported("SELECT without columns is not supported")


def _values_behind_with(tree: exp.Expr) -> exp.Expr:
    """WITH x AS (...) VALUES (...) is WITH x AS (...) SELECT * FROM (VALUES (...))."""
    for values in list(tree.find_all(exp.Values)):
        clause = values.args.get("with_")
        if clause is None:
            continue
        values.set("with_", None)
        select = exp.Select(expressions=[exp.Star()])
        if values is tree:
            tree = select
        else:
            values.replace(select)
        select.set("with_", clause)
        alias = exp.TableAlias(this=exp.to_identifier("pgiris_values"))
        select.set("from_", exp.From(this=exp.Values(expressions=values.expressions, alias=alias)))
    return tree


_ON_COMMIT = ("drop", "delete rows", "preserve rows")
_QUANTIFIERS: dict[str, type[exp.Expr]] = {"all": exp.All, "some": exp.Any, "any": exp.Any}  # of an array


def _plain_literals(census: Census, text: str) -> None:
    """E'', $$, U&'' and strings continued on the next line become plain string literals."""
    for node in census.of(exp.ByteString, exp.RawString, exp.UnicodeString, exp.National, exp.Concat):
        start = node.meta.get("start")
        if isinstance(node, exp.Concat):
            start = node.expressions[0].meta.get("start")
        if start is None:
            raise Unparsable("string literal without place")
        token = scanner.next_token(text, start)
        literal = exp.Literal.string(token.text)
        literal.meta["start"], literal.meta["end"] = token.start, token.end - 1
        literal.meta["odd"] = True
        if isinstance(node, exp.Concat):
            following = scanner.next_token(text, token.end)
            if following.kind is scanner.Kind.STRING:  # on the same line
                raise scanner.syntax_error(text, following)
        is_padded = isinstance(node, exp.National) and token.text.endswith(" ")  # whose blanks a text loses
        node.replace(exp.Cast(this=literal, to=exp.DataType(this=exp.DataType.Type.BPCHAR)) if is_padded else literal)
    for parameter in census.of(exp.Parameter):
        number = parameter.this
        if not isinstance(number, exp.Literal) or number.is_string or not number.name.isdigit():
            raise Unparsable("a dollar sign without a number")
    for call in census.of(exp.Anonymous):
        quantifier = _QUANTIFIERS.get(str(call.this).lower())
        if quantifier is not None and len(call.expressions) == 1:
            call.replace(quantifier(this=exp.Paren(this=call.expressions[0])))
    if census.of(exp.BitString, exp.HexString):
        raise not_supported("bit string constants are not supported")


def position_of(node: exp.Expr) -> int | None:
    """The 1-based place of the first character of a node that has one."""
    starts = [found for child in walk(node) if (found := child.meta_get("start")) is not None]
    return min(starts) + 1 if starts else None


def end_of(node: exp.Expr) -> int | None:
    """The 0-based place after the last character."""
    ends = [found for child in walk(node) if (found := child.meta_get("end")) is not None]
    return max(ends) + 1 if ends else None


def operator_position(text: str, left: exp.Expr) -> int | None:
    """The 1-based place of the operator behind its left operand."""
    end = end_of(left)
    if end is None:
        return None
    try:
        token = scanner.next_token(text, end)
        casts = _casts(left)
        while token.text == ")" or (casts and token.text in ("::", "as")):
            casts -= token.text != ")"
            token = scanner.next_token(text, token.end) if token.text == ")" else _after_type(text, token.end)
    except PgError:
        return None
    return token.start + 1 if token.kind is not scanner.Kind.END else None


_LATER_WORDS = frozenset(  # of the names of types
    ("precision", "varying", "with", "without", "time", "zone", "array", "year", "month", "day", "hour", "minute", "second", "to")
)


def _casts(node: exp.Expr) -> int:
    """How many types stand behind it."""
    count = 0
    while isinstance(node, exp.Cast | exp.Paren):
        count += isinstance(node, exp.Cast)
        node = node.this
    return count


def _after_type(text: str, at: int) -> scanner.Token:
    """The token behind the name of a type, such as ``timestamp(3) with time zone[]``."""
    token = scanner.next_token(text, scanner.next_token(text, at).end)
    while True:
        if token.text in (".", "(", "["):
            while token.text not in (")", "]") and token.kind is not scanner.Kind.END:
                token = scanner.next_token(text, token.end)
                if token.kind in (scanner.Kind.WORD, scanner.Kind.NAME):
                    break
        elif token.kind is not scanner.Kind.WORD or token.text not in _LATER_WORDS:
            return token
        token = scanner.next_token(text, token.end)


def cast_position(text: str, inner: exp.Expr) -> int | None:
    """The 1-based place of ``::`` behind what is cast, or of ``CAST (`` before it."""
    behind = operator_position(text, inner)
    if behind is not None and text.startswith("::", behind - 1):
        return behind
    start = position_of(inner)
    words = list(_CAST.finditer(text, 0, start)) if start is not None else []
    return words[-1].start() + 1 if words else start


_CAST = re.compile(r"\bcast\s*\(", re.IGNORECASE)


def undefined_operator(name: str, code: str = sqlstate.UNDEFINED_FUNCTION) -> str:
    return f"operator does not exist: {name}"
