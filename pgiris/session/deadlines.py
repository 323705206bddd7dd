"""Deadlines: the timeouts of one session's statements, transactions and idleness.

PostgreSQL: runtime-config-client#GUC-STATEMENT-TIMEOUT and those behind it
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from pgiris import sqlstate
from pgiris.errors import FatalError, PgError
from pgiris.observe.metrics import Metrics
from pgiris.session.settings import View

TRANSACTION_TIMEOUT = "25P04"  # since PostgreSQL 17, so not in sqlstate.py


class Deadlines:
    """passed: told the error of a statement's or a transaction's deadline that has passed."""

    def __init__(self, metrics: Metrics, passed: Callable[[PgError], None]) -> None:
        self._metrics = metrics
        self._passed = passed
        self._statement: asyncio.TimerHandle | None = None
        self._transaction: asyncio.TimerHandle | None = None

    def begin(self, view: View) -> None:
        """A statement begins, and perhaps a transaction with it."""
        if view.statement_timeout_s is not None and self._statement is None:
            self._statement = self._timer(view.statement_timeout_s, "statement_timeout")
        if view.transaction_timeout_s is not None and self._transaction is None:
            self._transaction = self._timer(view.transaction_timeout_s, "transaction_timeout")

    def end_statement(self) -> None:
        if self._statement is not None:
            self._statement.cancel()
            self._statement = None

    def end_transaction(self) -> None:
        if self._transaction is not None:
            self._transaction.cancel()
            self._transaction = None

    def error(self, setting: str) -> PgError:
        """Of the deadline that has passed."""
        self._metrics.timeouts[setting] += 1
        kind, code, message = _TIMEOUTS[setting]
        return kind(code, message)

    def _timer(self, seconds: float, setting: str) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, lambda: self._passed(self.error(setting)))


_TIMEOUTS: Mapping[str, tuple[type[PgError], str, str]] = {
    "statement_timeout": (PgError, sqlstate.QUERY_CANCELED, "canceling statement due to statement timeout"),
    "transaction_timeout": (FatalError, TRANSACTION_TIMEOUT, "terminating connection due to transaction timeout"),
    "idle_session_timeout": (
        FatalError,
        sqlstate.IDLE_SESSION_TIMEOUT,
        "terminating connection due to idle-session timeout",
    ),
    "idle_in_transaction_session_timeout": (
        FatalError,
        sqlstate.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        "terminating connection due to idle-in-transaction timeout",
    ),
}
