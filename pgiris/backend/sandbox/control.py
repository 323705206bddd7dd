"""Controls: statements about the session itself. START TRANSACTION, SAVEPOINT, SET OPTION, EXPLAIN, LOCK ...

iris-reference 4.23, 7.1, 7.3
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pgiris.backend.base import ListValue, Rows
from pgiris.backend.sandbox import routines
from pgiris.backend.sandbox.compiled import PLAN
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, TableDef
from pgiris.backend.sandbox.granting import STATEMENTS, Granting
from pgiris.backend.sandbox.privileges import DELETE, INSERT, SELECT, UPDATE
from pgiris.backend.sandbox.rows import Finished, Listed
from pgiris.backend.sandbox.tablelocks import EXCLUSIVE, SHARE
from pgiris.backend.sandbox.transaction import DEFAULT_LOCK_TIMEOUT_S, EXPLICIT, IMPLICIT, LEVELS, NONE
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported
from pgiris.sql.iris import IRIS, nodes
from pgiris.sql.iris.phrases import Phrase
from pgiris.types.codec import Value

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

# How the sandbox works, by IRIS's names for it: an option can be set to this, and to nothing else.
OPTIONS = {
    "COMPILEMODE": "IMMEDIATE",
    "DEFAULT_SCHEMA": DEFAULT_SCHEMA.upper(),
    "EXACT_DISTINCT": "FALSE",
    "PKEY_IS_IDKEY": "FALSE",
    "SUPPORT_DELIMITED_IDENTIFIERS": "TRUE",
    "AM": "AM", "PM": "PM", "NOON": "NOON", "MIDNIGHT": "MIDNIGHT",
    "DATE_FORMAT": "1", "DATE_MINIMUM": "0", "DATE_MAXIMUM": "2980013", "DATE_SEPARATOR": "/",
    "TIME_FORMAT": "1", "TIME_PRECISION": "0", "TIME_SEPARATOR": ":", "YEAR_OPTION": "0",
    "DECIMAL_SEPARATOR": ".", "NUMERIC_GROUP_SEPARATOR": ",", "NUMERIC_GROUP_SIZE": "3", "MINUS_SIGN": "-", "PLUS_SIGN": "+",
    "MONTH_ABBR": " JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
    "MONTH_NAME": " JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER",
    "WEEKDAY_ABBR": " SUN MON TUE WED THU FRI SAT",
    "WEEKDAY_NAME": " SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY",
}  # fmt: skip
NO = 0  # rows: SQLCODE 100 in place of 0, which is IRIS's answer to a question that is a statement
THRESHOLDS = frozenset(("AUTO_PARALLEL_THRESHOLD", "LOCK_ESCALATION_THRESHOLD"))  # no result depends on them
# Locale options that are numbers. SET OPTION (SQL reference)
RANGES = {
    "DATE_FORMAT": range(16),
    "DATE_MINIMUM": range(2_980_014),
    "DATE_MAXIMUM": range(2_980_014),
    "TIME_FORMAT": range(1, 5),
    "TIME_PRECISION": range(10),
    "YEAR_OPTION": range(7),
}


class Controls:
    def __init__(self, session: SandboxSession) -> None:
        self._session = session

    def reset(self) -> None:
        self._session.transaction.commit_mode = IMPLICIT

    def run(self, tree: exp.Expr, values: Sequence[Value | ListValue]) -> Rows:
        session = self._session
        if isinstance(tree, exp.Transaction):
            self._start(tree.args.get("modes") or [])
        elif isinstance(tree, exp.Commit):
            session.commit()
        elif isinstance(tree, exp.Rollback):
            savepoint = tree.args.get("savepoint")
            if savepoint is None:
                session.rollback()
            else:
                session.rollback_to(savepoint.name)
        elif isinstance(tree, nodes.Explain):
            return self._explain(tree)
        elif isinstance(tree, Phrase) and tree.this == "CALL":
            return routines.call(session, tree, values)
        elif isinstance(tree, Phrase):
            carry_out = _PHRASES.get(tree.this)
            if carry_out is None:
                raise not_supported(_REFUSED.get(tree.this, f"{tree.this} is not known to the sandbox"))
            return carry_out(self, tree) or Finished()
        else:
            self._set_transaction(tree.args["expression"])
        return Finished()

    def _start(self, modes: list[str]) -> None:
        isolation, read_only, commit_mode = _modes(modes)
        transaction = self._session.transaction
        if commit_mode:
            transaction.commit_mode = commit_mode
        self._session.begin(isolation or transaction.isolation, bool(read_only))

    def _savepoint(self, tree: Phrase) -> None:
        self._session.savepoint(_name(tree, "name"))

    def _set_transaction(self, text: str) -> None:
        isolation, read_only, commit_mode = _modes([mode.strip() for mode in text.split(",")])
        transaction = self._session.transaction
        if isolation is not None:
            transaction.isolation = isolation
        if read_only is not None and transaction.active:
            transaction.read_only = read_only
        if commit_mode:
            transaction.commit_mode = commit_mode

    def _set_option(self, tree: Phrase) -> None:
        name, value = _name(tree, "option").upper(), _name(tree, "setting")
        if name == "LOCK_TIMEOUT":
            self._session.set_lock_timeout(_number(value))
        elif name in THRESHOLDS:
            _number(value)
        elif name not in OPTIONS:
            raise pg_error(-1, f"Unknown option {name}")
        elif name in RANGES and not (value.isdigit() and int(value) in RANGES[name]):
            raise pg_error(-129, f"Illegal value for SET OPTION locale property: {name} = '{value}'")
        elif value.upper() != OPTIONS[name]:
            raise not_supported(f"the sandbox works with {name} = {OPTIONS[name]} only")

    def _explain(self, tree: nodes.Explain) -> Rows:
        """IRIS's shape: one row with XML. What it says of the way is SQLite's."""
        lines = self._session.query_plan(tree.this)
        text = tree.this.sql(IRIS)
        plan = f'<plans><plan><sql>{escape(text)}</sql><cost value="1"/>{escape(chr(10).join(lines))}</plan></plans>'
        return Listed(PLAN, [(plan,)])

    def _lock(self, tree: Phrase) -> None:
        table, mode = self._table(tree), _lock_mode(tree)
        self._check_lock(table, exclusive=mode == EXCLUSIVE)
        self._session.lock(table, mode, _name(tree, "seconds") or None)

    def _check_lock(self, table: TableDef, exclusive: bool) -> None:
        """Raises SQLCODE -99. SHARE takes SELECT, EXCLUSIVE one of INSERT, UPDATE and DELETE. LOCK (SQL reference)"""
        rights = self._session.rights
        words = (INSERT, UPDATE, DELETE) if exclusive else (SELECT,)
        if rights is not None and not any(rights.holds_some(table, word) for word in words):
            raise rights.refused(table)

    def _unlock(self, tree: Phrase) -> None:
        self._session.unlock(self._table(tree), _lock_mode(tree), tree.has("IMMEDIATE"))

    def _table(self, tree: Phrase) -> TableDef:
        """Raises SQLCODE -30."""
        node = tree.part("table")
        assert node is not None
        return self._session.find_table(node.text("db"), node.name)

    # Statistics and indexes

    def _statistics(self, tree: Phrase) -> None:
        """TUNE TABLE, COLLECT STATISTICS: SQLite's ANALYZE."""
        for table in self._named_tables(tree):
            if table.is_view:
                raise pg_error(-30, f"Table '{table.schema}.{table.name}' does not exist", table=table.name)
            self._check_tuning(table)
            self._session.analyze(table)

    def _check_tuning(self, table: TableDef) -> None:
        rights = self._session.rights
        if rights is not None:
            rights.check_word("%ALTER_TABLE", f"permission denied for table {table.name}")
            rights.check_alter(table)

    def _build_index(self, tree: Phrase) -> Rows:
        """Indexes are complete at any time."""
        if self._session.rights is not None:
            self._session.rights.check_word("%BUILD_INDEX")
        tables = self._named_tables(tree)
        names = {name.upper() for table in tables for name in table.index_names}
        for node in tree.parts("index"):
            if node.name.upper() not in names:
                raise pg_error(-400, f"Fatal error occurred: Index name '{tables[0].name}::{node.name}' is invalid")
        return Finished(len(tables))

    def _named_tables(self, tree: Phrase) -> list[TableDef]:
        if tree.part("table") is not None:
            return [self._table(tree)]
        schema = _name(tree, "schema")
        dictionary = self._session.dictionary
        if schema and not dictionary.has_schema(schema):
            raise pg_error(-473, f"Schema '{schema}' not found", table=schema)
        return [t for t in dictionary if not t.is_view and not t.temporary and schema.upper() in ("", t.schema.upper())]

    def _purge(self, tree: Phrase) -> None:
        """Statements are compiled anew."""
        if tree.part("table") is not None:
            self._table(tree)
        self._session.forget_statements()

    def _in_transaction(self, tree: Phrase) -> Rows:
        return Finished() if self._session.transaction.active else Finished(NO)

    def _check_privilege(self, tree: Phrase) -> Rows | None:
        """Of the classes of the system there are none, and INFORMATION_SCHEMA may be read by everybody."""
        node = tree.part("object")
        if node is not None and node.text("db").startswith("%"):
            return Finished(NO)
        if node is not None and node.text("db").upper() == "INFORMATION_SCHEMA":
            return Finished()
        if isinstance(node, exp.Table):
            self._session.find_table(node.db, node.name)
        return None if self._session.rights is None else self._grant(tree)

    def _grant(self, tree: Phrase) -> Rows:
        return Granting(self._session, tree).run()

    # Routines

    def _create_routine(self, tree: Phrase) -> Rows:
        return routines.create(self._session, tree)

    def _drop_routine(self, tree: Phrase) -> Rows:
        return routines.drop(self._session, tree)

    def _drop_unknown(self, tree: Phrase) -> None:
        """Triggers and aggregates, of which there are none."""
        if tree.has("EXISTS"):
            return
        name, kind = _name(tree, "path"), tree.this.split()[1]
        raise pg_error({"TRIGGER": -363}.get(kind, -428), f"{kind.capitalize()} '{name}' not found", constraint=name)

    def option(self, name: str | None) -> str | None:
        """%SYSTEM_SQL.Util_GetOption"""
        transaction = self._session.transaction
        options = {
            "AUTOCOMMIT": str((NONE, IMPLICIT, EXPLICIT).index(transaction.commit_mode)),
            "ISOLATIONMODE": str(LEVELS[transaction.isolation]),
            "DEFAULTSCHEMA": DEFAULT_SCHEMA,
            "ANSIPRECEDENCE": "1",
            "LOCKTIMEOUT": f"{DEFAULT_LOCK_TIMEOUT_S:g}",
            "PROCESSLOCKTIMEOUT": f"{self._session.lock_timeout_s:g}",
            "FASTDISTINCT": "1",
            "DELIMITEDIDENTIFIERS": "1",
        }
        return options.get((name or "").upper())

    def set_option(self, name: str | None, value: Any) -> int:
        """%SYSTEM_SQL.Util_SetOption: 1, a status. Raises 0A000 for what is no process's own."""
        transaction = self._session.transaction
        known = (name or "").upper()
        number = _number(str(value)) if known in ("AUTOCOMMIT", "ISOLATIONMODE", "PROCESSLOCKTIMEOUT") else None
        match known:
            case "AUTOCOMMIT" if number in (0, 1, 2):
                transaction.commit_mode = (NONE, IMPLICIT, EXPLICIT)[int(number or 0)]
            case "ISOLATIONMODE" if number in LEVELS.values():
                transaction.isolation = next(level for level, known in LEVELS.items() if known == number)
            case "PROCESSLOCKTIMEOUT" if number is not None:
                self._session.set_lock_timeout(number)
            case _:
                raise not_supported(f"the sandbox does not set {name} to {value}")
        return 1


