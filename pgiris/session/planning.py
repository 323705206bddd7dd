"""Planning: texts of one session to prepared statements, in the schema as the session sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.session import commands, execution
from pgiris.session.background import in_thread
from pgiris.session.database import MAY_BE_STALE, Resolved
from pgiris.session.portal import PreparedStatement
from pgiris.session.unread import explain
from pgiris.sql import roles
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.copy_texts import find_table
from pgiris.sql.cursor_commands import DeclareCursor, Fetch
from pgiris.sql.plan import Plan, Target
from pgiris.sql.planner import Environment, Planned
from pgiris.sql.prepare_commands import Execute
from pgiris.sql.split import LONG_TEXT
from pgiris.sql.temporary import NeedsSchema
from pgiris.types.codec import Oid
from pgiris.types.relation import Relation
from pgiris.types.rows import Column

if TYPE_CHECKING:
    from pgiris.session.session import Session


class Planning:
    """What the statements of one session mean, and what they return."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._environment: Environment | None = None
        self._environment_of: tuple[object, ...] = ()

    def environment(self) -> Environment:
        """What statements of this session mean now; the same object as long as nothing of it changes."""
        view, schema = self._session.settings.view, self._session.temporary.schema
        if self._environment is None or self._environment_of != (view, self._session.database.snapshot, schema):
            path = self._search_path(view.search_path)
            self._environment = self._session.database.environment((schema, *path) if schema else path, view.options)
            self._environment_of = (view, self._session.database.snapshot, schema)
        return self._environment

    def _search_path(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Without the user's own schema where there is none, so that new tables do not make it appear.

        Other schemas stay though nothing is known of them: one that is empty has no relations in the snapshot.
        """
        if len(names) > 1 and self._session.user in names and not self._session.has_schema(self._session.user):
            return tuple(name for name in names if name != self._session.user)
        return names

    async def prepare(self, text: str, declared: tuple[Oid, ...] = ()) -> PreparedStatement:
        """Plan a statement; in a failed transaction only one that ends it."""
        planned = await self._plan(text, declared)
        self._session.transaction.admit(planned.plan)
        statement = PreparedStatement(text, declared, planned, self.environment())
        command = planned.plan.command
        if isinstance(command, DeclareCursor):
            statement.inner = await self.prepare_within(command.text, command.start, declared)
            statement.inner.source = text
        return statement

    async def prepare_within(self, text: str, start: int, declared: tuple[Oid, ...]) -> PreparedStatement:
        """Plan a statement that begins somewhere in another."""
        try:
            return await self.prepare(text, declared)
        except PgError as error:
            raise execution.moved(error, start) from None

    async def prepare_again(self, statement: PreparedStatement) -> PreparedStatement:
        """Plan a prepared statement for the present environment. Raises 0A000 when its result would change."""
        fresh = await self.prepare(statement.text, statement.declared)
        if statement.described and statement.columns != await self.describe(fresh):
            raise PgError(
                sqlstate.FEATURE_NOT_SUPPORTED,
                "cached plan must not change result type",
                routine="RevalidateCachedQuery",  # asyncpg and pgjdbc prepare again when they see it
            )
        statement.planned, statement.environment, statement.inner = fresh.planned, fresh.environment, fresh.inner
        return statement

    async def _plan(self, text: str, declared: tuple[Oid, ...]) -> Planned:
        try:
            return await self._plan_once(text, declared)
        except PgError as error:
            if error.code not in MAY_BE_STALE or not await self.schema_has_changed():
                raise
        return await self._plan_once(text, declared)

    async def _plan_once(self, text: str, declared: tuple[Oid, ...]) -> Planned:
        try:
            return await self._plan_now(text, declared)
        except NeedsSchema:
            self._session.temporary.open_schema()
        return await self._plan_now(text, declared)

    async def _plan_now(self, text: str, declared: tuple[Oid, ...]) -> Planned:
        planner, environment = self._session.database.planner, self.environment()
        hits = planner.hits
        if len(text) < LONG_TEXT:
            planned = planner.plan(text, environment, declared)
        else:
            planned = await in_thread(planner.plan, text, environment, declared)
        self._session.shared.metrics.plans["hit" if planner.hits > hits else "miss"] += 1
        if planned.plan.tag in roles.CREATES:
            roles.check_name(text, self._session.user)
        return planned

    async def schema_has_changed(self) -> bool:
        """Look whether somebody else has changed the schema since it was read."""
        await self._session.take_worker()
        changed = await self._session.lease.refresh()
        self._session.release_idle_worker()
        return changed

    async def find_table(self, command: CopyCommand) -> Relation:
        """The table of a COPY. Raises 42P01, 42809, 0A000."""
        try:
            return self._find_table(command)
        except PgError as error:
            if error.code not in (sqlstate.INVALID_SCHEMA_NAME, *MAY_BE_STALE) or not await self.schema_has_changed():
                raise
        return self._find_table(command)

    def _find_table(self, command: CopyCommand) -> Relation:
        environment = self.environment()
        try:
            return find_table(command, environment.snapshot, environment.search_path, self._session.database_name)
        except PgError as error:
            *_, schema, _ = ("", *command.table) if command.table is not None else ("", "")
            if error.code == sqlstate.UNDEFINED_TABLE and schema and not self._session.has_schema(schema):
                raise PgError(sqlstate.INVALID_SCHEMA_NAME, f'schema "{schema}" does not exist') from None
            raise

    async def refresh(self) -> bool:
        """For pgiris_refresh(): see now what was created and altered elsewhere."""
        changed = await self.schema_has_changed()
        catalog = self._session.database.catalog
        if catalog is not None:
            catalog.forget()
        return changed

    async def schema_changed(self) -> None:
        """After DDL of this session: every session of this front sees it with its next statement."""
        await self._session.lease.refresh()
        await self._session.database.hosts.empty()
        await self._session.database.on_change()

    async def definitions_changed(self) -> None:
        """After a definition that no worker of the session has made."""
        await self._session.take_worker()
        await self.schema_changed()

    async def resolve(self, plan: Plan) -> Resolved:
        """The plan with its result columns, which may need a worker's word."""
        resolved = self._session.database.resolved(plan)
        if resolved is None:
            await self._session.take_worker()
            try:
                resolved = await self._session.lease.resolve(plan)
            except PgError as error:
                explain(error, plan)
                raise
        return resolved

    async def describe(self, statement: PreparedStatement) -> tuple[Column, ...] | None:
        """Result columns; None when the statement returns no rows."""
        if statement.described:
            return statement.columns
        plan = statement.planned.plan
        command = plan.command
        match command:
            case None:
                columns = await self._plan_columns(plan)
            case Execute():
                columns = await self.describe(await commands.prepared(self._session, command))
            case Fetch():
                portal = self._session.portals.by_name.get(command.cursor)
                columns = portal.resolved.columns if portal and portal.resolved and not command.move else None
            case _:
                columns = commands.columns(self._session, command)
        statement.columns = columns
        statement.described = command is None  # what commands return changes with their objects
        return columns

    async def _plan_columns(self, plan: Plan) -> tuple[Column, ...] | None:
        if plan.target in (Target.CONSTANT, Target.CATALOG):
            return plan.columns
        if plan.target is not Target.BACKEND:
            return None
        resolved = await self.resolve(plan)
        return resolved.columns if resolved.returns_rows else None
