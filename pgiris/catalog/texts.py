"""What PostgreSQL prints of definitions: defaults, constraints, indexes, views.

A relation's name, whose spelling depends on the session's search_path, is written as MARK, its OID, END, and that of an enum as
TYPE_MARK, its OID, END. PostgreSQL: ruleutils.c prints what is meant here; the forms are those that a real server showed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from pgiris.backend.metadata import ORDERS, CheckMeta, ColumnMeta, ForeignKeyMeta, GrantMeta, IndexMeta, RelationMeta, TriggerMeta
from pgiris.catalog.viewtexts import laid_out
from pgiris.errors import PgError
from pgiris.sql import deparse
from pgiris.sql.postgres import parse
from pgiris.sql.schemanames import renamed
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.typenames import resolve
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.enums import find as find_enum
from pgiris.types.relation import Snapshot
from pgiris.types.table import type_name

MARK, END, TYPE_MARK = "\x01", "\x02", "\x03"
_OPEN, _CLOSE = "\ue000", "\ue001"  # around the OID of an enum while a template has marks of its own
_AS_TYPE = str.maketrans({_OPEN: TYPE_MARK, _CLOSE: END})
PRETTY = "\x05"  # between a definition and what it is when it is printed pretty

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_STRING = re.compile(r"'(?:[^']|'')*'")
# IRIS's words for what the system supplies (sql/defaults.py writes them) -> PostgreSQL's.
_SUPPLIED = {
    "GETUTCDATE": "now()",
    "CURRENT_TIMESTAMP": "CURRENT_TIMESTAMP",
    "GETDATE": "CURRENT_TIMESTAMP",
    "CURRENT_DATE": "CURRENT_DATE",
    "CURRENT_TIME": "CURRENT_TIME",
    "USER": "CURRENT_USER",
    '$ZCONVERT($SYSTEM.UTIL.CREATEGUID(),"L")': "gen_random_uuid()",
    "LOWER($TSQL_NEWID())": "gen_random_uuid()",  # the sandbox's
}
_NUMERIC_TYPES = (oids.INT2, oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT4, oids.FLOAT8, oids.OID)
_INT4_MAX = 2**31 - 1


def reference(relation: Oid) -> str:
    """A relation's name, to be spelled for the session."""
    return f"{MARK}{relation}{END}"


def view_options(meta: RelationMeta) -> tuple[str, ...]:
    """pg_class.reloptions of a view."""
    option = meta.check_option.lower()
    return (f"check_option={option}",) if option in ("local", "cascaded") else ()


def trigger(meta: TriggerMeta, schema: str, table: str) -> str:
    """As pg_get_triggerdef() prints one; its code, which is IRIS's, stands in braces."""
    where = f"{quote_identifier(schema)}.{quote_identifier(table)}"
    body = f" {{{meta.statement}}}" if meta.statement else ""
    events = " OR ".join(meta.events)
    return f"CREATE TRIGGER {quote_identifier(meta.name)} {meta.timing} {events} ON {where} FOR EACH {meta.orientation}{body}"


def access(owner: str, grants: Sequence[GrantMeta]) -> list[str] | None:
    """An access control list; None where nothing was granted, or nothing is known of it. An owner may have been granted less than
    everything: of a view, what he may do to all that it reads."""
    if not grants:
        return None
    all_of_it = [] if any(grant.grantee == owner for grant in grants) else [f"{_role(owner)}=arwdDxt/{_role(owner)}"]
    return all_of_it + column_access(grants)


def column_access(grants: Sequence[GrantMeta]) -> list[str]:
    return [f"{_role(grant.grantee)}={grant.letters}/{_role(grant.grantor)}" for grant in grants]


def _role(name: str) -> str:
    """PostgreSQL: putid in src/backend/utils/adt/acl.c"""
    return name if re.fullmatch(r"\w*", name) else '"' + name.replace('"', '""') + '"'


def default(column: ColumnMeta) -> str | None:
    """The expression of a column's default; IRIS SQL as it is where PostgreSQL has no such thing."""
    if column.computed:
        return column.computed
    text = (column.default or "").strip()
    if not text or text.upper() == "NULL":
        return None
    oid = Oid(column.oid)
    if _STRING.fullmatch(text):
        if oid == oids.BOOL:
            return "true" if text.strip("'") in ("1", "t", "true") else "false"
        return f"{_constant(text, oid)}::{type_reference(oid)}" if oid != oids.BPCHAR else f"{text}::bpchar"
    if _NUMBER.fullmatch(text):
        return _number(text, oid)
    word = re.sub(r"\(\s*\d*\s*\)$", "", text).upper()
    if word == "GETUTCDATE" and oid == oids.TIMESTAMP:
        return "timezone('utc'::text, now())"
    return _SUPPLIED.get(word, text)


