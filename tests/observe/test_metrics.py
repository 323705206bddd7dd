from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from pgiris.observe.metrics import TABLE, Exposition, Histogram, Metrics


def samples(metrics: Metrics, front: int = 1) -> dict[tuple[str, ...], float]:
    """(name, label values without the front's and in the order of their labels' names) -> value."""
    body, content_type = Exposition(metrics, front).render()
    assert content_type.startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(body.decode()):
        for sample in family.samples:
            assert sample.labels.pop("front") == str(front)
            found[(sample.name, *(value for _, value in sorted(sample.labels.items())))] = sample.value
    return found


def test_counts_appear_under_their_names_and_labels() -> None:
    metrics = Metrics()
    metrics.bytes_received.value += 10
    metrics.bytes_received.value += 5
    metrics.statements["SELECT", "ok"] += 1
    metrics.statements["SELECT", "ok"] += 1
    metrics.statements["INSERT", "error"] += 1
    metrics.errors["42P01"] += 1
    metrics.connections_open.value += 1
    found = samples(metrics, front=3)
    assert found["pgiris_bytes_received_total",] == 15
    assert found["pgiris_statements_total", "ok", "SELECT"] == 2
    assert found["pgiris_statements_total", "error", "INSERT"] == 1
    assert found["pgiris_errors_total", "42P01"] == 1
    assert found["pgiris_connections_open",] == 1


def test_what_somebody_else_counts_is_asked_for_at_scrape() -> None:
    metrics = Metrics()
    waiting = [1, 2, 3]
    metrics.lease_waiting.read = lambda: len(waiting)
    metrics.workers_started.read = lambda: 7
    assert samples(metrics)["pgiris_lease_waiting",] == 3
    waiting.pop()
    found = samples(metrics)
    assert (found["pgiris_lease_waiting",], found["pgiris_workers_started_total",]) == (2, 7)


def test_a_histogram_counts_what_is_not_above_each_bound() -> None:
    histogram = Histogram((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 1.0, 7.0):
        histogram.observe(value)
    assert histogram.buckets() == [("0.1", 2.0), ("1.0", 4.0), ("+Inf", 5.0)]
    assert histogram.total == 8.65


def test_statement_times_are_scraped_with_count_and_sum() -> None:
    metrics = Metrics()
    metrics.statement_seconds.observe(0.0003)
    metrics.statement_seconds.observe(100)
    found = samples(metrics)
    assert found["pgiris_statement_seconds_bucket", "0.0005"] == 1
    assert found["pgiris_statement_seconds_bucket", "+Inf"] == 2
    assert found["pgiris_statement_seconds_count",] == 2
    assert found["pgiris_statement_seconds_sum",] == 100.0003


def test_every_row_of_the_table_is_exposed() -> None:
    body, _ = Exposition(Metrics()).render()
    names = {family.name for family in text_string_to_metric_families(body.decode())}
    assert names == {row.name for row in TABLE}
    assert all(row.help.endswith(".") for row in TABLE)


def test_two_sets_of_metrics_do_not_share_anything() -> None:
    first, second = Metrics(), Metrics()
    first.statements["SELECT", "ok"] += 1
    first.statement_seconds.observe(1)
    assert samples(second)["pgiris_statement_seconds_count",] == 0
    assert ("pgiris_statements_total", "ok", "SELECT") not in samples(second)


def test_openmetrics_is_spoken_when_a_scraper_asks_for_it() -> None:
    body, content_type = Exposition(Metrics()).render("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")
