"""SQLCODE -> SQLSTATE: what IRIS says went wrong, in PostgreSQL's terms.

The table is iris-reference 6.2; -104, -105 and -400 say too little and are refined by IRIS's message (6.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgiris import sqlstate as s
from pgiris.errors import PgError


@dataclass(frozen=True)
class SqlCode:
    """state: SQLSTATE. text: PostgreSQL's wording where clients match it, with {table}, {column}, {constraint} to fill in."""

    code: int
    state: str
    text: str = ""


def _rows(state: str, *codes: int) -> tuple[SqlCode, ...]:
    return tuple(SqlCode(code, state) for code in codes)


TABLE: dict[int, SqlCode] = {
    row.code: row
    for row in (
        *_rows(s.SYNTAX_ERROR, -1, -3, -4, -10, -11, -12, -13, -14, -15, -16, -17, -18, -25, -26, -28, -32, -41, -42, -44, -45),
        *_rows(s.SYNTAX_ERROR, -46, -47, -48, -49, -50, -51, -53, -54, -57, -58, -59, -60, -62, -67, -68, -75, -76, -77, -80),
        *_rows(s.SYNTAX_ERROR, -81, -82, -83, -84, -85, -86, -116, -250, -326, -327, -328, -329, -386),
        *_rows(s.NUMERIC_VALUE_OUT_OF_RANGE, -2, -7),
        *_rows(s.INVALID_COLUMN_REFERENCE, -5, -6, -22),
        *_rows(s.INVALID_PARAMETER_VALUE, -8, -65, -129, -153),
        *_rows(s.DATATYPE_MISMATCH, -9, -64, -128, -258, -259, -303, -309, -371, -378, -431, -472, -483),
        *_rows(s.GROUPING_ERROR, -19, -73),
        *_rows(s.DUPLICATE_ALIAS, -20, -382),
        *_rows(s.FEATURE_NOT_SUPPORTED, -21, -36, -37, -40, -69, -70, -71, -72, -94, -96, -117, -143, -144, -154, -159, -160),
        *_rows(s.FEATURE_NOT_SUPPORTED, -161, -162, -163, -164, -165, -166, -178, -313, -372, -373, -374, -383, -385, -422),
        *_rows(s.FEATURE_NOT_SUPPORTED, -469, -474, -481),
        SqlCode(-478, s.FEATURE_NOT_SUPPORTED, "cached plan must not change result type"),
        SqlCode(-23, s.UNDEFINED_TABLE, 'missing FROM-clause entry for table "{table}"'),
        SqlCode(-24, s.AMBIGUOUS_COLUMN, 'column reference "{column}" is ambiguous'),
        SqlCode(-27, s.AMBIGUOUS_COLUMN, 'column reference "{column}" is ambiguous'),
        SqlCode(-29, s.UNDEFINED_COLUMN, 'column "{column}" does not exist'),
        SqlCode(-30, s.UNDEFINED_TABLE, 'relation "{table}" does not exist'),
        SqlCode(-31, s.UNDEFINED_COLUMN, 'column "{column}" does not exist'),
        SqlCode(-33, s.UNDEFINED_TABLE),
        *_rows(s.INTERNAL_ERROR, -34, -155, -241, -242, -251, -252, -253, -400, -411, -412, -415, -454, -460, -464, -465, -467),
        *_rows(s.INTERNAL_ERROR, -468),
        *_rows(s.OBJECT_NOT_IN_PREREQUISITE_STATE, -35, -38, -39, -325),
        *_rows(s.AMBIGUOUS_ALIAS, -43, -334),
        SqlCode(-52, s.INVALID_CURSOR_NAME),
        *_rows(s.INVALID_GRANT_OPERATION, -55, -56),
        *_rows(s.INVALID_CURSOR_STATE, -61, -101, -102, -103),
        SqlCode(-63, s.INVALID_ESCAPE_CHARACTER),
        *_rows(s.DUPLICATE_COLUMN, -66, -74, -97),
        SqlCode(-377, s.DUPLICATE_COLUMN, 'multiple assignments to same column "{column}"'),
        SqlCode(-306, s.DUPLICATE_COLUMN, 'column "{column}" of relation "{table}" already exists'),
        *_rows(s.INVALID_TRANSACTION_STATE, -78, -91, -92, -93),
        *_rows(s.INVALID_FOREIGN_KEY, -79, -319),
        SqlCode(-314, s.INVALID_FOREIGN_KEY, 'there is no unique constraint matching given keys for referenced table "{table}"'),
        SqlCode(-316, s.INVALID_FOREIGN_KEY, 'there is no unique constraint matching given keys for referenced table "{table}"'),
        *_rows(s.INVALID_NAME, -87, -88, -89, -90, -312, -343, -366),
        *_rows(s.INSUFFICIENT_PRIVILEGE, -95, -99, -112, -342),
        SqlCode(-98, s.TOO_MANY_CONNECTIONS),
        *_rows(s.DATA_EXCEPTION, -104, -105),
        SqlCode(-257, s.DATA_EXCEPTION, "different vector dimensions"),
        *_rows(s.NO_DATA, -106, -109),
        *_rows(s.GENERATED_ALWAYS, -107, -111, -138),
        SqlCode(-108, s.NOT_NULL_VIOLATION, 'null value in column "{column}" of relation "{table}" violates not-null constraint'),
        SqlCode(-110, s.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout"),
        SqlCode(-114, s.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout"),
        SqlCode(-150, s.LOCK_NOT_AVAILABLE),
        *_rows(s.PROGRAM_LIMIT_EXCEEDED, -113, -500),
        *_rows(s.WRONG_OBJECT_TYPE, -115, -300, -356, -357),
        *_rows(s.UNDEFINED_OBJECT, -118, -151, -152, -180, -181, -182, -360, -363),
        SqlCode(-315, s.UNDEFINED_OBJECT, 'constraint "{constraint}" of relation "{table}" does not exist'),
        SqlCode(-333, s.UNDEFINED_OBJECT, 'index "{constraint}" does not exist'),
        SqlCode(-119, s.UNIQUE_VIOLATION, 'duplicate key value violates unique constraint "{constraint}"'),
        SqlCode(-120, s.UNIQUE_VIOLATION, 'duplicate key value violates unique constraint "{constraint}"'),
        SqlCode(-125, s.UNIQUE_VIOLATION, 'could not create unique index "{constraint}"'),
        SqlCode(
            -121,
            s.FOREIGN_KEY_VIOLATION,
            'insert or update on table "{table}" violates foreign key constraint "{constraint}"',
        ),
        SqlCode(
            -122,
            s.FOREIGN_KEY_VIOLATION,
            'insert or update on table "{table}" violates foreign key constraint "{constraint}"',
        ),
        SqlCode(
            -123,
            s.FOREIGN_KEY_VIOLATION,
            'update or delete on table "{referenced}" violates foreign key constraint "{constraint}" on table "{table}"',
        ),
        SqlCode(
            -124,
            s.FOREIGN_KEY_VIOLATION,
            'update or delete on table "{referenced}" violates foreign key constraint "{constraint}" on table "{table}"',
        ),
        SqlCode(
            -127,
            s.FOREIGN_KEY_VIOLATION,
            'insert or update on table "{table}" violates foreign key constraint "{constraint}"',
        ),
        *_rows(s.DEPENDENT_OBJECTS_STILL_EXIST, -126, -317, -320, -321, -322, -475, -482),
        *_rows(s.TRIGGERED_ACTION_EXCEPTION, -130, -131, -132, -133, -134, -135),
        *_rows(s.WITH_CHECK_OPTION_VIOLATION, -136, -137),
        SqlCode(-139, s.T_R_SERIALIZATION_FAILURE),
        SqlCode(-140, s.SUBSTRING_ERROR),
        SqlCode(-141, s.INVALID_CHARACTER_VALUE_FOR_CAST),
        SqlCode(-142, s.INVALID_TABLE_DEFINITION),
        *_rows(s.INVALID_DATETIME_FORMAT, -146, -147),
        SqlCode(-148, s.UNDEFINED_PARAMETER),
        *_rows(s.EXTERNAL_ROUTINE_EXCEPTION, -149, -350, -425, -426, -430),
        SqlCode(-201, s.DUPLICATE_TABLE, 'relation "{table}" already exists'),
        SqlCode(-324, s.DUPLICATE_TABLE, 'relation "{constraint}" already exists'),
        SqlCode(-219, s.SYSTEM_ERROR),
        *_rows(s.FDW_ERROR, *range(-228, -219), *range(-237, -228)),
        SqlCode(-301, s.S_E_INVALID_SPECIFICATION),
        SqlCode(-375, s.S_E_INVALID_SPECIFICATION, 'savepoint "{constraint}" does not exist'),
        SqlCode(-302, s.RESERVED_NAME),
        SqlCode(-304, s.NOT_NULL_VIOLATION, 'column "{column}" of relation "{table}" contains null values'),
        SqlCode(-305, s.NOT_NULL_VIOLATION, 'column "{column}" of relation "{table}" contains null values'),
        SqlCode(-307, s.INVALID_TABLE_DEFINITION, 'multiple primary keys for table "{table}" are not allowed'),
        SqlCode(-308, s.INVALID_TABLE_DEFINITION),
        SqlCode(-310, s.UNDEFINED_TABLE, 'relation "{table}" does not exist'),
        SqlCode(-311, s.DUPLICATE_OBJECT, 'constraint "{constraint}" for relation "{table}" already exists'),
        *_rows(s.DUPLICATE_OBJECT, -364, -365),
        SqlCode(-340, s.INVALID_CATALOG_NAME, 'database "{table}" does not exist'),
        SqlCode(-341, s.DUPLICATE_DATABASE),
        SqlCode(-344, s.OBJECT_IN_USE),
        SqlCode(-358, s.AMBIGUOUS_FUNCTION),
        SqlCode(-361, s.AMBIGUOUS_FUNCTION),
        SqlCode(-359, s.UNDEFINED_FUNCTION, "function {constraint} does not exist"),
        *_rows(s.UNDEFINED_FUNCTION, -362, -370, -380, -381, -427, -428, -429),
        SqlCode(-376, s.CANNOT_COERCE),
        *_rows(s.CONNECTION_FAILURE, -401, -405, -406, -407, -408, -451, -461),
        *_rows(s.CONNECTION_FAILURE, *range(-11002, -10049)),
        SqlCode(-402, s.INVALID_PASSWORD),
        *_rows(s.PROTOCOL_VIOLATION, -409, -413, -452),
        SqlCode(-410, s.INVALID_CATALOG_NAME),
        *_rows(s.WARNING, -416, -470),
        *_rows(s.INVALID_AUTHORIZATION_SPECIFICATION, -417, -459),
        SqlCode(-432, s.CARDINALITY_VIOLATION),
        SqlCode(-450, s.QUERY_CANCELED, "canceling statement due to statement timeout"),
        SqlCode(-456, s.QUERY_CANCELED, "canceling statement due to user request"),
        SqlCode(-453, s.SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION),
        SqlCode(-462, s.OUT_OF_MEMORY),
        *_rows(s.UNDEFINED_PARAMETER, -463, -466),
        SqlCode(-471, s.DUPLICATE_CURSOR),
        SqlCode(-473, s.INVALID_SCHEMA_NAME, 'schema "{table}" does not exist'),
        SqlCode(-476, s.DUPLICATE_SCHEMA, 'schema "{table}" already exists'),
    )
}

# IRIS's message of -104, -105 or -400 -> SQLSTATE; the first that fits decides.
_REFINED: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), state, text)
    for pattern, state, text in (
        (r"MAXLEN|length", s.STRING_DATA_RIGHT_TRUNCATION, ""),
        (r"MAXVAL|MINVAL|range", s.NUMERIC_VALUE_OUT_OF_RANGE, ""),
        (r"VALUELIST", s.CHECK_VIOLATION, ""),
        (r"%(Library\.)?(Date|Time|TimeStamp|PosixTime)", s.INVALID_DATETIME_FORMAT, ""),
        (r"numeric|%(Library\.)?(Integer|Numeric|Double|BigInt)", s.INVALID_TEXT_REPRESENTATION, ""),
    )
)
_FATAL: tuple[tuple[str, str, str], ...] = (
    ("<PROTECT>", s.INSUFFICIENT_PRIVILEGE, ""),
    ("<STORE>", s.OUT_OF_MEMORY, ""),
    ("<MAXSTRING>", s.PROGRAM_LIMIT_EXCEEDED, ""),
    ("<TRANSACTION LEVEL>", s.STATEMENT_TOO_COMPLEX, ""),
    ("<DIVIDE>", s.DIVISION_BY_ZERO, "division by zero"),
    ("Unable to acquire lock", s.LOCK_NOT_AVAILABLE, ""),
)
_FIRST_SYNTAX_CODE = -100  # codes from here up are raised when a statement is prepared


