"""Similarity search with pgvector-python, by SQLAlchemy's ORM and by psycopg."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import psycopg
import pytest

from tests.support.servers import DATABASE, USER, Server

sa = pytest.importorskip("sqlalchemy")
pgvector_types = pytest.importorskip("pgvector.sqlalchemy")
np = pytest.importorskip("numpy")

from pgvector import HalfVector, SparseVector, Vector  # noqa: E402
from pgvector.asyncpg import register_vector as register_async  # noqa: E402
from pgvector.psycopg import register_vector  # noqa: E402
from sqlalchemy import orm  # noqa: E402


class Base(orm.DeclarativeBase):
    pass


class Passage(Base):
    __tablename__ = "similar_passage"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)
    source: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    embedding: orm.Mapped[Any] = orm.mapped_column(pgvector_types.Vector(3))
    half: orm.Mapped[Any] = orm.mapped_column(pgvector_types.HALFVEC(3))
    sparse: orm.Mapped[Any] = orm.mapped_column(pgvector_types.SPARSEVEC(3))


WANTED = [1, 0.08, 0]
PASSAGES = [("cats", "a", [1, 0, 0]), ("dogs", "a", [0.9, 0.1, 0]), ("cars", "b", [0, 1, 0]), ("trains", "b", [0, 0.8, 0.6])]


@pytest.fixture
def passages(pgiris: Server) -> Iterator[orm.Session]:
    engine = sa.create_engine(
        sa.URL.create("postgresql+psycopg", USER, host=pgiris.host, port=pgiris.port, database=DATABASE), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS vector"))
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add_all(
            Passage(text=text, source=source, embedding=one, half=one, sparse=SparseVector(one)) for text, source, one in PASSAGES
        )
        session.commit()
        yield session
    Base.metadata.drop_all(engine)


def test_vectors_come_back_as_they_were_stored(passages: orm.Session) -> None:
    found = passages.scalars(sa.select(Passage).order_by(Passage.id)).all()
    assert [(one.text, np.asarray(_list(one.embedding)).round(5).tolist()) for one in found] == [
        (text, embedding) for text, _, embedding in PASSAGES
    ]


@pytest.mark.parametrize(
    ("distance", "nearest"),
    [
        ("cosine_distance", ["dogs", "cats"]),
        ("l2_distance", ["cats", "dogs"]),
        ("l1_distance", ["cats", "dogs"]),
        ("max_inner_product", ["cats", "dogs"]),
    ],
)
def test_the_nearest_passages_come_first(passages: orm.Session, distance: str, nearest: list[str]) -> None:
    near = getattr(Passage.embedding, distance)(WANTED)
    assert passages.scalars(sa.select(Passage.text).order_by(near).limit(2)).all() == nearest


@pytest.mark.parametrize("distance", ["cosine_distance", "l2_distance", "l1_distance", "max_inner_product"])
def test_halfvecs_are_found_as_vectors_are(passages: orm.Session, distance: str) -> None:
    def nearest(column: Any) -> list[str]:
        return list(passages.scalars(sa.select(Passage.text).order_by(getattr(column, distance)(WANTED)).limit(2)))

    assert nearest(Passage.half) == nearest(Passage.embedding)
    found = passages.scalars(sa.select(Passage.half).order_by(Passage.id)).all()
    assert [np.float16(_list(one)).tolist() for one in found] == [np.float16(embedding).tolist() for _, _, embedding in PASSAGES]


@pytest.mark.parametrize("distance", ["cosine_distance", "l2_distance", "l1_distance", "max_inner_product"])
def test_sparsevecs_are_found_as_vectors_are(passages: orm.Session, distance: str) -> None:
    def nearest(column: Any, wanted: Any) -> list[str]:
        return list(passages.scalars(sa.select(Passage.text).order_by(getattr(column, distance)(wanted)).limit(2)))

    assert nearest(Passage.sparse, SparseVector(WANTED)) == nearest(Passage.embedding, WANTED)
    found = passages.scalars(sa.select(Passage.sparse).order_by(Passage.id)).all()
    assert [np.float32(one.to_list()).tolist() for one in found] == [np.float32(one).tolist() for _, _, one in PASSAGES]


def test_a_vector_is_searched_as_a_halfvec_by_a_cast(passages: orm.Session) -> None:
    near = sa.cast(Passage.embedding, pgvector_types.HALFVEC(3)).cosine_distance(WANTED)
    assert passages.scalars(sa.select(Passage.text).order_by(near).limit(2)).all() == ["dogs", "cats"]


def test_a_search_is_filtered_and_shows_distances(passages: orm.Session) -> None:
    distance = Passage.embedding.cosine_distance([0, 1, 0]).label("distance")
    rows = passages.execute(sa.select(Passage.text, distance).where(Passage.source == "b").order_by(distance).limit(5)).all()
    assert [(text, round(value, 5)) for text, value in rows] == [("cars", 0.0), ("trains", 0.2)]
    close = sa.select(Passage.text).where(Passage.embedding.l2_distance([1, 0, 0]) < 0.5).order_by(Passage.text)
    assert passages.scalars(close).all() == ["cats", "dogs"]


def test_vectors_of_psycopg_are_sent_in_binary(pgiris: Server, passages: orm.Session) -> None:
    with psycopg.connect(pgiris.dsn()) as connection:
        register_vector(connection)
        query = "SELECT text, embedding FROM similar_passage ORDER BY embedding <=> %b LIMIT 1"
        text, embedding = connection.execute(query, (np.array([0, 0.7, 0.7], dtype=np.float32),)).fetchone()
        assert text == "trains"
        assert np.allclose(_list(embedding), [0, 0.8, 0.6])


def test_halfvecs_of_psycopg_are_sent_in_binary(pgiris: Server, passages: orm.Session) -> None:
    with psycopg.connect(pgiris.dsn()) as connection:
        register_vector(connection)
        query = "SELECT text, half FROM similar_passage ORDER BY half <=> %b LIMIT 1"
        text, half = connection.cursor(binary=True).execute(query, (HalfVector([0, 0.7, 0.7]),)).fetchone()
        assert (text, half) == ("trains", HalfVector(np.float16([0, 0.8, 0.6])))
        with connection.cursor().copy("COPY similar_passage FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", "text", "varchar", "vector", "halfvec", "sparsevec"])
            copy.write_row([100, "copied", "c", Vector([1, 2, 3.3]), HalfVector([1, 2, 3.3]), SparseVector([0, 2, 0])])
        ((half, sparse),) = connection.execute("SELECT half, sparse FROM similar_passage WHERE id = 100").fetchall()
        assert (half.to_list(), sparse) == (np.float16([1, 2, 3.3]).tolist(), SparseVector([0, 2, 0]))


def test_sparsevecs_that_are_copied_have_the_dimensions_of_their_column(pgiris: Server, passages: orm.Session) -> None:
    with psycopg.connect(pgiris.dsn()) as connection:
        register_vector(connection)
        with (
            pytest.raises(psycopg.DataError, match="expected 3 dimensions, not 4"),
            connection.cursor().copy("COPY similar_passage FROM STDIN") as copy,
        ):
            copy.write_row([100, "copied", "c", "[1,2,3]", "[1,2,3]", SparseVector([0, 2, 0, 0])])


def test_sparsevecs_of_psycopg_are_sent_in_binary(pgiris: Server, passages: orm.Session) -> None:
    with psycopg.connect(pgiris.dsn()) as connection:
        register_vector(connection)
        query = "SELECT text, sparse FROM similar_passage ORDER BY sparse <-> %b LIMIT 1"
        row = connection.cursor(binary=True).execute(query, (SparseVector({1: 0.9}, 3),)).fetchone()
        assert row == ("cars", SparseVector([0, 1, 0]))


def test_halfvecs_and_sparsevecs_of_asyncpg(pgiris: Server, passages: orm.Session) -> None:
    async def work() -> None:
        connection = await asyncpg.connect(**pgiris.parameters, database=DATABASE)
        try:
            await register_async(connection)
            wanted = HalfVector([0, 0.7, 0.7])
            row = await connection.fetchrow("SELECT text, half FROM similar_passage ORDER BY half <=> $1 LIMIT 1", wanted)
            assert tuple(row) == ("trains", HalfVector(np.float16([0, 0.8, 0.6])))
            row = await connection.fetchrow(
                "SELECT text, sparse FROM similar_passage ORDER BY sparse <-> $1", SparseVector([0, 1, 0])
            )
            assert tuple(row) == ("cars", SparseVector([0, 1, 0]))
            halves = await connection.fetchval("SELECT $1::halfvec[]", [wanted, wanted])
            assert halves == [HalfVector(np.float16([0, 0.7, 0.7]))] * 2
        finally:
            await connection.close()

    asyncio.run(work())


def _list(embedding: Any) -> list[float]:
    return embedding.to_list() if hasattr(embedding, "to_list") else list(embedding)
