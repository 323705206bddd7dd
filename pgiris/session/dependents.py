"""Dependents: columns that go away with their type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pgiris.errors import not_supported
from pgiris.session.execution import carry_out
from pgiris.sql.ddl import cascades, name, qualified
from pgiris.sql.plan import Effect
from pgiris.types.relation import Relation, RelationColumn

if TYPE_CHECKING:
    from pgiris.session.session import Session

Use = tuple[Relation, RelationColumn]


async def drop_columns(session: Session, uses: Sequence[Use]) -> None:
    """Those that CASCADE takes along. Raises 0A000 for tables that views read."""
    for relation, column in uses:
        for view in session.planning.environment().snapshot.relations:
            if view.kind == "view" and view.may_name(relation):
                what = f"dropping column {column.name} of table {relation.name}, which view {view.name} may read,"
                raise not_supported(f"{what} together with its type is not supported", "Drop the view first.")
    await carry_out(
        session,
        Effect.DDL,
        [f"ALTER TABLE {qualified(r.schema, r.name)} DROP COLUMN {name(column.name)} CASCADE" for r, column in uses],
    )
    for relation, column in uses:
        await session.database.keeper.ask("drop_column", relation.schema, relation.name, column.name)
    session.notify_all((cascades([f"column {column.name} of table {relation.name}" for relation, column in uses]),))