def state_of(code: int, message: str = "") -> tuple[str, str]:
    """(SQLSTATE, PostgreSQL's wording or an empty string)"""
    if code in (-104, -105):
        for pattern, state, text in _REFINED:
            if pattern.search(message):
                return state, text
    if code == -400:
        for words, state, text in _FATAL:
            if words in message:
                return state, text
    row = TABLE.get(code)
    if row is None:
        return (s.SYNTAX_ERROR if _FIRST_SYNTAX_CODE <= code < 0 else s.INTERNAL_ERROR), ""
    return row.state, row.text


def pg_error(
    code: int,
    message: str,
    *,
    schema: str | None = None,
    table: str | None = None,
    column: str | None = None,
    constraint: str | None = None,
    referenced: str | None = None,
    text: str | None = None,
    state: str | None = None,
) -> PgError:
    """An SQLCODE with IRIS's message -> PgError.

    The error speaks PostgreSQL's words when it has some, and then tells IRIS's own in its detail. text and state override
    the table's; referenced: the other table of a foreign key.
    """
    found_state, wording = state_of(code, message)
    fields = {"table": table, "column": column, "constraint": constraint, "referenced": referenced}
    if text is None and wording:
        text = wording.format_map({key: value or "" for key, value in fields.items()})
    return PgError(
        state or found_state,
        text or message,
        detail=f"SQLCODE {code}: {message}",
        schema=schema,
        table=table,
        column=column,
        constraint=constraint,
    )


