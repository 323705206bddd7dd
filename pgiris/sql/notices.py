"""Notices: what the client hears beside the answer. docs/statements.md lists the texts of these calls."""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError


def warning(message: str) -> PgError:
    """Something that was asked for is not done."""
    return PgError(sqlstate.WARNING, message, "WARNING")


def notice(message: str, code: str = sqlstate.SUCCESSFUL_COMPLETION) -> PgError:
    """Something that PostgreSQL tells too, or that makes no difference."""
    return PgError(code, message, "NOTICE")
