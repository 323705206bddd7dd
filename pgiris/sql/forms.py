"""Forms: statements that the parser does not read, told by their words: what they ask for is not needed, or refused by name.

In: text. Out: a plan that does nothing; 0A000; or None, when the text is none of these and may be IRIS SQL.
"""

from __future__ import annotations

import re

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import scanner
from pgiris.sql.bare import bare
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.plan import Plan, Target
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import Kind
from pgiris.sql.scope import find_relation, undefined_relation
from pgiris.types.relation import Snapshot

# What follows ALTER TABLE name: what it would change has no counterpart in IRIS, and no statement's answer depends on it.
NEEDLESS_ALTERATIONS = (
    "CLUSTER ON",
    "SET WITHOUT CLUSTER",
    "SET WITHOUT OIDS",
    "SET LOGGED",
    "SET UNLOGGED",
    "RESET (",
    "REPLICA IDENTITY",
    "ENABLE TRIGGER",
    "DISABLE ROW LEVEL SECURITY",
    "NO FORCE ROW LEVEL SECURITY",
    "ALTER COLUMN * SET STATISTICS",
    "ALTER COLUMN * SET STORAGE",
    "ALTER COLUMN * SET COMPRESSION",
    "ALTER * SET STATISTICS",
    "ALTER * SET STORAGE",
)
REFUSED_ALTERATIONS = (
    "ADD CONSTRAINT * USING INDEX",
    "ADD CONSTRAINT * PRIMARY KEY USING INDEX",
    "ADD CONSTRAINT * UNIQUE USING INDEX",
    "ALTER COLUMN * DROP EXPRESSION",
    "ATTACH PARTITION",
    "DETACH PARTITION",
    "DISABLE TRIGGER",
    "ENABLE ROW LEVEL SECURITY",
    "FORCE ROW LEVEL SECURITY",
    "INHERIT",
    "NO INHERIT",
    "SET SCHEMA",
)
# Words at the beginning of a statement -> how the refusal names it; * stands for a name.
REFUSED_BEGINNINGS = {
    "CREATE SCHEMA AUTHORIZATION": "CREATE SCHEMA of a user that has no name here",
    "CREATE RECURSIVE VIEW": "CREATE RECURSIVE VIEW",
    "DROP OWNED": "DROP OWNED",
}
_DROPPED_ONE_BY_ONE = ("index", "schema")  # of which the parser reads one name
_NAME = r'(?:"(?:[^"]|"")*"|[^\s"(),;]+)+'


def _pattern(words: str) -> str:
    return r"\s+".join(_NAME if word == "*" else re.escape(word) for word in words.split(" ")) + r"(?!\w)"


_ALTER_TABLE = re.compile(r"\s*ALTER\s+TABLE\s+(IF\s+EXISTS\s+)?(?:ONLY\s+)?", re.IGNORECASE)
_NEEDLESS = [re.compile(_pattern(words).removesuffix(r"(?!\w)"), re.IGNORECASE) for words in NEEDLESS_ALTERATIONS]
_REFUSED = [(re.compile(_pattern(words), re.IGNORECASE), words) for words in REFUSED_ALTERATIONS]
_BEGINNINGS = [(re.compile(r"\s*" + _pattern(words), re.IGNORECASE), shown) for words, shown in REFUSED_BEGINNINGS.items()]


_RECURSION = re.compile(
    r"\bRECURSIVE\b.*\)\s*(?:SEARCH\s+(?:DEPTH|BREADTH)\s+FIRST\s+BY|CYCLE\s+\w+(?:\s*,\s*\w+)*\s+SET)\s", re.I | re.S
)


