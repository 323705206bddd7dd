"""Notes that a session has made: what happens where none may be kept."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import execution


class Refusing:
    """A keeper of a user who may not write notes."""

    async def ask(self, action: str, *arguments: Any) -> None:
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, "permission denied for table Notes")


def noting(action: str, *arguments: Any) -> list[PgError]:
    heard: list[PgError] = []
    session: Any = SimpleNamespace(database=SimpleNamespace(keeper=Refusing()), notify_all=heard.extend)
    asyncio.run(execution.note(session, action, arguments))
    return heard


def test_the_order_of_an_index_that_cannot_be_kept_is_a_warning() -> None:
    (told,) = noting("set_part", "SQLUser", "t", "index", "t_a", {"order": [3]})
    assert told.severity == "WARNING"
    assert told.message == "how index t_a was declared is not kept: permission denied for table Notes"


def test_what_rows_depend_on_is_an_error() -> None:
    with pytest.raises(PgError, match="permission denied"):
        noting("set_default", "SQLUser", "t", "a", None, "now()")
