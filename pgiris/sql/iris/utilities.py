"""Statements about the system, its users, statistics, models and plans: one line of grammar each (phrases.py).

iris-reference 4.20, 4.23, 7.1, 9.4, 11
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris import nodes
from pgiris.sql.iris.lexer import VERBATIM
from pgiris.sql.iris.phrases import Read, compiled

if TYPE_CHECKING:
    from pgiris.sql.iris.parser import Parser

Version = tuple[int, int]
_GRANTED = "( <privilege> [ '(' <name:column> ,.. ')' ] )"
_ROUTINE = "<path> [<parameters>] <code:rest>"

# Grammar line, and the first release that has the statement where that is known.
_LINES: tuple[tuple[str, Version | None], ...] = (
    # Locks, transactions, options
    ("LOCK [TABLE] <table> IN (EXCLUSIVE | SHARE) MODE [WAIT <integer:seconds>]", None),
    ("UNLOCK [TABLE] <table> IN (EXCLUSIVE | SHARE) MODE [IMMEDIATE]", None),
    ("SET OPTION <name:option> '=' <setting>", None),
    ("SET ML CONFIGURATION <name>", None),
    ("%INTRANSACTION", None),
    ("%INTRANS", None),
    ("%BEGTRANS", None),
    # Statistics, plans, queries
    ("TUNE TABLE <table> (%SAMPLE_PERCENT <literal> | %RECOMPILE_CQ | %SAVE_CQ)*", None),
    (
        "COLLECT (STATISTICS | STATS) [FOR] (TABLE <table> | SCHEMA <name:schema> | <table>) [%SAMPLE_PERCENT <literal>]",
        (2025, 2),
    ),
    (
        "BUILD INDEX [%NOLOCK] [%NOJOURN] FOR (TABLE <table> [INDEX <name:index> ,..] | SCHEMA <name:schema> | ALL)"
        " [KEEP SELECTABILITY]",
        None,
    ),
    ("FREEZE PLANS [BY (ID <name> | TABLE <table> | SCHEMA <name>)]", None),
    ("UNFREEZE PLANS [[FROM] UPGRADE] [BY (ID <name> | TABLE <table> | SCHEMA <name>)]", None),
    ("PURGE [CACHED] QUERIES [BY (AGE <literal> | TABLE <table> | NAME <path> ,..)]", None),
    ("CANCEL QUERY <literal:pid> [IDENTIFIED BY <literal>] [TIMEOUT <literal>]", None),
    # Users, roles, privileges
    ("CREATE USER <user> ((IDENTIFY | IDENTIFIED) BY <password> | [WITH] PASSWORD <password>)", None),
    ("ALTER USER <user> ((IDENTIFY | IDENTIFIED) BY <password> | [WITH] PASSWORD <password>)", None),
    ("DROP USER [IF EXISTS] <user>", None),
    ("CREATE ROLE <user>", None),
    ("DROP ROLE [IF EXISTS] <user>", None),
    ("GRANT SELECT ON (CUBE | CUBES) <object> ,.. TO <grantee> ,.. [WITH GRANT OPTION]", None),
    (f"GRANT {_GRANTED} ,.. ON [SCHEMA] <object> ,.. TO <grantee> ,.. [WITH GRANT OPTION]", None),
    ("GRANT <privilege> ,.. TO <grantee> ,.. [WITH ADMIN OPTION]", None),
    ("REVOKE SELECT ON (CUBE | CUBES) <object> ,.. FROM <grantee> ,..", None),
    (
        f"REVOKE [GRANT OPTION FOR] {_GRANTED} ,.. ON [SCHEMA] <object> ,.. FROM <grantee> ,.."
        " [CASCADE | RESTRICT] [AS <user:grantor>]",
        None,
    ),
    ("REVOKE [ADMIN OPTION FOR] <privilege> ,.. FROM <grantee> ,..", None),
    (f"%CHECKPRIV [GRANT OPTION FOR] {_GRANTED} ,.. ON <object>", None),
    ("%CHECKPRIV [(GRANT | ADMIN) OPTION FOR] <privilege> ,..", None),
    # Routines
    ("CALL <path> [<arguments>]", None),
    (f"CREATE [OR REPLACE] FUNCTION {_ROUTINE}", None),
    (f"CREATE [OR REPLACE] PROCEDURE {_ROUTINE}", None),
    (f"CREATE [OR REPLACE] PROC {_ROUTINE}", None),
    (f"CREATE [OR REPLACE] [STATIC] METHOD {_ROUTINE}", None),
    (f"CREATE [OR REPLACE] QUERY {_ROUTINE}", None),
    (
        "CREATE [OR REPLACE] TRIGGER <table:name> (BEFORE | AFTER) <event> ,.. [OF <name:column> ,..] [ORDER <integer>]"
        " ON <table> <code:rest>",
        None,
    ),
    (
        "CREATE [OR REPLACE] AGGREGATE <path> <parameters> [RETURNS <type>] [INITIALIZE WITH <path>] ITERATE WITH <path>"
        " [MERGE WITH <path>] [FINALIZE WITH <path>]",
        None,
    ),
    *((f"DROP {kind} [IF EXISTS] <path> [FROM <class>]", None) for kind in ("FUNCTION", "PROCEDURE", "PROC", "METHOD")),
    *((f"DROP {kind} [IF EXISTS] <path> [FROM <class>]", None) for kind in ("QUERY", "TRIGGER")),
    ("DROP AGGREGATE [IF EXISTS] <path>", None),
    # Databases, foreign servers and tables
    (
        "CREATE DATABASE [IF NOT EXISTS] <name> [ON DIRECTORY <string>]"
        " [WITH [ENCRYPTED_DB] [GLOBAL_JOURNAL_STATE ['='] (YES | NO)]]",
        None,
    ),
    ("DROP DATABASE [IF EXISTS] <name> [RETAIN_FILES]", None),
    ("USE [DATABASE] <name>", None),
    (
        "CREATE [FOREIGN] SERVER <table:name> [TYPE <string>] FOREIGN DATA WRAPPER"
        " (CSV HOST <string> | JDBC CONNECTION <literal> [PUSHDOWN <word>] [[NO] DELIMITEDIDS])",
        (2022, 3),
    ),
    ("ALTER [FOREIGN] SERVER <table:name> (ALTER | MODIFY) <code:rest>", (2022, 3)),
    ("DROP [FOREIGN] SERVER <table:name> [RESTRICT | CASCADE]", (2022, 3)),
    (
        "CREATE FOREIGN TABLE [IF NOT EXISTS] <table> ['(' <column> ,.. ')'] SERVER <table:server>"
        " (FILE <string> | TABLE <literal> | QUERY <string>) [COLUMNS <parameters>] [VALUES '(' <literal> ,.. ')']"
        " [USING <json>]",
        (2022, 3),
    ),
    ("ALTER FOREIGN TABLE <table> (ALTER | MODIFY) <code:rest>", (2022, 3)),
    ("DROP FOREIGN TABLE [IF EXISTS] <table> [RESTRICT | CASCADE]", (2022, 3)),
    ("THROUGH [FOREIGN] SERVER <table:server> <code:rest>", (2024, 2)),
    # Loading
    (
        "LOAD [BULK [%NOINDEX]] [%NOJOURN] DATA FROM (FILE <string> [COLUMNS '(' <column> ,.. ')']"
        " | JDBC (URL <string> | CONNECTION <literal>) TABLE <literal>) INTO <table> ['(' <name:column> ,.. ')']"
        " [VALUES '(' <literal> ,.. ')'] [USING <json>]",
        (2022, 1),
    ),
    (
        "LOAD SQL FROM (FILE <string> | DIRECTORY <string> [RECURSE]) [DIALECT <literal>] [DELIMITER <string>] [VERBOSE]"
        " [LOG TO FILE [<string>]] [IGNORE ERRORS]",
        (2025, 1),
    ),
    # IntegratedML
    (
        "CREATE [[TIME] SERIES] MODEL [IF NOT EXISTS] <table:model> PREDICTING '(' <code:inside> ')' [BY '(' <name> ')']"
        " [WITH '(' <code:inside> ')'] [FROM <code:source>] [USING <json>]",
        None,
    ),
    (
        "TRAIN MODEL <table:model> [AS <name>] [NOT DEFAULT] [FOR <name>] [WITH '(' <code:inside> ')'] [FROM <code:source>]"
        " [USING <json>]",
        None,
    ),
    ("VALIDATE MODEL <table:model> [AS <name>] [USE <name>] [WITH '(' <code:inside> ')'] FROM <code:source>", None),
    ("ALTER MODEL <table:model> (PURGE [ALL] [<integer> DAYS] | DEFAULT [TRAINED MODEL] <name>)", None),
    ("DROP MODEL [IF EXISTS] <table:model>", None),
    ("CREATE ML CONFIGURATION <name> <code:rest>", None),
    ("ALTER ML CONFIGURATION <name> <code:rest>", None),
    ("DROP ML CONFIGURATION <name>", None),
)


class Verbatim(exp.Expression):
    """Text that is kept as it was. this: it."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


