"""Classify: statements that are neither queries nor changes of data.

In: text or tree. Out: their plan: definitions, and what is accepted without effect.
"""

from __future__ import annotations

import re

from sqlglot import exp

from pgiris.errors import not_supported
from pgiris.sql import commands
from pgiris.sql.infer import Binder
from pgiris.sql.plan import Plan, Target
from pgiris.sql.statement import Statement

_COMMAND_TAGS: dict[type[object], str] = {
    commands.Commit: "COMMIT",
    commands.Rollback: "ROLLBACK",
    commands.Savepoint: "SAVEPOINT",
    commands.RollbackTo: "ROLLBACK",
    commands.Release: "RELEASE",
    commands.PrepareTransaction: "PREPARE TRANSACTION",
    commands.SetTransaction: "SET",
    commands.SetConstraints: "SET CONSTRAINTS",
    commands.SetSetting: "SET",
    commands.ResetSetting: "RESET",
    commands.ShowSetting: "SHOW",
    commands.Discard: "DISCARD",
    commands.Prepare: "PREPARE",
    commands.Execute: "EXECUTE",
    commands.Deallocate: "DEALLOCATE",
    commands.DeclareCursor: "DECLARE CURSOR",
    commands.Fetch: "FETCH",
    commands.CloseCursor: "CLOSE CURSOR",
    commands.Listen: "LISTEN",
    commands.Notify: "NOTIFY",
    commands.Unlisten: "UNLISTEN",
}


def command_tag(command: commands.Command) -> str:
    """The tag where it depends on nothing else; the session has the last word."""
    tag: str | None = getattr(command, "tag", None)
    return tag or _COMMAND_TAGS.get(type(command), "")


_EARLY = re.compile(r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)(?:\s+([A-Za-z]+))?", re.DOTALL)
_NOTHING = {"vacuum": "VACUUM", "analyze": "ANALYZE", "analyse": "ANALYZE", "checkpoint": "CHECKPOINT", "cluster": "CLUSTER"}
_REFUSED = {
    "copy": "COPY is not supported yet",
    "do": "DO is not supported",
    "listen": "LISTEN is not supported",
    "merge": "MERGE is not supported",
    "refresh": "REFRESH MATERIALIZED VIEW is not supported",
    "load": "LOAD is not supported",
    "lock": "LOCK TABLE is not supported",
    "import": "IMPORT FOREIGN SCHEMA is not supported",
    "security": "SECURITY LABEL is not supported",
    "reassign": "REASSIGN OWNED is not supported",
    "explain": "EXPLAIN is not supported",
}


def early(text: str) -> Plan | None:
    """What the first word decides."""
    match = _EARLY.match(text)
    if match is None:
        return None
    word, second = match[1].lower(), (match[2] or "").lower()
    if word in _NOTHING:
        return Plan(Target.NOTHING, _NOTHING[word])
    if word == "comment" and second == "on":
        return Plan(Target.NOTHING, "COMMENT")
    if word in _REFUSED and not (word == "load" and second in ("data", "sql")):
        raise not_supported(_REFUSED[word])
    return None


def select_into() -> Plan:
    raise not_supported("SELECT INTO is not supported", "Use CREATE TABLE AS.")


def definition(tree: exp.Expr, binder: Binder, statement: Statement) -> Plan:
    raise not_supported(f"{tree.key.upper()} is not supported")
