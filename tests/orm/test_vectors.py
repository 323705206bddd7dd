"""Similarity search with pgvector-python, by SQLAlchemy's ORM and by psycopg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.servers import DATABASE, USER, Server

sa = pytest.importorskip("sqlalchemy")
pgvector_types = pytest.importorskip("pgvector.sqlalchemy")
np = pytest.importorskip("numpy")

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
        session.add_all(Passage(text=text, source=source, embedding=embedding) for text, source, embedding in PASSAGES)
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


def _list(embedding: Any) -> list[float]:
    return embedding.to_list() if hasattr(embedding, "to_list") else list(embedding)
