"""INFORMATION_SCHEMA: IRIS's views of the dictionary and of what runs, as virtual tables of SQLite.

Names and order of the columns are those of the classes INFORMATION.SCHEMA.* (class reference, 2024.1). iris-reference 9.1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import apsw

from pgiris.backend.sandbox.iristypes import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    LIST,
    NUMERIC,
    SQLUPPER,
    STRING,
    TIMESTAMP,
    IrisType,
    Kind,
)
from pgiris.backend.sandbox.schema_rows import Rows
from pgiris.backend.sqlcode import pg_error

NAME = STRING.collated(SQLUPPER)  # filters ignore case
_TYPES = {
    "": NAME,
    "i": INTEGER,
    "s": IrisType(Kind.INTEGER, "SMALLINT"),
    "t": IrisType(Kind.INTEGER, "TINYINT"),
    "big": BIGINT,
    "b": IrisType(Kind.BIT, "BIT"),
    "d": DOUBLE,
    "n": NUMERIC,
    "date": DATE,
    "ts": TIMESTAMP,
    "list": LIST,
}
# A column's type stands behind a colon, and an exclamation mark behind what SELECT * does not show.
_TABLE = "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME"
_CONSTRAINT = "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME"
_VIEW = "VIEW_CATALOG VIEW_SCHEMA VIEW_NAME"
_SPECIFIC = "SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME"
_TO_SQL = "TO_SQL_SPECIFIC_CATALOG TO_SQL_SPECIFIC_SCHEMA TO_SQL_SPECIFIC_NAME"
_SIZES = (
    "CHARACTER_MAXIMUM_LENGTH:i CHARACTER_OCTET_LENGTH:i NUMERIC_PRECISION:{0} NUMERIC_PRECISION_RADIX:{1} NUMERIC_SCALE:i"
    " DATETIME_PRECISION{2}"
)
_CHARACTER_SET = "CHARACTER_SET_CATALOG CHARACTER_SET_SCHEMA CHARACTER_SET_NAME"
_COLLATION = "COLLATION_CATALOG COLLATION_SCHEMA COLLATION_NAME"
_STATISTICS = "StatCount:i StatTotal:d StatVariance:d StatRowCount:i StatCommands:i"
_COLUMNS = {
    "SCHEMATA": "CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER DEFAULT_CHARACTER_SET_CATALOG DEFAULT_CHARACTER_SET_SCHEMA"
    " DEFAULT_CHARACTER_SET_NAME SQL_PATH",
    "TABLES": f"{_TABLE} TABLE_TYPE SELF_REFERENCING_COLUMN_NAME REFERENCE_GENERATION USER_DEFINED_TYPE_CATALOG"
    " USER_DEFINED_TYPE_SCHEMA USER_DEFINED_TYPE_NAME IS_INSERTABLE_INTO IS_TYPED CLASSNAME DESCRIPTION OWNER IS_SHARDED",
    "COLUMNS": f"{_TABLE} COLUMN_NAME ORDINAL_POSITION:i DTD_IDENTIFIER DOMAIN_CATALOG DOMAIN_SCHEMA DOMAIN_NAME COLUMN_DEFAULT"
    " IS_NULLABLE IS_SELF_REFERENCING IS_IDENTITY IDENTITY_GENERATION IDENTITY_START IDENTITY_INCREMENT IDENTITY_MAXIMUM"
    " IDENTITY_MINIMUM IDENTITY_CYCLE IS_GENERATED GENERATION_EXPRESSION IS_UPDATABLE DATA_TYPE"
    f" {_SIZES.format('t', 's', '')} {_CHARACTER_SET} {_COLLATION} DESCRIPTION AUTO_INCREMENT UNIQUE_COLUMN PRIMARY_KEY"
    " PROPERTY_NAME:! COMPUTE_CODE:! IS_PERSISTED:! ODBCTYPE:i",
    "TABLE_CONSTRAINTS": f"{_CONSTRAINT} {_TABLE} CONSTRAINT_TYPE IS_DEFERRABLE INITIALLY_DEFERRED",
    "KEY_COLUMN_USAGE": f"{_CONSTRAINT} {_TABLE} COLUMN_NAME ORDINAL_POSITION:i POSITION_IN_UNIQUE_CONSTRAINT:i"
    " REFERENCED_TABLE_CATALOG REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_CONSTRAINT_NAME REFERENCED_COLUMN_NAME"
    " CONSTRAINT_TYPE",
    "REFERENTIAL_CONSTRAINTS": "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_TABLE_NAME CONSTRAINT_NAME"
    " UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_TABLE UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE"
    " DELETE_RULE",
    "CONSTRAINT_COLUMN_USAGE": f"{_TABLE} COLUMN_NAME {_CONSTRAINT}",
    "CONSTRAINT_TABLE_USAGE": f"{_TABLE} {_CONSTRAINT}",
    "CHECK_CONSTRAINTS": f"{_CONSTRAINT} CHECK_CLAUSE",
    "INDEXES": f"{_TABLE} NON_UNIQUE:s INDEX_CATALOG INDEX_SCHEMA INDEX_NAME ORDINAL_POSITION:s COLUMN_NAME ASC_OR_DESC"
    " PRIMARY_KEY:s MAP_STATUS DATA_FIELDS",
    "VIEWS": f"{_TABLE} VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE IS_TRIGGER_UPDATABLE IS_TRIGGER_DELETABLE"
    " IS_TRIGGER_INSERTABLE_INTO DESCRIPTION DATE_CREATED:ts DATE_MODIFIED:ts CLASSNAME OWNER",
    "VIEW_TABLE_USAGE": f"{_VIEW} {_TABLE}",
    "VIEW_COLUMN_USAGE": f"{_VIEW} {_TABLE} COLUMN_NAME",
    "COLUMN_HISTOGRAMS": f"{_TABLE} COLUMN_NAME ORDINAL_POSITION:i BUCKET_POSITION:i BUCKET_WIDTH:d INTERPOLATABLE:b"
    " NULL_BUCKETS:i PERCENTILE:d VALUE",
    "ROUTINES": f"{_SPECIFIC} ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME MODULE_CATALOG MODULE_SCHEMA MODULE_NAME"
    " USER_DEFINED_TYPE_CATALOG USER_DEFINED_TYPE_SCHEMA USER_DEFINED_TYPE_NAME ROUTINE_TYPE DTD_IDENTIFIER ROUTINE_BODY"
    " ROUTINE_DEFINITION EXTERNAL_NAME EXTERNAL_LANGUAGE PARAMETER_STYLE IS_DETERMINISTIC SQL_DATA_ACCESS IS_NULL_CALL SQL_PATH"
    " SCHEMA_LEVEL_ROUTINE MAX_DYNAMIC_RESULT_SETS:s IS_USER_DEFINED_CAST IS_IMPLICITLY_INVOCABLE SECURITY_TYPE"
    f" {_TO_SQL} AS_LOCATOR CREATED:ts LAST_ALTERED:ts NEW_SAVEPOINT_LEVEL IS_UDT_DEPENDENT RESULT_CAST_FROM_DTD_IDENTIFIER"
    f" RESULT_CAST_AS_LOCATOR DATA_TYPE {_SIZES.format('s', 'i', ':i')} {_COLLATION} {_CHARACTER_SET} CLASSNAME"
    " METHOD_OR_QUERY_NAME",
    "PARAMETERS": f"{_SPECIFIC} ORDINAL_POSITION:i DTD_IDENTIFIER PARAMETER_MODE IS_RESULT AS_LOCATOR PARAMETER_NAME"
    f" FROM_SQL_SPECIFIC_CATALOG FROM_SQL_SPECIFIC_SCHEMA FROM_SQL_SPECIFIC_NAME {_TO_SQL} DATA_TYPE"
    f" {_SIZES.format('s', 'i', ':i')} {_COLLATION} {_CHARACTER_SET}",
    "TRIGGERS": f"{_TABLE} TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG EVENT_OBJECT_SCHEMA EVENT_OBJECT_TABLE"
    " ACTION_ORDER:i ACTION_CONDITION ACTION_STATEMENT ACTION_ORIENTATION ACTION_TIMING ACTION_REFERENCE_OLD_TABLE"
    " ACTION_REFERENCE_NEW_TABLE ACTION_REFERENCE_OLD_ROW ACTION_REFERENCE_NEW_ROW CREATED:ts",
    "USER_DEFINED_AGGREGATES": "AGGREGATE_SCHEMA AGGREGATE_NAME RETURN_TYPE PARAMETER_LIST OWNER INITIALIZE_FUNCTION"
    " ITERATE_FUNCTION MERGE_FUNCTION FINALIZE_FUNCTION",
    "STATEMENTS": "Hash SqlComp DefaultSchema:list SQLSchemaPath:list Packages:list Switch Frozen:i Timestamp:ts Version Error"
    " Plan Statement ParentHash StatementVersion:i StatCount:i StatTotal:d StatVariance:d StatFirst:date NaturalQuery:b"
    " StatAverage:d StatStdDev:d FrozenDifferent:b FrozenScanHash FrozenScanVersion StatRowCount:i UserName ClientName ClientIP"
    " ClientApp CallStack:list StatCommands:i SQLStatementID:i JSONPlan",
    "STATEMENT_CHILDREN": "Statement ParentHash",
    "STATEMENT_RELATIONS": "Statement Relation",
    "STATEMENT_LOCATIONS": "Statement Location RuntimeLocation Type",
    "STATEMENT_PRIV_OBJECTS": "Statements Relation",
    "STATEMENT_PRIV_ACTIONS": "Relation Action Fields:list",
    "STATEMENT_DAILY_STATS": f"Day:date {_STATISTICS} Statement",
    "STATEMENT_HOURLY_STATS": f"Hour:i {_STATISTICS} Date:date Day",
    "STATEMENT_PARAMETER_STATS": "Values:list ValuesHash:! Frequency:i TotalRuntime:d! AverageRuntime:d Day",
    "CURRENT_STATEMENTS": "AppMetadataStackID:list ApplicationID:! SQLStatementID:i Server ProcessID StatementIndexHash UserName"
    " QueryRunType QueryStmtType:i TP_NestingLevel:i Parameters:list Namespace CachedQuery CallerName StatementOrder:i"
    " CurrentWorkerCount:i ExecutionStart:ts ExecutionStartUTC:ts ExecutionDuration:n ParentType ChildStatements:list Status"
    " Parent",
    "CURRENT_CONNECTIONS": "Pid:i Username Roles LoginRoles Routine InTransaction:i ClientNodeName ClientIPAddress"
    " ClientExecutableName MemoryAllocated:i MemoryUsed:i MemoryPeak:i StatementId Statement",
    "FOREIGN_SERVERS": "SERVER_SCHEMA SERVER_NAME CLASSNAME FOREIGN_DATA_WRAPPER PARAMETERS DESCRIPTION OWNER",
    "FOREIGN_TABLES": "SERVER_SCHEMA SERVER_NAME TABLE_SCHEMA TABLE_NAME CLASSNAME PARAMETERS USING DESCRIPTION OWNER",
    "ML_MODELS": "MODEL_NAME DESCRIPTION PREDICTING_COLUMN_NAME PREDICTING_COLUMN_TYPE WITH_COLUMNS CREATE_TIMESTAMP:ts"
    " DEFAULT_TRAINED_MODEL_NAME DEFAULT_SETTINGS DEFAULT_TRAINING_QUERY",
    "ML_TRAINED_MODELS": "MODEL_NAME TRAINED_MODEL_NAME PROVIDER TRAINED_TIMESTAMP:ts MODEL_TYPE MODEL_INFO",
    "ML_TRAINING_RUNS": "MODEL_NAME TRAINING_RUN_NAME PROVIDER START_TIMESTAMP:ts COMPLETED_TIMESTAMP:ts TRAINING_DURATION:n"
    " RUN_STATUS STATUS_CODE LOG SETTINGS ML_CONFIGURATION_NAME TRAINING_RUN_QUERY",
    "ML_VALIDATION_RUNS": "MODEL_NAME TRAINED_MODEL_NAME VALIDATION_RUN_NAME START_TIMESTAMP:ts COMPLETED_TIMESTAMP:ts"
    " VALIDATION_DURATION:n RUN_STATUS STATUS_CODE LOG SETTINGS VALIDATION_RUN_QUERY",
    "ML_VALIDATION_METRICS": "MODEL_NAME TRAINED_MODEL_NAME VALIDATION_RUN_NAME METRIC_NAME METRIC_VALUE:n TARGET_VALUE",
}


def _parsed(text: str) -> dict[str, tuple[IrisType, bool]]:
    """Name -> (type, whether SELECT * shows it)"""
    words = (word.partition(":") for word in text.split())
    return {name: (_TYPES[kind.rstrip("!")], not kind.endswith("!")) for name, _, kind in words}


VIEWS: dict[str, dict[str, tuple[IrisType, bool]]] = {name: _parsed(text) for name, text in _COLUMNS.items()}


def view(name: str) -> tuple[str, dict[str, tuple[IrisType, bool]]]:
    """(SQLite's name, columns, which are k1, k2 ... there). Raises SQLCODE -30."""
    found = VIEWS.get(name.upper())
    if found is None:
        raise pg_error(-30, f"Table 'INFORMATION_SCHEMA.{name.upper()}' not found", table=f"information_schema.{name}")
    return f"iris_is_{name.lower()}", found


def register(db: apsw.Connection, rows: Mapping[str, Callable[[], Rows]]) -> None:
    """rows: by the name of the view; of what has none the sandbox has nothing."""
    for name, columns in VIEWS.items():
        view_ = _View(tuple(columns), rows.get(name, lambda: iter(())))
        db.create_module(f"iris_is_{name.lower()}", view_, eponymous_only=True, read_only=True)


class _View:
    """A virtual table of SQLite, its module in one. Its columns are called k1, k2 ..."""

    def __init__(self, columns: tuple[str, ...], rows: Callable[[], Rows]) -> None:
        self._columns, self._rows = columns, rows

    def Connect(self, *_: Any) -> tuple[str, Any]:
        return f"CREATE TABLE v ({', '.join(f'k{number}' for number in range(1, len(self._columns) + 1))})", self

    Create = Connect

    @staticmethod
    def ShadowName(table_suffix: str) -> bool:
        return False

    def BestIndex(self, *_: Any) -> None:
        """Every row is read, and SQLite chooses."""

    def Open(self) -> _Cursor:
        return _Cursor(self)

    def Disconnect(self) -> None:
        pass

    def read(self) -> list[tuple[Any, ...]]:
        return [tuple(map(row.get, self._columns)) for row in self._rows()]


class _Cursor:
    def __init__(self, view_: _View) -> None:
        self._view = view_

    def Filter(self, *_: Any) -> None:
        self._rows, self._at = self._view.read(), 0

    def Eof(self) -> bool:
        return self._at >= len(self._rows)

    def Column(self, number: int) -> Any:
        return self._rows[self._at][number] if number >= 0 else self.Rowid()

    def Rowid(self) -> int:
        return self._at

    def Next(self) -> None:
        self._at += 1

    def Close(self) -> None:
        pass
