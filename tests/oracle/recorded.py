"""Statements that real clients were recorded sending, where the recordings are at hand.

They belong to their clients and stay where they are: the folder is named by PGIRIS_RECORDINGS, or lies beside the project.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PGIRIS_RECORDINGS", ROOT.parent / "shared" / "clients"))
_CATALOG = re.compile(r"\bpg_(?!sleep|advisory|try_|backend_pid|notify)|information_schema|::reg|pg_catalog", re.IGNORECASE)


@dataclass(frozen=True)
class Recorded:
    client: str
    sql: str

    @property
    def digest(self) -> str:
        """Names the statement without repeating it."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:10]


def schema() -> str:
    return (FOLDER / "schema.sql").read_text()


def schema_statements() -> list[str]:
    return [statement for statement in re.split(r";\s*\n", schema()) if statement.strip()]


def describe_commands() -> list[str]:
    """psql's, but for the one that tells the server's port."""
    lines = (line.split("\t")[1] for line in (FOLDER / "psql_commands.txt").read_text().splitlines())
    return [command for command in lines if command.startswith("\\") and command != "\\conninfo"]


def replayable() -> Iterator[Recorded]:
    """Distinct read-only statements that ask nothing of the catalog."""
    seen = set()
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            entry = json.loads(line)
            sql = entry["sql"]
            if entry.get("replay") and not _CATALOG.search(sql) and sql not in seen:
                seen.add(sql)
                yield Recorded(file.stem, sql)