def _lock_mode(tree: Phrase) -> str:
    return EXCLUSIVE if tree.has(EXCLUSIVE) else SHARE


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise pg_error(-65, "Positive integer constant or variable expected") from None


def _modes(modes: list[str]) -> tuple[str | None, bool | None, str]:
    """(isolation, read only, %COMMITMODE) as far as they were said. Raises SQLCODE -91, -92, -1."""
    isolation: str | None = None
    read_only: bool | None = None
    commit_mode = ""
    for mode in modes:
        if mode.startswith("ISOLATION LEVEL "):
            if isolation is not None:
                raise pg_error(-91, "Transaction mode specified more than once")
            isolation = mode.removeprefix("ISOLATION LEVEL ").lower()
        elif mode.startswith("%COMMITMODE "):
            commit_mode = mode.removeprefix("%COMMITMODE ").strip()
        else:
            read_only = mode == "READ ONLY"
    if commit_mode and (isolation is not None or read_only is not None):
        raise pg_error(-1, "Either %COMMITMODE or transaction modes may be given")
    if read_only is False and isolation in ("read uncommitted", "read verified"):
        raise pg_error(-92, "READ WRITE is compatible only with ISOLATION LEVEL READ COMMITTED")
    return isolation, read_only, commit_mode


def _name(tree: Phrase, label: str) -> str:
    """A part's text, empty when it is absent."""
    node = tree.part(label)
    if node is None:
        return ""
    return ".".join(part.name for part in node.flatten()) if isinstance(node, exp.Dot) else node.name


_REFUSED = {f"CREATE {kind}": "the sandbox runs no code of routines" for kind in ("TRIGGER", "AGGREGATE")}
_ROUTINES = ("FUNCTION", "PROCEDURE", "PROC", "METHOD", "QUERY")
_PHRASES: dict[str, Callable[[Controls, Phrase], Rows | None]] = {
    **dict.fromkeys(STATEMENTS, Controls._grant),
    "LOCK": Controls._lock,
    "UNLOCK": Controls._unlock,
    "SAVEPOINT": Controls._savepoint,
    "SET OPTION": Controls._set_option,
    "TUNE TABLE": Controls._statistics,
    "COLLECT": Controls._statistics,
    "BUILD INDEX FOR": Controls._build_index,
    "PURGE QUERIES": Controls._purge,
    "%CHECKPRIV": Controls._check_privilege,
    "%INTRANSACTION": Controls._in_transaction,
    "%INTRANS": Controls._in_transaction,
    **{f"CREATE {kind}": Controls._create_routine for kind in _ROUTINES},
    **{f"DROP {kind}": Controls._drop_routine for kind in _ROUTINES},
    "DROP TRIGGER": Controls._drop_unknown,
    "DROP AGGREGATE": Controls._drop_unknown,
}
