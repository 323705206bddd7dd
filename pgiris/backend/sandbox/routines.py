"""Routines: procedures and queries whose body is SQL. CREATE PROCEDURE, CREATE QUERY, CALL, DROP PROCEDURE.

A body with a SELECT is a query, which consists of it; any other is a method of changes. Parameters stand in it as host
variables (``:name``). CREATE PROCEDURE, CREATE QUERY and CALL (SQL reference); iris-reference 4.20
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from pgiris.backend.base import ListValue, Rows
from pgiris.backend.sandbox import dictionary as store
from pgiris.backend.sandbox.compiled import parse
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ParameterDef, RoutineDef, StatementDef
from pgiris.backend.sandbox.failures import refuse_system
from pgiris.backend.sandbox.iristypes import type_of
from pgiris.backend.sandbox.rows import Finished
from pgiris.backend.sandbox.tabledefinition import SYSTEM_SCHEMAS, check_name
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import IRIS, nodes
from pgiris.sql.iris.phrases import Phrase
from pgiris.types.codec import Value

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

_QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/"
_CODE = re.compile(rf"{_QUOTED}|(?P<begin>\bBEGIN\b)|(?P<brace>\{{)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"BEGIN\b(.*)\bEND\s*;?\s*", re.IGNORECASE | re.DOTALL)
_MARK = re.compile(rf"{_QUOTED}|(?P<end>;)|:(?P<name>[A-Za-z%][A-Za-z0-9]*)|(?P<unnamed>\?)", re.DOTALL)
_EDGE = re.compile(r"'(?:[^']|'')*'|(?P<open>\()|(?P<close>\))|(?P<comma>,)")
_PARAMETER = re.compile(
    r"(?:(?P<mode>IN|OUT|INOUT)\s+)?(?P<name>[A-Za-z%][A-Za-z0-9]*)\s+"
    r"(?P<type>[A-Za-z%][\w.%]*(?:\s+(?:PRECISION|VARYING))?(?:\s*\([^()]*\))?)"
    r"(?:\s+(?:DEFAULT\s+)?(?P<default>'(?:[^']|'')*'|[+-]?[0-9]+(?:\.[0-9]+)?|NULL))?",
    re.IGNORECASE | re.DOTALL,
)
# What a routine may be told to be -> the refusal, none where it means nothing here.
_CHARACTERISTICS = {
    r"LANGUAGE\s+SQL": None,
    r"FINAL": None,
    r"PROCEDURE": None,
    r"CONTAINID\s+[0-9]+": None,
    r"SELECTMODE\s+RUNTIME": None,
    r"LANGUAGE\s+\w+.*": "the sandbox runs no code of routines but SQL",
    r"RETURNS\s.*": "the sandbox knows no routines that return a value",
    r"FOR\s+[\w.%]+": "FOR (class) of routines is not known to the sandbox",
    r"RESULTS\s*\(.*\)": "RESULTS of routines is not known to the sandbox",
    r"(?:DYNAMIC\s+)?RESULT\s+SETS(?:\s+[0-9]+)?": "RESULT SETS of routines is not known to the sandbox",
    r"PRIVATE": "PRIVATE routines are not known to the sandbox",
    r"SELECTMODE\s+\w+": "the sandbox works with SELECTMODE RUNTIME only",
}
_KINDS = {"PROC": "PROCEDURE"}
_STATEMENTS = (exp.Insert, exp.Update, exp.Delete, exp.TruncateTable)


# Definitions


def create(session: SandboxSession, tree: Phrase) -> Rows:
    """Raises SQLCODE -361, and -400 for a name that differs in case only."""
    kind = _kind(tree)
    if kind not in ("PROCEDURE", "QUERY"):
        raise not_supported(f"the sandbox runs no code of routines: CREATE {kind}")
    if session.rights is not None:
        session.rights.check_word(f"%CREATE_{kind}")
    made = _defined(tree, kind)
    if made.query:
        session.prepare(made.statements[0].sql)

    def work() -> Rows:
        before = session.dictionary.routine(made.schema, made.name)
        if before is not None and before.name != made.name:
            raise pg_error(-400, f"Fatal error occurred: '{made.name}' differs from '{before.name}' in case only")
        if before is not None and not tree.has("REPLACE"):
            text = f'function "{made.name}" already exists with same argument types'
            raise pg_error(-361, f"Method or query name not unique: '{made.schema}.{made.name}'", constraint=made.name, text=text)
        store.save_routine(session.connection, made)
        return Finished()

    return session.define(work)


def drop(session: SandboxSession, tree: Phrase) -> Rows:
    """Raises SQLCODE -362."""
    kind = _kind(tree)
    if session.rights is not None:
        session.rights.check_word(f"%DROP_{kind}")
    schema, name = _name(tree)

    def work() -> Rows:
        found = session.dictionary.routine(schema, name)
        if found is not None and found.kind == kind and tree.part("class") is None:  # none is in a class of another name
            store.forget_routine(session.connection, found)
        elif not tree.has("EXISTS"):
            raise pg_error(-362, f"{kind.capitalize()} '{name}' not found", constraint=name)
        return Finished()

    return session.define(work)


def _kind(tree: Phrase) -> str:
    word = str(tree.this).split()[-1]
    return _KINDS.get(word, word)


def _name(tree: Phrase) -> tuple[str, str]:
    """(schema, name)"""
    node = tree.part("path")
    assert node is not None
    parts = [part.name for part in node.flatten()] if isinstance(node, exp.Dot) else [node.name]
    if len(parts) > 2:
        raise pg_error(-427, f"Invalid procedure name '{'.'.join(parts)}'")
    schema = parts[0] if len(parts) > 1 else DEFAULT_SCHEMA
    return (DEFAULT_SCHEMA if schema.upper() == DEFAULT_SCHEMA.upper() else schema), parts[-1]


def _defined(tree: Phrase, kind: str) -> RoutineDef:
    schema, name = _name(tree)
    if schema.upper() in SYSTEM_SCHEMAS or schema.startswith("%"):
        raise pg_error(-312, f"Invalid schema name '{schema}'")
    check_name(name)
    node = tree.part("parameters")
    if node is None:
        raise pg_error(-1, f"( expected after the name of {kind} '{name}'")
    parameters = tuple(map(_parameter, _listed(str(node.this)[1:-1])))
    if len({parameter.name for parameter in parameters}) < len(parameters):
        raise pg_error(-1, "A parameter's name is given twice")
    rest = tree.part("rest")
    code = "" if rest is None else str(rest.this)
    begin = next((found for found in _CODE.finditer(code) if found["begin"] or found["brace"]), None)
    words = code if begin is None else code[: begin.start()]
    _check_characteristics(words)
    body = None if begin is None else _BODY.fullmatch(code, begin.start())
    if body is None:
        raise pg_error(-1, "BEGIN ... END expected")
    statements = tuple(_statements(body[1], {parameter.name for parameter in parameters}))
    query = _is_query(statements)
    if kind == "QUERY" and not query:
        raise pg_error(-1, "The body of a query is a SELECT")
    callable_ = kind == "PROCEDURE" or re.search(r"\bPROCEDURE\b", words, re.IGNORECASE) is not None
    return RoutineDef(schema, name, kind, query, callable_, parameters, statements, body[1].strip())


def _check_characteristics(words: str) -> None:
    """Raises SQLCODE -47, -44, and 0A000."""
    seen = set()
    while words := words.lstrip():
        found, refusal = _characteristic(words)
        if refusal is not None:
            raise not_supported(refusal)
        word = found.split()[0].upper()
        if word in seen:
            raise pg_error(-44, f"Characteristic {word} given twice")
        seen.add(word)
        words = words[len(found) :]


def _characteristic(words: str) -> tuple[str, str | None]:
    for pattern, refusal in _CHARACTERISTICS.items():
        found = re.match(rf"{pattern}(?!\w)", words, re.IGNORECASE | re.DOTALL)
        if found is not None:
            return found[0], refusal
    raise pg_error(-47, f"Invalid characteristic of a routine: '{words.split()[0]}'")


def _listed(text: str) -> list[str]:
    """What commas separate, those in parentheses and strings left alone."""
    parts, start, depth = [], 0, 0
    for found in _EDGE.finditer(text):
        depth += 1 if found["open"] else -1 if found["close"] else 0
        if found["comma"] and not depth:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]] if text.strip() else []


def _parameter(text: str) -> ParameterDef:
    found = _PARAMETER.fullmatch(text.strip())
    if found is None:
        raise pg_error(-1, f"A parameter expected, '{text.strip()}' found")
    if (found["mode"] or "IN").upper() != "IN":
        raise not_supported("the sandbox knows no OUT and INOUT parameters of routines")
    type_ = type_of(sqlglot.parse_one(found["type"], into=exp.DataType, dialect=IRIS))
    default = found["default"]
    return ParameterDef(found["name"], type_.ddl, None if default is None or default.upper() == "NULL" else default)


def _statements(body: str, names: set[str]) -> Iterator[StatementDef]:
    """The statements of a body, ``?`` for host variables."""
    pieces: list[str] = []
    given: list[str] = []
    last = 0
    for found in _MARK.finditer(body):
        if found["unnamed"]:
            raise not_supported("parameters of routines stand in their body as :name")
        if found["name"]:
            if found["name"] not in names:
                raise not_supported(f"host variable :{found['name']} is no parameter of the routine")
            pieces += (body[last : found.start()], "?")
            given.append(found["name"])
            last = found.end()
        elif found["end"]:
            pieces.append(body[last : found.start()])
            last = found.end()
            if text := "".join(pieces).strip():
                yield StatementDef(text, tuple(given))
            pieces, given = [], []
    if re.sub(_QUOTED, lambda part: part[0] if part[0][0] in "'\"" else "", body[last:], flags=re.DOTALL).strip() or pieces:
        raise pg_error(-1, "; expected at the end of a statement")


def _is_query(statements: Sequence[StatementDef]) -> bool:
    """Raises 0A000 for what is neither one SELECT nor changes of data."""
    trees = [parse(statement.sql) for statement in statements]
    if len(trees) == 1 and isinstance(trees[0], exp.Query):
        return True
    if not trees:
        raise pg_error(-1, "A statement expected, END found")
    if not all(isinstance(tree, _STATEMENTS) for tree in trees):
        raise not_supported("routines of the sandbox consist of one SELECT, or of INSERT, UPDATE and DELETE")
    return False


# Calls


def called(session: SandboxSession, tree: Phrase) -> RoutineDef:
    """Raises SQLCODE -428, -370."""
    node = tree.part("path")
    name = ".".join(part.name for part in node.flatten()) if isinstance(node, exp.Dot) else "" if node is None else node.name
    refuse_system(name)
    found = session.dictionary.routine(*_name(tree)) if name.count(".") < 2 else None
    if found is None or not found.callable:
        raise pg_error(-428, f"Stored procedure '{name}' not found", constraint=name)
    if session.rights is not None and not session.rights.everything:
        raise not_supported("the sandbox knows no EXECUTE privilege: procedures are called by who may do everything")
    if len(_arguments(tree)) > len(found.parameters):
        raise pg_error(-370, f"CALL of '{name}' with too many arguments", constraint=name)
    return found


def call(session: SandboxSession, tree: Phrase, values: Sequence[Value | ListValue]) -> Rows:
    """What the routine's SELECT gives, or nothing. Changes are made one after the other, up to the first that fails."""
    routine = called(session, tree)
    if len(values) != tree.meta["parameters"]:
        raise pg_error(-466, f"Statement takes {tree.meta['parameters']} parameters, {len(values)} were given")
    given = dict(zip((parameter.name for parameter in routine.parameters), _given(routine, tree, values), strict=True))
    for statement in routine.statements:
        rows = session.execute(statement.sql, [given[name] for name in statement.names])
        if routine.query:
            return rows
    return Finished()


def _arguments(tree: Phrase) -> list[exp.Expr]:
    node = tree.part("arguments")
    return [] if node is None else list(node.expressions)


def _given(routine: RoutineDef, tree: Phrase, values: Sequence[Value | ListValue]) -> Iterator[Any]:
    arguments = _arguments(tree)
    for number, parameter in enumerate(routine.parameters):
        argument = arguments[number] if number < len(arguments) else nodes.Omitted()
        if isinstance(argument, nodes.Omitted):
            yield None if parameter.default is None else _constant(parameter.default)
        elif isinstance(argument, exp.Placeholder):
            yield values[argument.meta["index"]]
        else:
            yield _literal(argument)


def _literal(node: exp.Expr) -> Any:
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else _number(node.this)
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return -_number(node.this.this)
    raise not_supported("arguments of CALL are constants and parameters in the sandbox")


def _constant(text: str) -> Any:
    return text[1:-1].replace("''", "'") if text.startswith("'") else _number(text)


def _number(text: str) -> int | Decimal:
    return int(text) if text.lstrip("+-").isdigit() else Decimal(text)
