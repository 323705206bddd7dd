"""Processes that a test started, found through /proc by a mark in their environment, whoever their parent is by now."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = "PGIRIS_TEST_MARK"
WORKER_MODULE = "pgiris.backend.worker.spawn"  # the process that forks workers, and they themselves


@dataclass(frozen=True)
class Mark:
    """Set in the environment of a process, it is found in those of all its descendants."""

    value: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def environment(self) -> dict[str, str]:
        return {VARIABLE: self.value}

    def processes(self) -> list[Process]:
        """Living descendants; zombies do not count."""
        wanted = f"{VARIABLE}={self.value}".encode()
        found = []
        for directory in Path("/proc").iterdir():
            if directory.name.isdigit():
                try:
                    if wanted in (directory / "environ").read_bytes().split(b"\0"):
                        found.append(Process(int(directory.name)))
                except OSError:
                    continue  # gone, or not ours
        return sorted(found)

    def wait_until_gone(self, seconds: float) -> list[Process]:
        """Those that are left after that time."""
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left


@dataclass(frozen=True, order=True)
class Process:
    pid: int

    @property
    def command(self) -> str:
        try:
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            return ""

    @property
    def name(self) -> str:
        """As ps shows it; of a process that is gone, nothing."""
        try:
            return Path(f"/proc/{self.pid}/comm").read_text().strip()
        except OSError:
            return ""

    @property
    def parent(self) -> int:
        return int(Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[1])

    @property
    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def own_bytes(self) -> int:
        """Memory that is not shared with any other process; of a process that is gone, nothing."""
        try:
            lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))

    def __str__(self) -> str:
        return f"{self.pid} {self.command}"


def with_children(pid: int) -> list[Process]:
    """A process and its direct children. PostgreSQL's write their titles over the environment, so a Mark does not find them."""
    found = [Process(pid)]
    for directory in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if directory.name.isdigit() and Process(int(directory.name)).parent == pid:
                found.append(Process(int(directory.name)))
    return found


def is_worker_side(process: Process) -> bool:
    return WORKER_MODULE in process.command


def workers(processes: list[Process]) -> list[Process]:
    """Workers of backends, without the process that forked them and without the catalog's."""
    side = [process for process in processes if is_worker_side(process)]
    pids = {process.pid for process in side}
    return [process for process in side if process.parent in pids and process.name != "pgiris-catalog"]


def fronts(processes: list[Process]) -> list[Process]:
    return [process for process in processes if not is_worker_side(process)]
