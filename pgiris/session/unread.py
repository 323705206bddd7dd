"""Unread: statements that are no PostgreSQL that the parser knows, and are no IRIS SQL either."""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.plan import Plan
from pgiris.sql.verbatim import UNREAD

_OF_THE_TEXT = frozenset((sqlstate.SYNTAX_ERROR, sqlstate.INVALID_NAME, sqlstate.UNDEFINED_FUNCTION))
_HINT = "pgiris does not know the statement as PostgreSQL and gave it to IRIS as it is; the error is of IRIS."


def explain(error: PgError, plan: Plan) -> None:
    """What IRIS's parser says of PostgreSQL's words needs a word of explanation."""
    if error.code in _OF_THE_TEXT and UNREAD in plan.rules and error.hint is None:
        error.hint = _HINT
