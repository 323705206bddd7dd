"""Classify: statements that their first words decide.

In: text. Out: their plan: what is accepted without effect, and refusals.
"""

from __future__ import annotations

import re

from pgiris.errors import not_supported
from pgiris.sql import commands, cursor_commands, prepare_commands, setting_commands, transaction_commands
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.made_rows import InsertMadeRows
from pgiris.sql.notices import warning
from pgiris.sql.plan import Plan, Target

_COMMAND_TAGS: dict[type[object], str] = {
    transaction_commands.Commit: "COMMIT",
    transaction_commands.Rollback: "ROLLBACK",
    transaction_commands.Savepoint: "SAVEPOINT",
    transaction_commands.RollbackTo: "ROLLBACK",
    transaction_commands.Release: "RELEASE",
    transaction_commands.PrepareTransaction: "PREPARE TRANSACTION",
    transaction_commands.SetTransaction: "SET",
    transaction_commands.SetConstraints: "SET CONSTRAINTS",
    setting_commands.SetSetting: "SET",
    setting_commands.ResetSetting: "RESET",
    setting_commands.ShowSetting: "SHOW",
    setting_commands.Discard: "DISCARD",
    prepare_commands.Prepare: "PREPARE",
    prepare_commands.Execute: "EXECUTE",
    prepare_commands.Deallocate: "DEALLOCATE",
    cursor_commands.DeclareCursor: "DECLARE CURSOR",
    cursor_commands.Fetch: "FETCH",
    cursor_commands.CloseCursor: "CLOSE CURSOR",
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
NOTHING = {
    "vacuum": "VACUUM",
    "analyze": "ANALYZE",
    "analyse": "ANALYZE",
    "checkpoint": "CHECKPOINT",
    "cluster": "CLUSTER",
    "reindex": "REINDEX",
}
REFUSED = {
    "refresh": "REFRESH MATERIALIZED VIEW is not supported",
    "load": "LOAD is not supported",
    "import": "IMPORT FOREIGN SCHEMA is not supported",
    "security": "SECURITY LABEL is not supported",
    "reassign": "REASSIGN OWNED is not supported",
}


def first_word(text: str) -> str:
    match = _EARLY.match(text)
    return match[1].lower() if match else ""


_RENAME = re.compile(r"\bRENAME\s+(?:TO|CONSTRAINT)\b", re.IGNORECASE)


def may_rename(text: str) -> bool:
    """Whether renaming.py is to have a look."""
    return first_word(text) == "alter" and _RENAME.search(text) is not None


def early(text: str) -> Plan | None:
    """What the first word decides."""
    match = _EARLY.match(text)
    if match is None:
        return None
    word, second = match[1].lower(), (match[2] or "").lower()
    if word in NOTHING:
        return Plan(Target.NOTHING, NOTHING[word])
    if word == "alter" and second == "default":
        hint = "GRANT ... ON SCHEMA is of the tables of a schema and of those to come."
        raise not_supported("ALTER DEFAULT PRIVILEGES is not supported", hint)
    if word == "alter" and _OWNER.search(text):
        return Plan(Target.NOTHING, f"ALTER {second.upper()}")
    unknown = _UNKNOWN_OBJECT.match(text, match.end(1)) if word in ("create", "drop", "alter") else None
    if unknown is not None and not (unknown[1].upper() == "INDEX" and word != "alter"):
        kind = " ".join(unknown[1].upper().split())
        raise not_supported(f"{word.upper()} {kind} is not supported", OBJECTS[kind] or None)
    if word == "comment" and second == "on":
        return Plan(
            Target.NOTHING,
            "COMMENT",
            notices=(warning("COMMENT is ignored: nobody keeps those of such objects"),),
        )
    if word in REFUSED and not (word == "load" and second in ("data", "sql")):
        raise not_supported(REFUSED[word])
    return None


_OWNER = re.compile(r"\bOWNER\s+TO\s+\S+\s*;?\s*$", re.IGNORECASE)
# Objects that IRIS has not -> what to do instead; functions, procedures, triggers, users and roles it has in its own words.
OBJECTS = {
    "ACCESS": "",
    "CAST": "",
    "COLLATION": "",
    "CONVERSION": "",
    "DEFAULT": "",
    "DOMAIN": "Give the columns the type that the domain has.",
    "EVENT": "",
    "FOREIGN": "",
    "GROUP": "There are roles.",
    "INDEX": "ALTER only: it can be renamed.",
    "LANGUAGE": "",
    "MATERIALIZED VIEW": "There are views, and CREATE TABLE AS.",
    "OPERATOR": "",
    "POLICY": "",
    "PUBLICATION": "",
    "RULE": "",
    "SERVER": "",
    "STATISTICS": "",
    "SUBSCRIPTION": "",
    "SYSTEM": "",
    "TABLESPACE": "",
    "TEXT SEARCH": "",
}
_UNKNOWN_OBJECT = re.compile(
    rf"\s+(?:OR\s+REPLACE\s+|TEMP\w*\s+)?({'|'.join(OBJECTS).replace(' ', chr(92) + 's+')})\b", re.IGNORECASE
)
