"""Metrics: the table of everything that is counted, and its form for Prometheus.

Counting is for the hot path: plain ints and dicts, no locks, one thread per process. Prometheus's own objects are made when
somebody scrapes. Fields of Metrics are the table; docs/metrics.md is written from it by tools/renew_docs.py.

    metrics.bytes_received.value += len(data)
    metrics.statements["SELECT", "ok"] += 1
    metrics.statement_seconds.observe(seconds)
    metrics.lease_waiting.read = lambda: pool.counts.waiting     # asked at scrape
"""

# ruff: noqa: RUF009 - the fields of Metrics are the table, made by a function that returns dataclasses.field().

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector


class Counter:
    """``counter.value += 1``, or ``counter.read = function`` to ask somebody who counts already."""

    __slots__ = ("read", "value")

    def __init__(self) -> None:
        self.value: float = 0
        self.read: Callable[[], float] = lambda: self.value


class Gauge(Counter):
    """May fall, too."""

    __slots__ = ()


class Counters(dict[tuple[str, ...] | str, int]):
    """One counter per combination of labels, in the order of the table: ``counters["SELECT", "ok"] += 1``.

    Labels must come from closed sets, never from a client's text: each combination lives as long as the process.
    """

    def __missing__(self, labels: tuple[str, ...] | str) -> int:
        return 0


class Histogram:
    """Counts per bucket; bounds ascending, in the metric's unit."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def add(self, counts: Sequence[int], total: float) -> None:
        """What another histogram with the same bounds has observed."""
        self.counts = [own + theirs for own, theirs in zip(self.counts, counts, strict=True)]
        self.total += total

    def buckets(self) -> list[tuple[str, float]]:
        """(upper bound, how many are not above it), as Prometheus wants them."""
        labels, below, buckets = [*map(str, self._bounds), "+Inf"], 0, []
        for label, count in zip(labels, self.counts, strict=True):
            below += count
            buckets.append((label, float(below)))
        return buckets


STATEMENT_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
_WAIT_SECONDS = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 30.0)


def _metric(help_: str, make: Callable[[], Any], *labels: str) -> Any:
    return field(default_factory=make, metadata={"help": help_, "labels": labels})


@dataclass(frozen=True)
class Metrics:
    """One row each; the name for Prometheus is ``pgiris_`` and the field's name, counters with ``_total``."""

    connections_accepted: Counter = _metric("Connections that were accepted.", Counter)
    connections_open: Gauge = _metric("Connections that are open.", Gauge)
    connections_refused: Counters = _metric("Connections that a limit refused.", Counters, "limit")
    tls_handshakes: Counters = _metric("TLS handshakes.", Counters, "outcome")
    authentications: Counters = _metric("Authentications that came to an end.", Counters, "method", "outcome")
    bytes_received: Counter = _metric("Bytes that came from clients.", Counter)
    bytes_sent: Counter = _metric("Bytes that went to clients.", Counter)
    statements: Counters = _metric(
        "Statements that were executed, by command tag (none for those that failed); outcome is ok or error.",
        Counters,
        "tag",
        "outcome",
    )
    statement_seconds: Histogram = _metric(
        "Time from a statement's execution to its completion.", lambda: Histogram(STATEMENT_SECONDS)
    )
    errors: Counters = _metric("ErrorResponses that were sent.", Counters, "sqlstate")
    cancels: Counters = _metric(
        "Requests to cancel; outcome is sent, passed on (to another front) or unknown.", Counters, "outcome"
    )
    timeouts: Counters = _metric("Deadlines that passed, by setting.", Counters, "setting")
    plans: Counters = _metric("Look-ups in the plan cache; outcome is hit or miss.", Counters, "outcome")
    lent_clients: Gauge = _metric("Clients that a worker answers directly now.", Gauge)
    lent_statements: Counter = _metric("Statements that workers have answered directly, which are counted above too.", Counter)
    leases: Counter = _metric("Workers that were leased to a client.", Counter)
    leases_open: Gauge = _metric("Workers that are leased now.", Gauge)
    lease_waiting: Gauge = _metric("Clients that wait for a worker now.", Gauge)
    lease_wait_seconds: Histogram = _metric("Time that clients waited for a worker.", lambda: Histogram(_WAIT_SECONDS))
    lease_failures: Counter = _metric("Waits for a worker that ended without one.", Counter)
    workers: Gauge = _metric("Workers that are alive.", Gauge)
    workers_started: Counter = _metric("Workers that were started.", Counter)
    workers_lost: Counter = _metric("Workers that crashed or had to be killed.", Counter)
    reloads: Counters = _metric("Reloads of the configuration.", Counters, "outcome")


@dataclass(frozen=True)
class Row:
    """One line of the table, for documentation and scraping."""

    attribute: str
    help: str
    labels: tuple[str, ...]
    type: str

    @property
    def name(self) -> str:
        return f"pgiris_{self.attribute}"


def _rows() -> Iterator[Row]:
    types = {"Counter": "counter", "Counters": "counter", "Gauge": "gauge", "Histogram": "histogram"}
    for row in dataclasses.fields(Metrics):
        yield Row(row.name, row.metadata["help"], row.metadata["labels"], types[str(row.type)])


TABLE: tuple[Row, ...] = tuple(_rows())


class _Scrape(Collector):
    def __init__(self, metrics: Metrics, front: str) -> None:
        self._metrics = metrics
        self._front = front

    def collect(self) -> Iterator[Metric]:
        for row in TABLE:
            yield _family(row, getattr(self._metrics, row.attribute), self._front)


def _family(row: Row, kept: Counter | Counters | Gauge | Histogram, front: str) -> Metric:
    labels = ("front", *row.labels)
    match kept:
        case Gauge():
            gauge = GaugeMetricFamily(row.name, row.help, labels=labels)
            gauge.add_metric([front], kept.read())
            return gauge
        case Counter():
            counter = CounterMetricFamily(row.name, row.help, labels=labels)
            counter.add_metric([front], kept.read())
            return counter
        case Counters():
            counters = CounterMetricFamily(row.name, row.help, labels=labels)
            for values, count in list(kept.items()):
                counters.add_metric([front, *((values,) if isinstance(values, str) else values)], count)
            return counters
        case Histogram():
            histogram = HistogramMetricFamily(row.name, row.help, labels=labels)
            histogram.add_metric([front], kept.buckets(), kept.total)
            return histogram


class Exposition:
    """Metrics in the format that a scraper accepts. front: number of the front process, a label of everything."""

    def __init__(self, metrics: Metrics, front: int = 1) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Scrape(metrics, str(front)))

    def render(self, accept: str = "") -> tuple[bytes, str]:
        """(body, content type). accept: the request's Accept header."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
