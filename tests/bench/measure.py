"""Measuring: the same work on both servers in turn, medians, ratios; and pgbench."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import Server

Measure = Callable[[Server], float]
ACCOUNTS = 100_000  # rows of bench_accounts
NUMBERS = 1_000  # rows of bench_numbers; crossed with itself: a million


@dataclass(frozen=True)
class Result:
    """Medians. A ratio above 1 means that pgiris does better."""

    name: str
    unit: str
    postgres: float | None
    pgiris: float
    less_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        if self.postgres is None or not self.postgres or not self.pgiris:
            return None
        return self.postgres / self.pgiris if self.less_is_better else self.pgiris / self.postgres


@dataclass(frozen=True)
class Bench:
    """Two servers that hold the same data. scripts: where pgbench's go."""

    postgres: Server
    pgiris: Server
    scripts: Path
    rounds: int
    seconds: int

    def compare(self, name: str, unit: str, measure: Measure, *, less_is_better: bool = False) -> Result:
        """Rounds alternate, PostgreSQL first."""
        found: dict[str, list[float]] = {"postgres": [], "pgiris": []}
        for _ in range(self.rounds):
            for server in (self.postgres, self.pgiris):
                found[server.kind].append(measure(server))
        medians = {kind: statistics.median(values) for kind, values in found.items()}
        return Result(name, unit, medians["postgres"], medians["pgiris"], less_is_better)

    def script(self, name: str, text: str) -> str:
        path = self.scripts / name
        path.write_text(text)
        return str(path)

    def timed(self, *options: str) -> tuple[str, ...]:
        """pgbench's options with how long it takes."""
        return (*options, "-T", str(self.seconds))


def pgbench(server: Server, *options: str, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        ["pgbench", "-n", *options],
        env=server.environment | dict(environment or {}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode or "number of failed transactions: 0 " not in done.stdout:
        sys.exit(f"pgbench failed on {server.kind}:\n{done.stdout}")
    return done.stdout


def rate(server: Server, *options: str, environment: Mapping[str, str] | None = None) -> float:
    """Transactions per second, without the time to connect (with it for -C)."""
    found = re.search(r"tps = ([\d.]+)", pgbench(server, *options, environment=environment))
    assert found
    return float(found[1])
