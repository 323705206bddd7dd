"""Report: what a conformance run and a probe found, as Markdown that a user can send."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pgiris.conformance.check import Outcome
from pgiris.conformance.probe import Answer


def facts(server: str) -> Iterator[str]:
    """What it ran on. server: IRIS's $ZVERSION."""
    yield f"- IRIS: {server}"
    for package in ("pgiris", "intersystems-irispython"):
        try:
            yield f"- {package}: {version(package)}"
        except PackageNotFoundError:
            yield f"- {package}: not installed"
    yield f"- Python: {sys.version.split()[0]} on {platform.platform()}"


def markdown(server: str, outcomes: Sequence[Outcome], answers: Iterable[Answer]) -> str:
    bad = [outcome for outcome in outcomes if outcome.problem]
    lines = ["# pgiris on a real IRIS", "", *facts(server), f"- checks: {len(outcomes) - len(bad)} agree, {len(bad)} do not", ""]
    lines += ["## Checks", ""]
    for outcome in outcomes:
        lines.append(f"- {'**NO**' if outcome.problem else 'yes'} ({outcome.seconds:.2f} s) {outcome.statement}")
        if outcome.problem:
            lines.append(f"  - {_line(outcome.problem)}")
    lines += ["", "## Questions", ""]
    for answer in answers:
        lines += [f"- {answer.number}. `{_line(answer.question)[:300]}` ({answer.seconds:.3f} s)", f"  - {_line(answer.answer)}"]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
