"""Alembic: what autogenerate finds between models and a server, applied: ``python alembic_steps.py URL``."""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops

from tests.orm.steps import report, step

engine = sa.create_engine(sys.argv[1])
OPTIONS = {
    "compare_type": True,
    "compare_server_default": True,
    "include_name": lambda name, kind, parents: kind != "table" or name.startswith("al_"),
}


def models(second: bool) -> sa.MetaData:
    """The tables before and after a change."""
    metadata = sa.MetaData()
    sa.Table(
        "al_authors",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80 if second else 50), nullable=False, unique=True),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
        *((sa.Column("note", sa.Text), sa.Column("rank", sa.Integer, server_default="3")) if second else ()),
    )
    sa.Table(
        "al_books",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("author_id", sa.ForeignKey("al_authors.id", ondelete="CASCADE"), nullable=False),
        sa.Column("price", sa.Numeric(10, 2), nullable=second, index=not second),
        sa.Column("data", sa.JSON),
        *((sa.UniqueConstraint("author_id", "price", name="al_books_price"),) if second else ()),
    )
    if second:
        sa.Table("al_tags", metadata, sa.Column("id", sa.Uuid, primary_key=True), sa.Column("name", sa.Text, index=True))
    return metadata


def difference(metadata: sa.MetaData, apply: bool = False) -> list[str]:
    """The operations that autogenerate thinks of, as it writes them."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={**OPTIONS, "target_metadata": metadata})
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        written = render_python_code(script.upgrade_ops, migration_context=context).splitlines()
        if apply:
            _carry_out(Operations(context), script.upgrade_ops)
    return [line.strip() for line in written if line.strip().startswith("op.")]


def _carry_out(operations: Operations, container: ops.OpContainer) -> None:
    for operation in container.ops:
        if isinstance(operation, ops.OpContainer):
            _carry_out(operations, operation)
        else:
            operations.invoke(operation)


def constraints() -> list[Any]:
    inspector = sa.inspect(engine)
    tables = sorted(table for table in inspector.get_table_names() if table.startswith("al_"))
    return [
        (
            table,
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            sorted(index["name"] for index in inspector.get_indexes(table)),
            sorted(constraint["name"] for constraint in inspector.get_unique_constraints(table)),
            [key["options"] for key in inspector.get_foreign_keys(table)],
        )
        for table in tables
    ]


@step
def clean() -> None:
    with engine.begin() as connection:
        for table in ("al_books", "al_authors", "al_tags"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {table} CASCADE"))


@step
def first_migration() -> Any:
    return sorted(difference(models(False), apply=True)), constraints()


@step
def nothing_to_do() -> Any:
    return difference(models(False))


@step
def second_migration() -> Any:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO al_authors (name) VALUES ('a'), ('b')"))
        connection.execute(sa.text("INSERT INTO al_books (author_id, price) SELECT id, 1.5 FROM al_authors"))
    return sorted(difference(models(True), apply=True)), constraints()


@step
def nothing_to_do_again() -> Any:
    return difference(models(True))


@step
def back() -> Any:
    return sorted(difference(models(False), apply=True)), constraints()


@step
def drop() -> Any:
    found = sorted(difference(sa.MetaData()))  # in an order that Alembic leaves to chance
    clean()
    return found, constraints()


report()
