"""Enums as a process learns of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import enums, iristypes, objects
from pgiris.types.codec import Context
from pgiris.types.enums import EnumType
from pgiris.types.iristypes import NotedEnum
from pgiris.types.rows import decoder, encoder
from pgiris.types.table import BY_PG_NAME, TYPES, parse_type, type_name


@pytest.fixture(autouse=True)
def types() -> Iterator[None]:
    """What is learnt here is forgotten, for other tests go through all types."""
    tables: tuple[dict[Any, Any], ...] = (TYPES, BY_PG_NAME, enums._LEARNT, enums._PLACES)
    before = [dict(table) for table in tables]
    yield
    for table, rows in zip(tables, before, strict=True):
        table.clear()
        table.update(rows)
    parse_type.cache_clear()


def made(number: int, *labels: str, revision: int = 1) -> EnumType:
    return EnumType(enums.oid_of("USER", number), "SQLUser", "mood", number, labels, revision, "mood")


def test_values_are_the_labels_in_text_and_binary() -> None:
    type_ = made(101, "sad", "zwölf")
    enums.learn([type_])
    for code in (0, 1):
        assert decoder(type_.oid, code, Context())("zwölf".encode()) == "zwölf"
        assert encoder(type_.oid, -1, code, Context())("zwölf") == "zwölf".encode()
        with pytest.raises(PgError, match='invalid input value for enum mood: "Sad"') as refused:
            decoder(type_.oid, code, Context())(b"Sad")
        assert refused.value.code == sqlstate.INVALID_TEXT_REPRESENTATION
    assert decoder(type_.array, 0, Context())(b"{sad,NULL}") == "{sad,NULL}"
    with pytest.raises(PgError):
        decoder(type_.array, 0, Context())(b"{sad,bad}")


def test_what_was_made_before_knows_labels_that_are_added() -> None:
    enums.learn([made(102, "a")])
    oid = made(102).oid
    decode = decoder(oid, 0, Context())
    enums.learn([made(102, "b", "a", revision=2)])
    assert decode(b"b") == "b"
    assert (enums.place_of(oid, "b"), enums.place_of(oid, "a")) == (1, 2)


def test_an_older_revision_changes_nothing() -> None:
    enums.learn([made(103, "a", "b", revision=2)])
    enums.learn([made(103, "a", revision=1)])
    assert enums.labels_of(made(103).oid) == ("a", "b")


def test_copies_in_other_namespaces_have_other_oids() -> None:
    first, end = objects.RANGES[objects.ENUM]
    oids = {enums.oid_of(namespace, 5) for namespace in ("USER", "SALES", "TEST")}
    assert len(oids) == 3
    assert all(first <= oid < end and oid % 2 == 0 for oid in oids)
    assert enums.oid_of("user", 5) == enums.oid_of("USER", 5)


def test_a_column_remembers_the_number_of_its_type() -> None:
    type_ = made(104, "a")
    enums.learn([type_])
    assert iristypes.to_iris(type_.oid) == "VARCHAR(63)"
    for oid, noted in ((type_.oid, NotedEnum(104, False)), (type_.array, NotedEnum(104, True))):
        annotation = iristypes.annotation(oid)
        assert iristypes.enum_of(annotation) == noted
        assert iristypes.from_annotation(annotation) is None
        assert iristypes.comment_of(f"{annotation}\nwhat it is") == "what it is"
    assert iristypes.enum_of("pgiris:jsonb") is None
    assert iristypes.enum_of(None) is None


def test_a_copy_in_another_namespace_is_another_type() -> None:
    one = made(106, "a")
    other = one._replace(oid=enums.oid_of("COPY", 106), labels=("b", "a"), revision=2)
    enums.learn([one, other])
    assert parse_type(f'"{one.parsed}"') == (one.oid, -1)
    assert (enums.labels_of(one.oid), enums.labels_of(other.oid)) == (("a",), ("b", "a"))


def test_names() -> None:
    type_ = made(105, "a")
    enums.learn([type_])
    assert (type_name(type_.oid), type_name(type_.array)) == ("mood", "mood[]")
    assert parse_type(f'"{type_.parsed}"') == (type_.oid, -1)
    assert parse_type(f'"{type_.parsed}"[]') == (type_.array, -1)
    assert TYPES[type_.array].element == type_.oid
    assert enums.used([1, type_.array, 23]) == (type_,)
