"""Classify: statements that their first words decide.

In: text. Out: their plan: what is accepted without effect, and refusals.
"""

from __future__ import annotations

import re

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import commands
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.made_rows import InsertMadeRows
from pgiris.sql.plan import Plan, Target

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
    CopyCommand: "COPY",
    InsertMadeRows: "INSERT",
}


def command_tag(command: commands.Command) -> str:
    """The tag where it depends on nothing else; the session has the last word."""
    tag: str | None = getattr(command, "tag", None)
    return tag or _COMMAND_TAGS.get(type(command), "")


_EARLY = re.compile(r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)(?:\s+([A-Za-z]+))?", re.DOTALL)
# IRIS keeps statistics and indexes itself.
_NOTHING = {
    "vacuum": "VACUUM",
    "analyze": "ANALYZE",
    "analyse": "ANALYZE",
    "checkpoint": "CHECKPOINT",
    "cluster": "CLUSTER",
    "reindex": "REINDEX",
}
_REFUSED = {
    "do": "DO is not supported",
    "listen": "LISTEN is not supported",
    "refresh": "REFRESH MATERIALIZED VIEW is not supported",
    "load": "LOAD is not supported",
    "import": "IMPORT FOREIGN SCHEMA is not supported",
    "security": "SECURITY LABEL is not supported",
    "reassign": "REASSIGN OWNED is not supported",
}


def first_word(text: str) -> str:
    match = _EARLY.match(text)
    return match[1].lower() if match else ""


def early(text: str) -> Plan | None:
    """What the first word decides."""
    match = _EARLY.match(text)
    if match is None:
        return None
    word, second = match[1].lower(), (match[2] or "").lower()
    if word in _NOTHING:
        return Plan(Target.NOTHING, _NOTHING[word])
    if word in ("create", "drop") and second == "extension":
        return _extension(text, word.upper())
    if word == "alter" and _OWNER.search(text):
        return Plan(Target.NOTHING, f"ALTER {second.upper()}")
    unknown = _UNKNOWN_OBJECT.match(text, match.end(1)) if word in ("create", "drop", "alter") else None
    if unknown is not None and not (unknown[1].upper() == "INDEX" and word != "alter"):
        raise not_supported(f"{word.upper()} {' '.join(unknown[1].upper().split())} is not supported")
    if word == "comment" and second == "on":
        message = "COMMENT is ignored: IRIS takes descriptions only with the definition of a table"
        return Plan(Target.NOTHING, "COMMENT", notices=(PgError(sqlstate.WARNING, message, "WARNING"),))
    if word in _REFUSED and not (word == "load" and second in ("data", "sql")):
        raise not_supported(_REFUSED[word])
    return None


_OWNER = re.compile(r"\bOWNER\s+TO\s+\S+\s*;?\s*$", re.IGNORECASE)
_EXTENSION = re.compile(r"""\bEXTENSION\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"?([A-Za-z_0-9-]+)""", re.IGNORECASE)
_EXTENSIONS = frozenset(("vector", "plpgsql"))  # what they bring is there, or nothing needs it
# Objects that IRIS has not; functions, procedures, triggers, users and roles it has in its own words.
_UNKNOWN_OBJECT = re.compile(
    r"""\s+(?:OR\s+REPLACE\s+|TEMP\w*\s+)?
    (SEQUENCE|TYPE|DOMAIN|OPERATOR|CAST|CONVERSION|COLLATION|FOREIGN|SERVER|PUBLICATION|SUBSCRIPTION|POLICY|RULE|STATISTICS
    |TEXT\s+SEARCH|TABLESPACE|EVENT|ACCESS|LANGUAGE|MATERIALIZED\s+VIEW|GROUP|DEFAULT|SYSTEM|INDEX)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def _extension(text: str, word: str) -> Plan:
    match = _EXTENSION.search(text)
    name = match[1].lower() if match else ""
    if name not in _EXTENSIONS:
        raise not_supported(f'extension "{name}" is not available')
    return Plan(Target.NOTHING, f"{word} EXTENSION")
