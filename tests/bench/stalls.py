"""Stalls: how long others wait at most while a long statement is read, planned and run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from tests.bench.measure import Bench, Result
from tests.support.servers import Server
from tests.support.wire import SYNC, Wire, bind, execute, parse, query

MEGABYTE = 1_000_000
PARAMETERS = 10_000
ASKED = query("SHOW server_version")  # the front of pgiris answers it
PAUSE_S = 0.001


def stalls(bench: Bench) -> Iterator[Result]:
    for name, messages in statements().items():
        title = f"longest answer to another client beside {name}"
        yield bench.compare(title, "ms", lambda s, m=messages: longest_ms(s, m), less_is_better=True)


def statements() -> dict[str, Sequence[bytes]]:
    rows = ", ".join(f"({number}, 'text of item {number}', {number}.50)" for number in range(MEGABYTE // 40))
    insert = f"INSERT INTO bench_stalls (id, name, price) VALUES {rows}"[:MEGABYTE].rpartition(", (")[0]
    items = ",".join(map(str, range(MEGABYTE)))[:MEGABYTE].rpartition(",")[0]
    places = ", ".join(f"(${number}, ${number + 1})" for number in range(1, PARAMETERS, 2))
    values = [str(number).encode() for number in range(PARAMETERS)]
    return {
        "an INSERT of 1 MB": [query(insert)],
        "a literal of 1 MB": [query(f"INSERT INTO bench_stalls (id, name) VALUES (1, '{'x' * MEGABYTE}')")],
        "an IN list of 1 MB": [query(f"SELECT count(*) FROM bench_stalls WHERE id IN ({items})")],
        f"an INSERT of {PARAMETERS:,} parameters": [
            parse(f"INSERT INTO bench_stalls (id, name) VALUES {places}"), bind(values), execute(), SYNC,
        ],
    }  # fmt: skip


def longest_ms(server: Server, messages: Sequence[bytes]) -> float:
    with Wire(server, timeout_s=120) as writer, Wire(server) as reader:
        writer.ask(query("DROP TABLE IF EXISTS bench_stalls"))
        writer.ask(query("CREATE TABLE bench_stalls (id int PRIMARY KEY, name text, price numeric(10,2))"))
        ended, times = threading.Event(), [0.0]

        def ask() -> None:
            while not ended.is_set():
                started = time.perf_counter()
                reader.ask(ASKED)
                times.append(time.perf_counter() - started)
                time.sleep(PAUSE_S)

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            replies = writer.ask(*messages)
        finally:
            ended.set()
            thread.join()
        assert not any(reply.startswith("E ") for reply in replies), replies
        return max(times) * 1000
