"""What ``pgiris serve --sample`` prints for somebody new is a command that works at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("options", [(), ("--host", "*"), ("--fronts", "2")], ids=["loopback", "all addresses", "two fronts"])
def test_the_printed_command_connects_without_waiting(tmp_path: Path, options: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "pgiris", "serve", "--sample", "--port", "0", *options]
    command += ["--sandbox-path", str(tmp_path / "sandbox"), "--users-file", str(tmp_path / "users")]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        printed = server.stdout.readline().split()
        assert printed[0] == "psql", (tmp_path / "log").read_text()
        done = subprocess.run(
            [*printed, "-X", "-A", "-t", "-c", "SELECT count(*) > 0 FROM customers", "-c", "SHOW port"],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (0, f"t\n{printed[4]}\n"), done.stderr
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert server.returncode == 0