# Messages of the IRIS drivers (iris-reference 3.7).

_CODE = re.compile(r"\[SQLCODE: <(-?\d+)>:<(.*?)>\]", re.DOTALL)
_MESSAGE = re.compile(r"\[%msg: <\s*(.*)>\]", re.DOTALL)
_CONSTRAINT = re.compile(r"Constraint '([^']+)'")
_TABLE = re.compile(r"[Tt]able '(?:([^'.]+)\.)?([^']+)'")
_REQUIRED = re.compile(r"'([^']+)' in table")
_FIELD = re.compile(r"Field '(?:[^']*\.)?([^'.]+)'")


def from_driver(message: str) -> PgError | None:
    """An error text of the DB-API driver -> PgError. None when it carries no SQLCODE."""
    match = _CODE.search(message)
    if match is None:
        return None
    told = _MESSAGE.search(message)
    return from_message(int(match[1]), told[1] if told else match[2])


def from_message(code: int, message: str) -> PgError:
    """SQLCODE and %msg -> PgError with the names that the message tells."""
    constraint, table, required, field = (pattern.search(message) for pattern in (_CONSTRAINT, _TABLE, _REQUIRED, _FIELD))
    column = required[1] if code == -108 and required else field[1] if field else None
    return pg_error(
        -abs(code),
        message.strip(),
        schema=table[1] if table else None,
        table=table[2] if table else None,
        column=column,
        constraint=constraint[1] if constraint else None,
    )
