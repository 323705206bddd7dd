"""A process of its own that makes libpq exchange many kinds of messages and trace them: ``libpq_client DSN FILE``.

A process, since libpq's calls do not let other threads of Python run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from psycopg import pq


def finish(connection: pq.PGconn) -> None:
    while connection.get_result() is not None:
        pass


def converse(connection: pq.PGconn) -> None:
    """As many kinds of messages as libpq can be brought to exchange."""
    connection.exec_(b"SELECT 1 AS a, NULL AS b, E'x\\ty'::text, '\\xff00'::bytea")
    connection.exec_params(b"SELECT $1::int, $2, $3::bytea", [b"\0\0\0\5", None, b"abc"], [23, 25, 17], [1, 0, 0], 1)
    connection.prepare(b"s", b"SELECT $1::int4")
    connection.describe_prepared(b"s")
    connection.exec_prepared(b"s", [b"7"])
    connection.describe_portal(b"nope")
    connection.exec_(b"selec 'x'")
    connection.exec_(b"")
    connection.exec_(b"DO $$BEGIN RAISE NOTICE 'hi'; END$$")
    connection.exec_(b"LISTEN x; NOTIFY x, 'p'")
    connection.exec_(b"SET application_name TO 'q'")
    connection.exec_(b"CREATE TEMP TABLE t (a int)")
    for ending in (None, b"why"):
        connection.exec_(b"COPY t FROM STDIN")
        connection.put_copy_data(b"1\n")
        connection.put_copy_end(ending)
        finish(connection)
    connection.exec_(b"COPY t TO STDOUT (FORMAT binary)")
    while connection.get_copy_data(0)[0] > 0:
        pass
    finish(connection)


def main(dsn: str, file: str) -> None:
    connection = pq.PGconn.connect(dsn.encode())
    if connection.status != pq.ConnStatus.OK:
        sys.exit(connection.error_message.decode())
    with Path(file).open("wb") as out:
        connection.trace(out.fileno())
        connection.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        converse(connection)
        connection.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