# Parts


def _upto(parser: Parser, stop: Callable[[], bool]) -> Verbatim:
    """The text from here to where stop says, parentheses closed."""
    if not parser._curr or stop():
        raise parser.expected("text")
    start, depth = parser._curr.start, 0
    while parser._curr and (depth or not stop()):
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(parser._curr.token_type, 0)
        parser._advance()
    return Verbatim(this=parser.sql[start : parser._prev.end + 1])


def _rest(parser: Parser) -> Verbatim:
    return _upto(parser, lambda: False)


def _inside(parser: Parser) -> Verbatim:
    return _upto(parser, lambda: parser.at_sign(TokenType.R_PAREN))


def _source(parser: Parser) -> Verbatim:
    return _upto(parser, lambda: parser.at("USING"))


def _parameters(parser: Parser) -> Verbatim:
    """``(a INTEGER, b VARCHAR(20))``, whatever a parameter may say."""
    if not parser.at_sign(TokenType.L_PAREN):
        raise parser.expected("(")
    start, depth = parser._curr.start, 0
    while parser._curr:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(parser._curr.token_type, 0)
        parser._advance()
        if not depth:
            return Verbatim(this=parser.sql[start : parser._prev.end + 1])
    raise parser.expected(")")


def _literal(parser: Parser) -> exp.Expr:
    """A string, a number, a parameter or a name."""
    if parser.at_sign(TokenType.STRING):
        return parser.string()
    if parser.sign(TokenType.PLACEHOLDER):
        return parser.placeholder()
    return parser.integer() if parser.at_sign(TokenType.NUMBER) else parser.identifier()


