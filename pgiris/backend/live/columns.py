"""Columns: what IRIS's metadata say of a result column -> its PostgreSQL type.

In: clientType of %SQL.StatementColumn, or the type code in a cursor's description. iris-reference 2.2, 3.5, 5.1
"""

from __future__ import annotations

import re

from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.rows import Column
from pgiris.types.table import numeric_typmod

# %SQL.StatementColumn, clientType
CLIENT_TYPES: dict[int, Oid] = {
    1: oids.BYTEA,  # BINARY
    2: oids.DATE,
    3: oids.FLOAT8,
    4: oids.TEXT,  # HANDLE
    5: oids.INT4,
    6: oids.TEXT,  # LIST
    7: oids.TEXT,  # LONGVARCHAR
    8: oids.TIME,
    9: oids.TIMESTAMP,
    10: oids.TEXT,  # VARCHAR
    11: oids.TEXT,  # STATUS
    12: oids.BYTEA,  # BINARYSTREAM
    13: oids.TEXT,  # CHARACTERSTREAM
    14: oids.NUMERIC,
    15: oids.NUMERIC,  # CURRENCY
    16: oids.BOOL,
    17: oids.TEXT,  # OID
    18: oids.INT8,
    19: oids.DATE,  # FDATE
    20: oids.TIMESTAMP,  # FTIMESTAMP
}
# ODBC and driver codes, iris.dbapi.SQLType
SQL_TYPES: dict[int, Oid] = {
    -5: oids.INT8,
    -2: oids.BYTEA,
    -7: oids.BOOL,
    1: oids.TEXT,
    3: oids.NUMERIC,
    8: oids.FLOAT8,
    6: oids.FLOAT8,
    -11: oids.UUID,
    4: oids.INT4,
    -4: oids.BYTEA,
    -1: oids.TEXT,
    0: oids.TEXT,
    2: oids.NUMERIC,
    7: oids.FLOAT8,
    -12: oids.INT8,
    5: oids.INT2,
    9: oids.DATE,
    10: oids.TIME,
    11: oids.TIMESTAMP,
    -6: oids.INT2,
    91: oids.DATE,
    92: oids.TIME,
    93: oids.TIMESTAMP,
    -3: oids.BYTEA,
    12: oids.TEXT,
    -8: oids.TEXT,
    -10: oids.TEXT,
    -9: oids.TEXT,
    1091: oids.DATE,
    1092: oids.TIME,
    1093: oids.TIMESTAMP,
}
# Names that IRIS makes up for expressions, literals and aggregates without an alias.
_MADE_UP = re.compile(r"(?:Expression|Aggregate|HostVar|Literal|Window|Subquery)_\d+")
UNNAMED = "?column?"


def column(
    name: str, client_type: int | None, sql_type: int, precision: int | None, scale: int | None, expression: bool
) -> Column:
    """client_type: None when only the driver's code is known. expression: it is no column of a table."""
    oid = CLIENT_TYPES.get(client_type, oids.TEXT) if client_type is not None else SQL_TYPES.get(sql_type, oids.TEXT)
    if client_type == 5 and sql_type in (5, -6):
        oid = oids.INT2
    if client_type == 10 and sql_type == -11:
        oid = oids.UUID
    typmod = -1
    if oid == oids.NUMERIC and not expression and precision:
        typmod = numeric_typmod(precision, scale or 0)
    return Column(UNNAMED if _MADE_UP.fullmatch(name) else name, oid, typmod)
