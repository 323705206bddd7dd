"""View texts: IRIS's SQL of a view, on lines as PostgreSQL prints views. PostgreSQL: get_select_query_def in ruleutils.c"""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pgiris.sql.iris import IRIS
from pgiris.sql.trees import copied

_CLAUSES = frozenset(("kind", "expressions", "from_", "joins", "where", "group", "having", "order"))
_MARKS_OF_COMMENTS = ("--", "/*", "//")


@lru_cache(maxsize=10_000)
def laid_out(query: str) -> str:
    """Without the blank that PostgreSQL begins it with. A text that is more than a plain SELECT stays as it is."""
    tree = _parsed(query)
    if not isinstance(tree, exp.Select) or any(mark in query for mark in _MARKS_OF_COMMENTS):
        return query
    if any(value for key, value in tree.args.items() if key not in _CLAUSES):
        return query
    source = _from(tree)
    if source is None:
        return query
    clauses = ["SELECT " + ",\n    ".join(map(_plain, tree.expressions)), source]
    for key, words in (("where", "  WHERE"), ("group", "  GROUP BY"), ("having", " HAVING"), ("order", "  ORDER BY")):
        clause = tree.args.get(key)
        if clause is not None:
            clauses.append(f"{words} {_plain(clause).partition(words.strip())[2].strip()}")
    made = "\n".join(filter(None, clauses))
    return made if _parsed(made) == tree else query


def _parsed(query: str) -> exp.Expr | None:
    try:
        found: exp.Expr = sqlglot.parse_one(query, dialect=IRIS)
    except (SqlglotError, ValueError):
        return None
    return found


def _plain(node: exp.Expr) -> str:
    return node.sql(dialect=IRIS, comments=False).strip()


def _from(tree: exp.Select) -> str | None:
    """None: it names more than tables."""
    clause = tree.args.get("from_")
    if clause is None:
        return ""
    first = _entry(clause.this)
    lines = [first]
    for join in tree.args.get("joins") or ():
        entry, words = _entry(join.this), _words(join)
        on = join.args.get("on")
        if entry is None or words is None:
            return None
        lines.append(f"     {words} {entry}" + (f" ON {_plain(on)}" if on is not None else ""))
    return None if first is None else "   FROM " + "\n".join(filter(None, lines))


def _entry(node: exp.Expr) -> str | None:
    """A table with its alias, which PostgreSQL prints without AS."""
    alias = node.args.get("alias")
    if not isinstance(node, exp.Table) or node.args.get("joins") or (alias is not None and alias.args.get("columns")):
        return None
    named = copied(node)
    named.set("alias", None)
    return _plain(named) if alias is None else f"{_plain(named)} {_plain(alias.this)}"


def _words(join: exp.Join) -> str | None:
    known = {"this", "on", "side", "kind"}
    if any(value for key, value in join.args.items() if key not in known):
        return None
    side, kind = (str(join.args.get(key) or "").upper() for key in ("side", "kind"))
    if not side and not kind:
        return "JOIN" if join.args.get("on") is not None else None
    return " ".join(word for word in (side, kind if kind != "OUTER" else "", "JOIN") if word)
