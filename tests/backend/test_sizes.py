"""Sizes: of IRIS's globals, from answers in the shape that its queries have; of the sandbox's file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.backend.live.session import LiveSession
from pgiris.backend.live.sizes import measure
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sizes import IndexSize, Sizes, TableSize
from pgiris.errors import PgError
from tests.backend.test_live import Cursor, Driver

NEW, OLD = "IRIS for UNIX (Ubuntu Server LTS for x86-64 Containers) 2024.1 (Build 267U)", "IRIS for Windows 2023.1.2 (Build 450U)"
USER_DIRECTORY, OTHER = "/usr/irissys/mgr/user/", "/data/other/"
K = 8192
Rows = list[Sequence[Any]]


class Namespace:
    """Answers the queries of sizes; by the relation that a query reads. refused: relations that may not be read."""

    def __init__(self) -> None:
        self.refused: dict[str, PgError] = {}
        self.asked: list[str] = []
        self.rows: dict[str, Rows] = {
            "INFORMATION_SCHEMA.TABLES": [("SQLUser", "person", "User.person"), ("Old", "thing", "Old.Thing")],
            "%Dictionary.CompiledStorage": [
                storage("User.person", "^EW3K.wPC9.1", "^EW3K.wPC9", "^EW3K.wPC9.I", "^EW3K.wPC9.S"),
                storage("Old.Thing", "^Old.ThingD", "", "^Old.ThingI", "^Old.ThingS"),
            ],
            "%Dictionary.CompiledStorageIndex": [
                ("User.person||Default", "DDLBEIndex", "^EW3K.wPC9.2"),
                ("User.person||Default", "IDKEY", "^EW3K.wPC9.1"),
                ("User.person||Default", "PERSONPKEY1", "^EW3K.wPC9.3"),
                ("User.person||Default", "personname", "^EW3K.wPC9.4"),
            ],
            "%Dictionary.CompiledStorageData": [("User.person||Default", None), ("Old.Thing||Default", "")],
            "%Dictionary.CompiledIndex": [
                ("User.person", "DDLBEIndex", "%%DDLBEIndex"),
                ("User.person", "PERSONPKEY1", "PERSON_PKEY1"),
                ("User.person", "personname", "person_name"),
                ("Old.Thing", "NameIdx", ""),
                ("Old.Thing", "CodeIdx", ""),
            ],
            "%SYS.GlobalQuery_NameSpaceList": [
                (name, f"^{USER_DIRECTORY}")
                for name in (
                    "EW3K.wPC9.1",
                    "EW3K.wPC9.2",
                    "EW3K.wPC9.3",
                    "EW3K.wPC9.4",
                    "EW3K.wPC9.S",
                    "Old.ThingD",
                    "Old.ThingI",
                    "Other",
                )
            ],
        }
        self.sizes: dict[str, Rows] = {
            USER_DIRECTORY: [
                ("EW3K.wPC9.1", "1.25"),
                ("EW3K.wPC9.2", "0.008"),
                ("EW3K.wPC9.3", 0.5),
                ("EW3K.wPC9.4", "1"),
                ("EW3K.wPC9.S", "2"),
                ("Old.ThingD", "0.01"),
                ("Old.ThingI", "0.125"),
                ("Other", "4"),
                ("Hidden", "100"),
            ]
        }

    def __call__(self, sql: str, *values: Any) -> Rows:
        self.asked.append(sql)
        relation = re.search(r" FROM ([%\w.]+)", sql)
        assert relation is not None and sql.count("?") == len(values)
        if relation[1] in self.refused:
            raise self.refused[relation[1]]
        if relation[1] != "%SYS.GlobalQuery_Size":
            return self.rows[relation[1]]
        if values[0] in self.refused:
            raise self.refused[values[0]]
        return self.sizes[values[0]]

    def measured(self, version: str = NEW) -> Sizes:
        return measure(self, "USER", version)

    def table(self, name: str) -> TableSize:
        (found,) = [table for table in self.measured().tables if table.name == name]
        return found


def storage(
    class_name: str, data: str, extent: str, indexes: str, streams: str, type_: str = "%Storage.Persistent"
) -> Sequence[Any]:
    return (class_name, "Default", type_, data, extent, indexes, streams, None, None)


def privilege() -> PgError:
    return PgError(sqlstate.INSUFFICIENT_PRIVILEGE, "permission denied", detail="User X is not privileged for the operation")


@pytest.fixture
def namespace() -> Namespace:
    return Namespace()


def test_each_index_of_an_extent_set_has_its_global(namespace: Namespace) -> None:
    """The bitmap of the rows counts with the indexes."""
    assert namespace.table("person") == TableSize(
        "SQLUser",
        "person",
        160 * K,
        256 * K,
        (1 + 64 + 128) * K,
        (IndexSize("%%DDLBEIndex", K), IndexSize("PERSON_PKEY1", 64 * K), IndexSize("person_name", 128 * K)),
    )


def test_indexes_in_one_global_are_told_together(namespace: Namespace) -> None:
    each = (IndexSize("NameIdx", None), IndexSize("CodeIdx", None))
    assert namespace.table("thing") == TableSize("Old", "thing", K, 0, 16 * K, each)


def test_the_database_has_all_globals_that_its_namespace_shows(namespace: Namespace) -> None:
    assert namespace.measured().database == (160 + 1 + 64 + 128 + 256 + 1 + 16 + 512) * K


@pytest.mark.parametrize(("version", "fast"), [(NEW, "2"), (OLD, "1"), ("IRIS 2026.1", "2"), ("Cache", "1")])
def test_estimates_are_asked_of_releases_that_have_them_in_one_query(namespace: Namespace, version: str, fast: str) -> None:
    namespace.measured(version)
    (asked,) = [sql for sql in namespace.asked if "GlobalQuery_Size" in sql]
    assert asked.endswith(f"(?, ?, '*', 0, NULL, {fast})")


def test_nothing_is_stored_in_a_global_that_is_not_there(namespace: Namespace) -> None:
    namespace.rows["%SYS.GlobalQuery_NameSpaceList"] = []
    for table in namespace.measured().tables:
        assert (table.data, table.streams, table.indexes, {index.bytes for index in table.each}) == (0, 0, 0, {0})


def test_a_global_in_several_databases_has_the_size_of_its_parts(namespace: Namespace) -> None:
    """By subscript mapping, and on another system."""
    namespace.rows["%SYS.GlobalQuery_NameSpaceList"] += [
        ('Old.ThingD("a")', f"^SERVER^{OTHER}"),
        ("Old.ThingD(1)", USER_DIRECTORY),
    ]
    namespace.sizes[OTHER] = [("Old.ThingD", "3"), ("Old.ThingI", "9")]
    assert namespace.table("thing").data == (1 + 384) * K


def test_what_is_in_a_database_that_may_not_be_read_is_not_known(namespace: Namespace) -> None:
    namespace.rows["%SYS.GlobalQuery_NameSpaceList"] += [("EW3K.wPC9.4", OTHER)]
    namespace.refused[OTHER] = privilege()
    found = namespace.table("person")
    assert (found.data, found.indexes) == (160 * K, None)
    assert found.each[-2:] == (IndexSize("PERSON_PKEY1", 64 * K), IndexSize("person_name", None))
    assert namespace.measured().database is None


def test_a_global_of_several_classes_is_the_size_of_none(namespace: Namespace) -> None:
    """A subclass keeps its rows in the globals of its superclass, and has globals for what it adds."""
    namespace.rows["INFORMATION_SCHEMA.TABLES"].append(("SQLUser", "employee", "User.employee"))
    namespace.rows["%Dictionary.CompiledStorage"].append(
        storage("User.employee", "^EW3K.wPC9.1", "^EW3K.ab12", "^EW3K.ab12.I", "^EW3K.wPC9.S")
    )
    namespace.rows["%Dictionary.CompiledStorageIndex"] += [
        ("User.employee||Default", "personname", "^EW3K.wPC9.4"),
        ("User.employee||Default", "salary", "^EW3K.ab12.1"),
    ]
    namespace.rows["%Dictionary.CompiledIndex"] += [
        ("User.employee", "personname", "person_name"),
        ("User.employee", "salary", ""),
    ]
    namespace.rows["%SYS.GlobalQuery_NameSpaceList"].append(("EW3K.ab12.1", USER_DIRECTORY))
    namespace.sizes[USER_DIRECTORY].append(("EW3K.ab12.1", "0.25"))
    for name, salary in (("person", ()), ("employee", (IndexSize("salary", 32 * K),))):
        found = namespace.table(name)
        assert (found.data, found.streams, found.indexes) == (None, None, None)
        assert IndexSize("person_name", None) in found.each and found.each[len(found.each) - len(salary) :] == salary


def test_a_part_of_a_global_has_no_size(namespace: Namespace) -> None:
    namespace.rows["%Dictionary.CompiledStorage"][1] = storage("Old.Thing", '^Other("things")', "", "", "")
    found = namespace.table("thing")
    assert (found.data, found.streams, found.indexes) == (None, 0, 16 * K)


@pytest.mark.parametrize("type_", ["%Storage.SQL", "%Storage.Sharded", "%Library.CacheSQLStorage"])
def test_other_storage_is_not_told(namespace: Namespace, type_: str) -> None:
    namespace.rows["%Dictionary.CompiledStorage"][1] = storage("Old.Thing", "^Old.ThingD", "", "", "", type_)
    assert namespace.table("thing") == TableSize("Old", "thing", None, None, None)


def test_columns_stored_by_column_count_with_the_rows(namespace: Namespace) -> None:
    namespace.rows["%SYS.GlobalQuery_NameSpaceList"].append(("EW3K.wPC9.V1", USER_DIRECTORY))
    namespace.sizes[USER_DIRECTORY].append(("EW3K.wPC9.V1", "0.5"))
    namespace.rows["%Dictionary.CompiledStorageData"] = [("User.person||Default", "^EW3K.wPC9.V1")]
    assert namespace.table("person").data == (160 + 64) * K
    namespace.refused["%Dictionary.CompiledStorageData"] = PgError(sqlstate.UNDEFINED_COLUMN, "Field 'COLUMNARGLOBAL' not found")
    assert namespace.table("person").data is None
    assert namespace.table("thing").data == K


@pytest.mark.parametrize(
    "relation",
    ["%SYS.GlobalQuery_NameSpaceList", "%SYS.GlobalQuery_Size", "%Dictionary.CompiledStorage", "%Dictionary.CompiledIndex"],
)
@pytest.mark.parametrize("code", [sqlstate.INSUFFICIENT_PRIVILEGE, sqlstate.UNDEFINED_FUNCTION])
def test_who_may_not_ask_and_releases_that_do_not_tell_give_an_error(namespace: Namespace, relation: str, code: str) -> None:
    namespace.refused[relation] = PgError(code, "no")
    with pytest.raises(PgError) as refused:
        namespace.measured()
    assert refused.value.code == code


def test_sessions_ask_for_their_namespace(namespace: Namespace) -> None:
    class Telling(Driver):
        def execute(self, sql: str, values: Sequence[Any]) -> Cursor:
            if sql.startswith("SELECT $JOB") or not sql.startswith("SELECT"):
                return super().execute(sql, values)
            self.values += values
            return Cursor(namespace(sql, *values))

    driver = Telling()
    assert LiveSession(driver, "user").sizes() == namespace.measured("IRIS 2026.1")
    assert driver.values == ["USER", USER_DIRECTORY, None]


# The sandbox


def test_the_sandbox_tells_what_its_file_holds(tmp_path: Path) -> None:
    session = SandboxBackend(tmp_path).connect("USER", "_SYSTEM", None)
    for statement in (
        "CREATE TABLE t (id INTEGER IDENTITY, a VARCHAR(50), b VARCHAR(10) UNIQUE, CONSTRAINT t_pk PRIMARY KEY (id))",
        "CREATE INDEX t_a ON t (a)",
        "CREATE GLOBAL TEMPORARY TABLE passing (id INTEGER)",
        "CREATE VIEW v AS SELECT a FROM t",
    ):
        session.execute(statement, ()).close()
    before = session.sizes()
    session.begin("read committed", False)
    session.execute_many("INSERT INTO t (a, b) VALUES (?, ?)", [(f"text {n}", f"b{n}") for n in range(2000)])
    session.commit()
    after = session.sizes()
    (small,), (large,) = before.tables, after.tables
    assert small.name == "t" and 0 < (small.data or 0) < (large.data or 0)
    assert {index.name.lower().rstrip("0123456789"): bool(index.bytes) for index in large.each} == {
        "t_a": True,
        "t_pk": False,  # the RowID's order is the rows'
        "t_unique": True,
    }
    assert large.indexes == sum(index.bytes or 0 for index in large.each) > (small.indexes or 0)
    assert (after.database or 0) >= (large.data or 0) + large.indexes
    session.close()
