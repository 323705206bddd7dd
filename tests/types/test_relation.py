"""Snapshots: relations are found by name without case, and made when they are asked for."""

from __future__ import annotations

from pgiris.types.codec import Oid
from pgiris.types.relation import Relation, RelationColumn, Snapshot

T = Relation("SQLUser", "T", (RelationColumn("id", Oid(23), "INTEGER"),))
U = Relation("Sample", "u", ())


def test_relations_are_found_without_case() -> None:
    snapshot = Snapshot("1", (T, U))
    found = snapshot.find("sqluser", "t")
    assert found is not None
    assert (found.schema, found.name, found.columns) == (T.schema, T.name, T.columns)
    assert found.oid > 0
    assert snapshot.find("sqluser", "u") is None
    assert [relation.name for relation in snapshot.relations] == ["T", "u"]
    assert snapshot.schemas == {"sqluser", "sample"}


def test_relations_that_wait_are_made_once_with_the_same_oids() -> None:
    asked: list[str] = []

    def make(relation: Relation) -> Relation:
        asked.append(relation.name)
        return relation

    snapshot = Snapshot("1", waiting={("SQLUser", "T"): lambda: make(T), ("Sample", "u"): lambda: make(U)})
    assert asked == []
    assert snapshot.schemas == {"sqluser", "sample"}
    assert snapshot.find("SQLUSER", "T") is snapshot.find("SQLUser", "t")
    assert asked == ["T"]
    assert [relation.oid for relation in snapshot.relations] == [relation.oid for relation in Snapshot("2", (T, U)).relations]
    assert asked == ["T", "u"]