def _constant(text: str, oid: Oid) -> str:
    """As PostgreSQL's input functions read it. IRIS keeps a timestamptz in UTC, and bytes as characters."""
    if oid == oids.TIMESTAMPTZ:
        return f"{text[:-1]}+00'"
    if oid == oids.BYTEA:
        return f"'\\x{text[1:-1].replace(_QUOTES, _QUOTE).encode('latin-1', 'replace').hex()}'"
    return text


_QUOTE, _QUOTES = "'", "''"


def type_reference(oid: Oid) -> str:
    return type_name(oid) if find_enum(oid) is None else f"{TYPE_MARK}{oid}{END}"


def _number(text: str, oid: Oid) -> str:
    if oid == oids.BOOL:
        return "false" if float(text) == 0 else "true"
    if oid not in _NUMERIC_TYPES:
        return f"'{text}'::{type_name(oid)}"
    if "." in text:
        return f"'{text}'::numeric" if text.startswith("-") else text
    if abs(int(text)) > _INT4_MAX:
        return f"'{text}'::bigint"
    return f"'{text}'::integer" if text.startswith("-") else text


def names(words: Iterable[str]) -> str:
    return ", ".join(map(quote_identifier, words))


def key(primary: bool, columns: Iterable[str]) -> str:
    return f"{'PRIMARY KEY' if primary else 'UNIQUE'} ({names(columns)})"


def foreign_key(meta: ForeignKeyMeta, columns: Iterable[str], target: Oid) -> str:
    text = f"FOREIGN KEY ({names(columns)}) REFERENCES {reference(target)}({names(meta.referenced)})"
    text += " MATCH FULL" if meta.match_full else ""
    for event, action in (("UPDATE", meta.on_update), ("DELETE", meta.on_delete)):
        if action != "NO ACTION":
            text += f" ON {event} {action}"
    return text


def condition(meta: CheckMeta, columns: Sequence[ColumnMeta], types: Snapshot) -> tuple[str, str]:
    """What a CHECK constraint says, plain and pretty. types: has the enums."""
    try:
        tree = resolve(parse(f"SELECT {meta.expression}"), types, ("public",)).expressions[0]
        made = deparse.condition(tree, [(column.name, Oid(column.oid), column.typmod) for column in columns], Context())
    except (deparse.Unsure, PgError):
        return meta.expression, meta.expression
    named = made.named(lambda _, name: quote_identifier(name), lambda oid: f"{_OPEN}{oid}{_CLOSE}")
    plain, pretty = (named.render(pretty=pretty).translate(_AS_TYPE) for pretty in (False, True))
    return plain, pretty


def check(meta: CheckMeta, shown: Iterable[str]) -> str:
    """shown: what it says, plain and pretty."""
    return PRETTY.join(f"CHECK ({text})" + ("" if meta.valid else " NOT VALID") for text in shown)


_ORDERS = {option: f" {words}" if words else "" for words, option in ORDERS.items()}


def index(meta: IndexMeta, schema: str, table: str, columns: list[str], included: list[str]) -> str:
    unique = "UNIQUE " if meta.unique else ""
    parts = []
    for number, column in enumerate(columns):
        operators = f" {meta.operators}" if meta.operators else ""
        order = _ORDERS[meta.order[number]] if meta.order else ""
        parts.append(quote_identifier(column) + operators + order)
    text = f"CREATE {unique}INDEX {quote_identifier(meta.name)} ON {quote_identifier(schema)}.{quote_identifier(table)}"
    text += f" USING {meta.method} ({', '.join(parts)})"
    if included:
        text += f" INCLUDE ({names(included)})"
    if meta.options:
        pairs = (option.partition("=") for option in meta.options)
        settings = ", ".join(f"{name}='{value}'" for name, _, value in pairs)
        text += f" WITH ({settings})"
    return text


# A string, a delimited identifier, or the name of a schema, a table or a range variable.
_QUALIFIER = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|[A-Za-z_%][\w$]*(?=\s*\.)""")


def view(meta: RelationMeta, find: Callable[[str, str], Oid | None]) -> str:
    """A Template of sql/deparse. find: the OID of a relation; where one is gone, IRIS's words are shown."""
    if not meta.shown:
        return _in_iris(meta.view)
    known: list[Oid | None] = []

    def named(schema: str, name: str) -> str:
        known.append(find(schema, name))
        return reference(known[-1] or Oid(0))

    made = deparse.Template(meta.shown).named(named, lambda oid: f"{TYPE_MARK}{oid}{END}").text
    return _in_iris(meta.view) if None in known else made


def _in_iris(query: str) -> str:
    """IRIS keeps and gives its own SQL; schemas are named as clients know them."""
    shown = renamed()
    text = laid_out(query.strip().rstrip(";"))
    return f" {_QUALIFIER.sub(lambda match: shown.get(match[0].lower(), match[0]), text)};"


def rule(schema: str, name: str, query: str) -> str:
    """query: as view() gives it."""
    place = f"{quote_identifier(schema)}.{quote_identifier(name)}"
    return f'CREATE RULE "_RETURN" AS\n    ON SELECT TO {place} DO INSTEAD {query}'