def _setting(parser: Parser) -> exp.Expr:
    """The value of an option: a literal or any word."""
    token = parser._curr
    if token.token_type in (TokenType.STRING, TokenType.NUMBER):
        return _literal(parser)
    return _any_word(parser)


def _any_word(parser: Parser) -> exp.Expr:
    token = parser._curr
    if token.token_type != TokenType.VAR:
        raise parser.expected("IDENTIFIER")
    parser._advance()
    return exp.var(token.text.upper())


def _privilege(parser: Parser) -> exp.Expr:
    """A privilege, which may be a reserved word, or a role."""
    if parser.sign(TokenType.STAR):
        return exp.var("*")
    if parser.at_sign(TokenType.IDENTIFIER):
        return parser.identifier(of_user=True)
    word = parser.word("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "EXECUTE", "USE")
    if word:
        return exp.var(word)
    if parser.word("ALL"):
        parser.word("PRIVILEGES")
        return exp.var("ALL PRIVILEGES")
    return _any_word(parser) if parser.upper.startswith("%") else parser.identifier()


def _object(parser: Parser) -> exp.Expr:
    if parser.sign(TokenType.STAR):
        return exp.var("*")
    return parser.table_name()


def _grantee(parser: Parser) -> exp.Expr:
    if parser.sign(TokenType.STAR):
        return exp.var("*")
    return exp.var("PUBLIC") if parser.word("PUBLIC") else parser.identifier(of_user=True)


def _path(parser: Parser) -> exp.Expr:
    """``a.b.c``"""
    parts = [parser.identifier()]
    while parser.sign(TokenType.DOT):
        parts.append(parser.identifier())
    return exp.Dot.build(parts) if len(parts) > 1 else parts[0]


def _class(parser: Parser) -> exp.Expr:
    """``User.Person``: names of classes know no reserved words."""
    name = _word_as_it_is(parser)
    while parser.sign(TokenType.DOT):
        name += f".{_word_as_it_is(parser)}"
    return exp.var(name)


def _word_as_it_is(parser: Parser) -> str:
    if parser._curr.token_type not in (TokenType.VAR, TokenType.IDENTIFIER):
        raise parser.expected("IDENTIFIER")
    parser._advance()
    return parser._prev.text


def _password(parser: Parser) -> exp.Expr:
    return parser.string() if parser.at_sign(TokenType.STRING) else parser.identifier()


def _arguments(parser: Parser) -> exp.Expr:
    """Some may be left out: ``(, 65)``."""

    def argument() -> exp.Expr:
        absent = parser.at_sign(TokenType.COMMA) or parser.at_sign(TokenType.R_PAREN)
        return nodes.Omitted() if absent else parser.value()

    def arguments() -> list[exp.Expr]:
        return [] if parser.at_sign(TokenType.R_PAREN) else parser.listed(argument)

    return exp.Tuple(expressions=parser.in_parens(arguments))


def _json(parser: Parser) -> exp.Expr:
    if parser._curr.token_type == VERBATIM:
        return verbatim(parser)
    return parser.string()


def verbatim(parser: Parser) -> Verbatim:
    """``{...}``"""
    if parser._curr.token_type != VERBATIM:
        raise parser.expected("{")
    parser._advance()
    return Verbatim(this=parser._prev.text)


def _event(parser: Parser) -> exp.Expr:
    return exp.var(parser.need("INSERT", "UPDATE", "DELETE"))


_KINDS: dict[str, Callable[[Parser], exp.Expr]] = {
    "name": lambda parser: parser.identifier(),
    "user": lambda parser: parser.identifier(of_user=True),
    "table": lambda parser: parser.table_name(),
    "string": lambda parser: parser.string(),
    "integer": lambda parser: parser.integer(),
    "column": lambda parser: parser.column_definition(),
    "type": lambda parser: parser.data_type(),
    "literal": _literal,
    "setting": _setting,
    "word": _any_word,
    "privilege": _privilege,
    "object": _object,
    "grantee": _grantee,
    "path": _path,
    "class": _class,
    "password": _password,
    "parameters": _parameters,
    "arguments": _arguments,
    "event": _event,
    "json": _json,
    "code": _rest,
    "rest": _rest,
    "inside": _inside,
    "source": _source,
}


def _name_of(line: str) -> str:
    """The words that a statement must begin with, those left out that may be absent."""
    words = re.sub(r"\[(?:[^\[\]]|\[[^\]]*\])*\]", " ", line)
    found = re.match(r"\s*((?:[%A-Z_]+\s+)*[%A-Z_]+)", words)
    assert found is not None, line
    return " ".join(found[1].split())


def _read(line: str) -> Read:
    return compiled(re.sub(r"<code:(\w+)>", r"<\1>", line), _KINDS)


# First word -> (name, reader, first release)
PHRASES: dict[str, list[tuple[str, Read, Version | None]]] = {}
for _line, _since in _LINES:
    PHRASES.setdefault(_line.split()[0], []).append((_name_of(_line), _read(_line), _since))

__all__ = ["PHRASES", "Verbatim", "nodes", "verbatim"]
