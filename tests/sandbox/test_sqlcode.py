"""SQLCODE to SQLSTATE."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pgiris import sqlstate
from pgiris.backend import sqlcode

STATES = {value for name, value in vars(sqlstate).items() if name.isupper()}


def test_every_row_has_a_sqlstate_that_postgresql_knows() -> None:
    assert {row.state for row in sqlcode.TABLE.values()} <= STATES


def test_no_code_stands_twice_in_the_table() -> None:
    text = Path(sqlcode.__file__).read_text(encoding="utf-8")
    body = text[text.index("TABLE: dict") : text.index("# IRIS's message")]
    body = re.sub(r"range\([^)]*\)", "", body)
    codes = re.findall(r"-\d+", re.sub(r'"[^"]*"', "", body))
    assert len(codes) == len(set(codes))


REFINED = [
    (-104, "Field 'T.A' (value 'x') length longer than MAXLEN allowed of 5", sqlstate.STRING_DATA_RIGHT_TRUNCATION),
    (-105, "Value '300' greater than MAXVAL allowed of 127", sqlstate.NUMERIC_VALUE_OUT_OF_RANGE),
    (-104, "value is not in VALUELIST", sqlstate.CHECK_VIOLATION),
    (-104, "not a valid %Date", sqlstate.INVALID_DATETIME_FORMAT),
    (-104, "not a valid numeric", sqlstate.INVALID_TEXT_REPRESENTATION),
    (-104, "failed validation", sqlstate.DATA_EXCEPTION),
    (-400, "<PROTECT>zRun+1", sqlstate.INSUFFICIENT_PRIVILEGE),
    (-400, "<STORE>zRun+1", sqlstate.OUT_OF_MEMORY),
    (-400, "<MAXSTRING>", sqlstate.PROGRAM_LIMIT_EXCEEDED),
    (-400, "<DIVIDE>zRun", sqlstate.DIVISION_BY_ZERO),
    (-400, "Unable to acquire lock on table", sqlstate.LOCK_NOT_AVAILABLE),
    (-400, "<UNDEFINED>x", sqlstate.INTERNAL_ERROR),
    (-119, "", sqlstate.UNIQUE_VIOLATION),
    (-9999, "", sqlstate.INTERNAL_ERROR),
    (-87654, "", sqlstate.INTERNAL_ERROR),
    (-99, "", sqlstate.INSUFFICIENT_PRIVILEGE),
    (-5555, "", sqlstate.INTERNAL_ERROR),
    (-56, "", sqlstate.INVALID_GRANT_OPERATION),
]


@pytest.mark.parametrize(("code", "message", "state"), REFINED)
def test_a_code_and_its_message_decide_the_sqlstate(code: int, message: str, state: str) -> None:
    assert sqlcode.state_of(code, message)[0] == state


def test_a_driver_s_text_tells_code_and_names() -> None:
    text = (
        "<SQL ERROR>; Details: [SQLCODE: <-119>:<UNIQUE or PRIMARY KEY constraint failed uniqueness check>]\r\n"
        "[Location: <ServerLoop>]\r\n[%msg: <Table 'SQLUser.T', Constraint 'T_PKEY2', Field(s) id=1; failed unique check>]"
    )
    error = sqlcode.from_driver(text)
    assert error is not None
    assert error.code == sqlstate.UNIQUE_VIOLATION
    assert error.message == 'duplicate key value violates unique constraint "T_PKEY2"'
    assert (error.schema, error.table, error.constraint) == ("SQLUser", "T", "T_PKEY2")


def test_a_driver_s_text_without_a_message_gives_the_codes_own() -> None:
    error = sqlcode.from_driver("<SQL ERROR>; Details: [SQLCODE: <-1>:<Invalid SQL statement>]")
    assert error is not None and (error.code, error.message) == (sqlstate.SYNTAX_ERROR, "Invalid SQL statement")
    assert sqlcode.from_driver("<COMMUNICATION LINK ERROR> Failed") is None


def test_a_required_field_is_named() -> None:
    error = sqlcode.from_message(-108, "'Name' in table 'SQLUser.T' is a required field")
    assert (error.code, error.column, error.table) == (sqlstate.NOT_NULL_VIOLATION, "Name", "T")
    assert error.message == 'null value in column "Name" of relation "T" violates not-null constraint'


def test_a_missing_table_and_a_missing_field_are_named() -> None:
    assert sqlcode.from_message(-30, "Table 'SQLUSER.X' not found").message == 'relation "X" does not exist'
    assert (
        sqlcode.from_message(-29, "Field 'C' not found in the applicable tables^ SELECT").message == 'column "C" does not exist'
    )
