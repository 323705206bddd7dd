"""Run: all checks on one backend, one line each. In: a function that opens sessions. Out: outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from pgiris.conformance.check import CHECKS, Open, Outcome, carry_out

_MODULES = ("values", "changes", "transactions", "metadata")


def load_checks() -> None:
    """Importing a module of checks adds them to CHECKS."""
    for module in _MODULES:
        import_module(f"pgiris.conformance.{module}")


def carry_out_all(open_session: Open) -> Iterator[Outcome]:
    load_checks()
    for one in CHECKS:
        yield carry_out(one, open_session)
