"""Syntax: whether a text is a statement at all, for a Query of several, of which none runs if one cannot be read.

PostgreSQL: protocol-flow#PROTOCOL-FLOW-MULTI-STATEMENT
"""

from __future__ import annotations

import sqlglot
from sqlglot.errors import SqlglotError

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql import classify, scanner, verbatim
from pgiris.sql.commands import parse_command
from pgiris.sql.iris import IRIS
from pgiris.sql.iris.cursor import IrisSyntaxError
from pgiris.sql.postgres import Unparsable, parse
from pgiris.types.relation import Snapshot

_READ_BY_HAND = frozenset(("lock", "explain"))  # by their own modules, when they are planned


def check_syntax(text: str) -> None:
    """Raises 42601 for what neither PostgreSQL's grammar nor IRIS's knows, and 54001."""
    try:
        if parse_command(text) is not None or classify.early(text) is not None:
            return
        if classify.first_word(text) not in _READ_BY_HAND and not verbatim.is_iris(text):
            parse(text)
    except Unparsable:
        _check_iris(text)
    except PgError as error:
        if error.code in (sqlstate.SYNTAX_ERROR, sqlstate.STATEMENT_TOO_COMPLEX):
            raise


def _check_iris(text: str) -> None:
    verbatim.plan(text, (), Snapshot())  # its first word
    try:
        sqlglot.parse(text, read=IRIS)
    except IrisSyntaxError as error:
        raise scanner.syntax_error(text, scanner.next_token(text, min(error.position, len(text)))) from None
    except SqlglotError:
        raise scanner.syntax_error(text, scanner.next_token(text, 0)) from None
