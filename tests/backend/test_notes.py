"""Notes on the sandbox: kept beside the namespace, whatever transactions are open in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pgiris import sqlstate
from pgiris.backend import metadata, notes
from pgiris.backend.keeper import Keeper
from pgiris.backend.metadata import RelationMeta
from pgiris.backend.sandbox import SandboxBackend
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.errors import PgError


@pytest.fixture
def backend(tmp_path: Path) -> SandboxBackend:
    return SandboxBackend(tmp_path)


@pytest.fixture
def session(backend: SandboxBackend) -> Iterator[SandboxSession]:
    session = backend.connect("USER", "demo", None)
    session.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b VARCHAR(10))", ())
    yield session
    session.close()


@pytest.fixture
def keeper(backend: SandboxBackend) -> Iterator[Keeper]:
    session = backend.connect_for_notes("USER", "demo")
    yield Keeper(session)
    session.close()


def test_there_are_none_before_the_first_is_made(session: SandboxSession, keeper: Keeper) -> None:
    before = session.introspect()
    assert not before.noted
    keeper.answer("create", ("SQLUser", "s", {}, None))
    after = session.introspect()
    assert after.noted
    assert after.version != before.version
    assert after.version == session.schema_version()
    assert [(r.name, r.kind) for r in after.relations] == [("t", "table"), ("s", "sequence")]


def test_numbers_are_drawn_while_a_transaction_writes_and_stay_drawn(
    backend: SandboxBackend, session: SandboxSession, keeper: Keeper
) -> None:
    keeper.answer("create", ("SQLUser", "s", {"start": 5}, None))
    session.begin("read committed", False)
    session.execute("INSERT INTO t (id) VALUES (1)", ())
    assert keeper.answer("draw", ("SQLUser", "s", 2)) == [5, 6]
    session.rollback()
    other = backend.connect_for_notes("USER", "demo")
    assert Keeper(other).answer("draw", ("SQLUser", "s", 1)) == [7]
    other.close()


def test_drawing_changes_no_version(session: SandboxSession, keeper: Keeper) -> None:
    keeper.answer("create", ("SQLUser", "s", {}, None))
    version = session.schema_version()
    keeper.answer("draw", ("SQLUser", "s", 1))
    assert session.schema_version() == version
    keeper.answer("alter", ("SQLUser", "s", {"increment": 2}, None, False))
    assert session.schema_version() != version


def test_what_fails_leaves_nothing(session: SandboxSession, keeper: Keeper) -> None:
    keeper.answer("create", ("SQLUser", "s", {"maximum": 2}, None))
    keeper.answer("draw", ("SQLUser", "s", 2))
    for action, arguments, code in (
        ("draw", ("SQLUser", "s", 1), sqlstate.SEQUENCE_GENERATOR_LIMIT_EXCEEDED),
        ("draw", ("SQLUser", "none", 1), sqlstate.UNDEFINED_TABLE),
        ("create", ("SQLUser", "S", {}, None), sqlstate.DUPLICATE_TABLE),
        ("describe", ("SQLUser", "t", "", "x" * 40000), sqlstate.PROGRAM_LIMIT_EXCEEDED),
    ):
        with pytest.raises(PgError) as raised:
            keeper.answer(action, arguments)
        assert raised.value.code == code
    assert keeper.answer("state", ("SQLUser", "s")) == (2, True)


def test_notes_go_with_their_table(session: SandboxSession, keeper: Keeper) -> None:
    keeper.answer("create", ("SQLUser", "s", {}, ("SQLUser", "t", "id")))
    keeper.answer("set_default", ("SQLUser", "t", "id", ("SQLUser", "s")))
    keeper.answer("describe", ("SQLUser", "t", "b", "what it is"))
    session.execute("ALTER TABLE t RENAME u", ())
    keeper.answer("rename_table", ("SQLUser", "t", "u"))
    keeper.answer("rename_column", ("SQLUser", "u", "b", "c"))
    found = notes.read(keeper_session := session._open_notes(), "USER")  # type: ignore[arg-type]
    assert keeper_session is not None
    assert list(found.defaults) == [("sqluser", "u")]
    assert {column: noted.sequence for column, noted in found.defaults["sqluser", "u"].items()} == {"id": ("SQLUser", "s")}
    assert found.descriptions == {("sqluser", "u"): {"c": "what it is"}}
    assert found.sequences[0].owner == ("SQLUser", "u", "id")
    assert session.introspect().find("SQLUser", "u").by_name["id"][1].sequence == ("SQLUser", "s")  # type: ignore[union-attr]
    keeper.answer("drop_table", ("SQLUser", "u"))
    found = notes.read(keeper_session, "USER")
    assert not found.sequences
    assert not found.defaults
    assert not found.descriptions


def _shown(session: SandboxSession, name: str) -> str:
    relations = [metadata.decode_relation(encoded)[1] for encoded in session.describe(b"").relations]
    return next(relation.shown for relation in relations if relation.name == name)


def test_the_text_of_a_view_is_kept_while_iris_tells_the_same(session: SandboxSession, keeper: Keeper) -> None:
    session.execute("CREATE VIEW v (id) AS SELECT id FROM t", ())
    made = session.introspect().find("SQLUser", "v")
    assert made is not None
    digest = notes.digest_of(made.definition)
    keeper.answer("set_view", ("SQLUser", "v", " SELECT id;", digest))
    assert _shown(session, "v") == " SELECT id;"
    session.execute("CREATE OR REPLACE VIEW v (id) AS SELECT b FROM t", ())
    assert _shown(session, "v") == ""
    session.execute("CREATE OR REPLACE VIEW v (id) AS SELECT id FROM t", ())
    assert _shown(session, "v") == " SELECT id;"
    keeper.answer("rename_table", ("SQLUser", "v", "w"))
    session.execute("CREATE VIEW w (id) AS SELECT id FROM t", ())
    assert (_shown(session, "v"), _shown(session, "w")) == ("", " SELECT id;")
    keeper.answer("set_view", ("SQLUser", "w", "x" * notes.LONGEST, digest))
    assert _shown(session, "w") == "", "what is too long is not kept"
    keeper.answer("set_view", ("SQLUser", "w", " SELECT id;", digest))
    keeper.answer("drop_schema", ("SQLUser",))
    assert _shown(session, "w") == ""


def test_extensions_are_kept_until_they_are_dropped(session: SandboxSession, keeper: Keeper) -> None:
    assert keeper.answer("add_extension", ("pgcrypto", "SQLUser"))
    assert not keeper.answer("add_extension", ("pgcrypto", "Other"))
    assert session.describe(b"").extensions == (("pgcrypto", "SQLUser"),)
    keeper.answer("move_extension", ("pgcrypto", "Other"))
    keeper.answer("add_extension", ("btree_gin", "SQLUser"))
    assert session.describe(b"").extensions == (("btree_gin", "SQLUser"), ("pgcrypto", "Other"))
    keeper.answer("drop_schema", ("OTHER",))
    keeper.answer("drop_extension", ("btree_gin",))
    assert session.describe(b"").extensions == ()


def test_what_iris_does_not_keep_of_indexes_and_constraints_follows_them(session: SandboxSession, keeper: Keeper) -> None:
    session.execute("CREATE TABLE o (id INTEGER CONSTRAINT o_pk PRIMARY KEY, t INTEGER CONSTRAINT o_fk REFERENCES t (id))", ())
    session.execute("CREATE INDEX o_t ON TABLE SQLUser.o (t)", ())

    def parts(table: str) -> tuple[object, ...]:
        relation = next(found for found in described(session) if found.name == table)
        index, key = relation.indexes[0], relation.foreign_keys[0]
        return index.order, index.comment, key.on_delete, key.comment, relation.keys[0].index_comment, relation.keys[0].comment

    def described(session: SandboxSession) -> list[RelationMeta]:
        return [metadata.decode_relation(data)[1] for data in session.describe(b"").relations]

    keeper.answer("set_part", ("SQLUser", "o", "index", "o_t", {"order": [3]}))
    keeper.answer("set_part", ("SQLUser", "o", "constraint", "o_fk", {"on_delete": "RESTRICT"}))
    keeper.answer("describe_part", ("SQLUser", "O", "index", "O_T", "an index"))
    keeper.answer("describe_part", ("SQLUser", "o", "index", "o_pk", "of a key"))
    assert parts("o") == ((3,), "an index", "RESTRICT", "", "of a key", "")
    session.execute("ALTER TABLE SQLUser.o RENAME p", ())
    keeper.answer("rename_table", ("SQLUser", "o", "p"))
    assert parts("p") == ((3,), "an index", "RESTRICT", "", "of a key", "")
    keeper.answer("describe_part", ("SQLUser", "p", "index", "o_t", None))
    keeper.answer("rename_part", ("SQLUser", "p", "o_fk", "other"))
    keeper.answer("drop_part", ("SQLUser", "p", "o_pk"))
    assert parts("p") == ((3,), "", "NO ACTION", "", "", "")
    keeper.answer("set_part", ("SQLUser", "p", "index", "o_t", {}))
    assert parts("p") == ((), "", "NO ACTION", "", "", "")


def test_functions_are_kept_by_number_and_told_apart_by_the_types_of_their_arguments(
    session: SandboxSession, keeper: Keeper
) -> None:
    def function(number: int, name: str, *types: str) -> dict[str, object]:
        parameters = [{"name": "a", "type": type_} for type_ in types]
        about = {"number": number}
        return {"schema": "SQLUser", "name": name, "parameters": parameters, "result": "integer", "body": "", "about": about}

    keeper.answer("put_function", (function(1, "f", "integer"), False))
    keeper.answer("put_function", (function(2, "f", "integer", "text"), False))
    version = session.schema_version()
    with pytest.raises(PgError) as raised:
        keeper.answer("put_function", (function(3, "f", "integer"), False))
    assert raised.value.code == sqlstate.DUPLICATE_FUNCTION
    with pytest.raises(PgError) as raised:
        keeper.answer("put_function", (function(4, "g"), True))
    assert raised.value.code == sqlstate.UNDEFINED_FUNCTION
    keeper.answer("put_function", (function(1, "g", "integer"), True))
    assert session.schema_version() != version
    functions = session.introspect().functions
    assert {name: [one.signature for one in found] for name, found in functions.items()} == {"g": [(23,)], "f": [(23, 25)]}
    keeper.answer("drop_function", (1,))
    assert list(session.introspect().functions) == ["f"]
    keeper.answer("drop_schema", ("sqluser",))
    assert not session.introspect().functions


def test_comments_on_other_things_go_away_with_them(session: SandboxSession, keeper: Keeper) -> None:
    keeper.answer("create_enum", ("SQLUser", "mood", ["ok"]))
    keeper.answer("remark", ("type", "SQLUser", "mood", "of a type"))
    keeper.answer("remark", ("schema", "Shop", "", "of a schema"))
    keeper.answer("remark", ("role", "", "clerk", "of a role"))
    keeper.answer("remark", ("extension", "", "vector", None))
    keeper.answer("rename_enum", ("SQLUser", "mood", "Shop", "feeling"))
    said = {(remark.kind, remark.schema, remark.name): remark.text for remark in session.describe(b"").remarks}
    assert said == {
        ("type", "Shop", "feeling"): "of a type",
        ("schema", "Shop", ""): "of a schema",
        ("role", "", "clerk"): "of a role",
        ("extension", "", "vector"): "",
    }
    keeper.answer("drop_schema", ("SHOP",))
    keeper.answer("forget_role", ("clerk",))
    keeper.answer("drop_extension", ("vector",))
    assert session.describe(b"").remarks == ()


def test_checks_follow_their_table_and_columns(session: SandboxSession, keeper: Keeper) -> None:
    def checks() -> list[tuple[str, tuple[str, ...], str, bool]]:
        return [tuple(check) for relation in session.introspect().relations for check in relation.checks]

    keeper.answer("set_check", ("SQLUser", "t", "z", "b <> 'x'", ["b"], False))
    keeper.answer("set_check", ("SQLUser", "T", "a", "id > 0 AND b <> ''", ["id", "b"], True))
    assert checks() == [("a", ("id", "b"), "id > 0 AND b <> ''", True), ("z", ("b",), "b <> 'x'", False)]
    keeper.answer("set_check", ("SQLUser", "t", "y", "b <> 'x'", ["b"], True, "z"))
    with pytest.raises(PgError) as caught:
        keeper.answer("set_check", ("SQLUser", "t", "a", "b <> 'x'", ["b"], True, "y"))
    assert caught.value.code == sqlstate.DUPLICATE_OBJECT
    assert [check[0] for check in checks()] == ["a", "y"]
    described = [metadata.decode_relation(data)[1] for data in session.describe(b"").relations]
    meta = next(meta for meta in described if meta.name == "t")
    assert [(check.name, check.columns) for check in meta.checks] == [("a", (1, 2)), ("y", (2,))]
    session.execute("ALTER TABLE t RENAME u", ())
    keeper.answer("rename_table", ("SQLUser", "t", "u"))
    assert [check[0] for check in checks()] == ["a", "y"]
    keeper.answer("drop_column", ("SQLUser", "u", "ID"))
    assert [check[0] for check in checks()] == ["y"]
    keeper.answer("drop_check", ("SQLUser", "u", "Y"))
    keeper.answer("set_check", ("SQLUser", "u", "a", "b <> 'x'", ["b"], True))
    keeper.answer("drop_table", ("SQLUser", "u"))
    assert checks() == []
