"""What recorded clients ask of the catalogs is answered with the columns and types that they got from PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import pq

from tests.oracle import recorded
from tests.support import servers
from tests.support.servers import Server

pytestmark = pytest.mark.skipif(not recorded.FOLDER.is_dir(), reason=f"there are no recordings in {recorded.FOLDER}")

# A word of the statement -> why it is answered otherwise.
UNLIKE = {
    "attstattarget": "int2 since PostgreSQL 16",
    "attstorage": "int2 since PostgreSQL 16",
    "indstatvals": "int2 since PostgreSQL 16",
    "substream": 'a "char" since PostgreSQL 16',
    "pg_export_snapshot": "there are no snapshots to export",
}


def statements() -> Iterator[dict[str, Any]]:
    seen = set()
    for file in sorted(recorded.FOLDER.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            entry = json.loads(line)
            if entry["class"] == "catalog" and entry.get("replay") and entry["sql"] not in seen and not entry.get("copy"):
                seen.add(entry["sql"])
                yield entry


@pytest.fixture(scope="module")
def shop() -> Iterator[Server]:
    with servers.pgiris() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in recorded.schema_statements():
                connection.execute(statement.encode())
        yield server


def oids() -> dict[int, str]:
    lines = (recorded.FOLDER / "types.tsv").read_text().splitlines()
    return {int(words[0]): words[1].strip() for words in (line.split("\t") for line in lines)}


def literal(value: Any) -> bytes | None:
    if value is None or isinstance(value, bool):
        return None if value is None else b"t" if value else b"f"
    if isinstance(value, list):
        items = ("NULL" if item is None else f'"{item}"' for item in value)
        return ("{" + ",".join(items) + "}").encode()
    return str(value).encode()


def answer(connection: psycopg.Connection[Any], entry: dict[str, Any], names: dict[int, str]) -> object:
    """SQLSTATE, or (name, type) of each column."""
    raw, sql = connection.pgconn, entry["sql"].encode()
    numbers = {name: oid for oid, name in names.items()}
    if entry["proto"].startswith("simple"):
        result = raw.exec_(sql)
    elif entry["proto"] == "parse-only":
        result = raw.prepare(b"", sql)
        if result.status == pq.ExecStatus.COMMAND_OK:
            result = raw.describe_prepared(b"")
    else:
        values = [literal(value) for value in entry.get("params") or []]
        types = [numbers.get(name, 0) if name else 0 for name in entry.get("param_types") or []]
        result = raw.exec_params(sql, values, types if len(types) == len(values) else None)
    if raw.transaction_status != pq.TransactionStatus.IDLE:
        raw.exec_(b"ROLLBACK")
    if result.status == pq.ExecStatus.FATAL_ERROR:
        return (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    return [[(result.fname(n) or b"").decode(), names.get(result.ftype(n), "dynamic")] for n in range(result.nfields)]


def test_recorded_catalog_queries_have_the_columns_of_postgres(shop: Server) -> None:
    names = oids()
    report, count = [], 0
    with psycopg.connect(shop.dsn(), autocommit=True) as connection:
        for entry in statements():
            if any(word in entry["sql"] for word in UNLIKE) or ";" in entry["sql"].rstrip().rstrip(";"):
                continue
            count += 1
            expected: object = (entry.get("error") or {}).get("code") or entry.get("cols") or []
            found = answer(connection, entry, names)
            if found != expected and "oid:" not in str(expected):
                report.append(f"{entry['step']}: {entry['sql']}\n  expected {expected}\n  found {found}")
    assert count > 300
    assert not report, f"{len(report)} of {count} statements:\n" + "\n".join(report)
