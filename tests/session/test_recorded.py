"""What real clients send to a session: recorded statements, where the recordings are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgiris.session.settings import Defaults, Settings
from pgiris.session.transaction import COMMANDS, Transaction
from pgiris.sql.commands import parse_command
from pgiris.sql.setting_commands import ShowSetting
from pgiris.sql.transaction_commands import FinishPrepared, PrepareTransaction, Release, RollbackTo, Savepoint

RECORDINGS = Path("/work/shared/clients")
CLASSES = ("transaction", "settings", "notify", "cursor/prepare")
NEED_A_PAST = {FinishPrepared, PrepareTransaction, Release, RollbackTo, Savepoint}
# Refused for a reason: IRIS has no snapshots to export.
REFUSED = ("SET TRANSACTION SNAPSHOT",)


def recorded() -> Iterator[str]:
    for path in sorted(RECORDINGS.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            single = ";" not in entry["sql"].rstrip("; \n")
            if entry["class"] in CLASSES and not entry.get("error") and single:
                yield entry["sql"]


STATEMENTS = sorted(set(recorded())) if RECORDINGS.is_dir() else []


@pytest.mark.skipif(not STATEMENTS, reason=f"no recordings in {RECORDINGS}")
def test_what_postgres_took_from_a_client_is_taken() -> None:
    defaults = Defaults({"pgiris.isolation_fallback": "on"})
    taken = 0
    for text in STATEMENTS:
        if text.startswith(REFUSED):
            continue
        command = parse_command(text)
        transaction = Transaction(Settings(defaults, "demo", superuser=True))
        transaction.start(in_block=True)
        if isinstance(command, ShowSetting) and command.name is not None:
            assert transaction.settings.show(command.name) is not None
        elif command is not None and type(command) in COMMANDS - NEED_A_PAST:
            transaction.run(command)
        taken += command is not None
    assert taken > 80