# Routines and triggers of PostgreSQL, which IRIS's own statements of these names are not like.
_ROUTINE = re.compile(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(FUNCTION|PROCEDURE|TRIGGER|AGGREGATE)\b", re.I)
_POSTGRES_ROUTINE = re.compile(
    r"\bAS\s+(?:\$|[eE]?')|\bLANGUAGE\s+'?(?:plpgsql|c|internal)\b|\bRETURNS\s+(?:SETOF|TABLE|TRIGGER)\b"
    r"|\bEXECUTE\s+(?:FUNCTION|PROCEDURE)\b|\bSFUNC\s*=|\bSETOF\b|\b(?:IMMUTABLE|STABLE|VOLATILE|STRICT)\b|\bBEGIN\s+ATOMIC\b",
    re.I,
)


# What stands within statements that the parser does not read -> how the refusal names it.
REFUSED_PARTS = {
    r"\bUSING\s*\([^()]*\)\s+AS\s+\w": "an alias of JOIN ... USING",
    r"^\s*CREATE\s+UNIQUE\s+INDEX\b.*\)\s*NULLS\s+NOT\s+DISTINCT\b": "NULLS NOT DISTINCT",
    r"^\s*CREATE\s+SCHEMA\b.*\s(?:CREATE|GRANT)\s": "CREATE SCHEMA with elements",
    r"^\s*ALTER\s+SCHEMA\b": "ALTER SCHEMA",
    r"^\s*(?:CREATE|ALTER)\s+.*\bGENERATED\s+ALWAYS\s+AS\s*\(.*\)\s*VIRTUAL\b": "a generated column",
    r"\bBIT\s+VARYING\b": "type bit varying",
    r"<~>": "the operator <~>",
    r"<%>": "the operator <%>",
}
_PARTS = [(re.compile(pattern, re.I | re.S), shown) for pattern, shown in REFUSED_PARTS.items()]


def refuse_routine(text: str) -> None:
    """Raises 0A000 for CREATE FUNCTION and its kin as PostgreSQL has them."""
    routine = _ROUTINE.match(text)
    if routine is not None and _POSTGRES_ROUTINE.search(text, routine.end()):
        hint = "IRIS has CREATE PROCEDURE name (a INTEGER) BEGIN ... :a ...; END." if routine[1].upper() == "PROCEDURE" else None
        raise not_supported(f"CREATE {routine[1].upper()} is not supported", hint)


def plan(text: str, snapshot: Snapshot, search_path: tuple[str, ...], lenient: bool) -> Plan | None:
    """Raises 0A000, and 42P01 for a table that is not there."""
    if _RECURSION.search(text) is not None:
        raise not_supported("SEARCH and CYCLE of WITH RECURSIVE are not supported")
    for pattern, shown in _BEGINNINGS:
        if pattern.match(text):
            raise not_supported(f"{shown} is not supported")
    plain = bare(text)
    for pattern, shown in _PARTS:
        if pattern.search(plain):
            raise not_supported(f"{shown} is not supported")
    match = _ALTER_TABLE.match(text)
    if match is None:
        return None
    parts, rest = _table(text, match.end())
    for pattern, words in _REFUSED:
        if pattern.match(rest):
            raise not_supported(f"ALTER TABLE ... {words.replace(' * ', ' ... ')} is not supported")
    if "," in rest or not any(pattern.match(rest) for pattern in _NEEDLESS):
        return None
    schema = parts[-2] if len(parts) > 1 else ""
    notices: tuple[PgError, ...] = ()
    if find_relation(snapshot, search_path, schema, parts[-1]) is None and not lenient:
        missing = undefined_relation(schema, parts[-1], None)
        if not match[1]:
            raise missing
        notices = (PgError(sqlstate.SUCCESSFUL_COMPLETION, f"{missing.message}, skipping", "NOTICE"),)
    return Plan(Target.NOTHING, "ALTER TABLE", notices=notices)


def each_drop(text: str) -> list[str]:
    """DROP INDEX a, b as DROP INDEX a and DROP INDEX b; empty for other statements."""
    reader = Reader(text, 0)
    try:
        reader.expect("drop")
        kind = reader.expect(*_DROPPED_ONE_BY_ONE)
        reader.accept("concurrently")
        exists = ""
        if reader.accept("if"):
            reader.expect("exists")
            exists = "IF EXISTS "
        names = []
        while True:
            start = reader.token.start
            qualified_name(reader)
            names.append(text[start : reader.token.start].strip())
            if not reader.accept_symbol(","):
                break
        how = reader.accept("cascade", "restrict") or ""
        reader.finish()
    except PgError:
        return []
    return [f"DROP {kind.upper()} {exists}{one} {how}".strip() for one in names] if len(names) > 1 else []


def _table(text: str, at: int) -> tuple[list[str], str]:
    """The parts of a table's name, and what follows it."""
    parts = []
    while True:
        token = scanner.next_token(text, at)
        if token.kind not in (Kind.WORD, Kind.NAME):
            raise scanner.syntax_error(text, token)
        parts.append(token.text)
        after = scanner.next_token(text, token.end)
        if after.kind is not Kind.OPERATOR or after.text != ".":
            return parts, text[after.start :]
        at = after.end
