"""Database: what the sessions of one IRIS namespace share in a front: workers, schema snapshot, planner, resolved plans."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from pgiris import sqlstate
from pgiris.backend.host import Hosts
from pgiris.backend.lane import Lane
from pgiris.backend.pool import Pool
from pgiris.backend.worker import frames
from pgiris.backend.worker.catalog import CatalogWorker
from pgiris.backend.worker.conversion import as_column, as_frame
from pgiris.backend.worker.keeper import KeeperLink
from pgiris.backend.worker.link import Link
from pgiris.session.background import in_thread
from pgiris.session.sizes import StoredSizes
from pgiris.sql.plan import Plan, Role, Shaping, Step, Target
from pgiris.sql.planner import CACHED_STEPS, Environment, Options, Planner
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.typenames import shown_type
from pgiris.types import enums
from pgiris.types.codec import Oid
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.rows import Column

if TYPE_CHECKING:
    from pgiris.session.quick import Quick

RESOLVED_PLANS = 5000
MANY_RELATIONS = 500  # to read the names of more would keep the event loop for too long
# Errors of a schema that has changed since.
MAY_BE_STALE = frozenset({sqlstate.UNDEFINED_TABLE, sqlstate.UNDEFINED_COLUMN, sqlstate.UNDEFINED_OBJECT})
_BY_WORKERS = frozenset((Target.BACKEND, Target.CATALOG))

_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Resolved:
    """A plan whose result columns are known. define: the encoded frame that makes a worker know it under its number."""

    plan: Plan
    columns: tuple[Column, ...]
    returns_rows: bool
    number: int
    define: bytes
    passing: bool  # too large to be kept for another time
    quick: Quick | None = None  # set by quick.py


async def _nobody() -> None:
    """Nobody else is to know of a change."""


class Database:
    """login: the user that its workers log in as; empty for the service account.

    on_change: called when a session has changed the schema, for other users' databases of the same namespace.

    on_tally: told what workers have answered of clients that were lent to them.
    """

    def __init__(
        self,
        name: str,
        pool: Pool,
        planner: Planner,
        catalog: CatalogWorker | None = None,
        on_tally: Callable[[frames.Tally], None] = lambda _: None,
        keeper: KeeperLink | None = None,
        one_writer: bool = False,
        login: str = "",
    ) -> None:
        self.name = name
        self.login = login
        self.user_id = 0  # of the sandbox's user that its workers work as
        self.catalog = catalog
        self.keeper = keeper or KeeperLink(None)
        self.pool = pool
        self.lane = Lane(pool)
        self.sizes = StoredSizes(name, pool)
        self.hosts = Hosts(pool, on_tally, one_writer)
        self.planner = planner
        self.on_change: Callable[[], Awaitable[None]] = _nobody
        self.snapshot = Snapshot()
        self._turns, self._turn = itertools.count(1), 0  # of snapshots
        self._environments: dict[tuple[tuple[str, ...], Options], Environment] = {}
        self._resolved: OrderedDict[int, Resolved] = OrderedDict()

    def environment(self, search_path: tuple[str, ...], options: Options) -> Environment:
        """The one Environment object for these settings and the present snapshot; plans are cached by its identity."""
        key = (search_path, options)
        environment = self._environments.get(key)
        if environment is None:
            environment = self._environments[key] = Environment(self.snapshot, *key)
        return environment

    def has_schema(self, name: str) -> bool:
        """Whether relations live in a schema of this PostgreSQL name; ``public`` is there always."""
        return name == "public" or iris_schema(name).lower() in self.snapshot.schemas

    async def close(self) -> None:
        """End its workers."""
        self.hosts.stop()
        await self.sizes.close()
        await self.pool.close()
        self.keeper.close()
        if self.catalog is not None:
            await self.catalog.close()

    async def refresh(self, link: Link) -> bool:
        """Ask a worker for the present schema; True when it differs from what was known."""
        turn = next(self._turns)  # whoever asks later sees no less, whatever order the answers come in
        reply = await link.request(frames.Introspect(link.next_serial(), self.snapshot.version))
        assert isinstance(reply, frames.Metadata)
        if reply.version == self.snapshot.version:
            self._turn = max(self._turn, turn)
            return False
        if reply.relations is None:  # it tells of what was known when it was asked
            return False
        if len(reply.relations) < MANY_RELATIONS:
            snapshot = _snapshot(reply)
        else:
            snapshot = await in_thread(_snapshot, reply)
        if turn > self._turn:
            self._turn, self.snapshot = turn, snapshot
            self._environments.clear()
            self.hosts.close()
        return True

    def resolved(self, plan: Plan) -> Resolved | None:
        """The resolved form of this very plan object, if a worker was not needed to make it or was asked before."""
        known = self._resolved.get(id(plan))
        if known is not None and known.plan is plan:
            return known
        if needs_backend(plan):
            return None
        return self._remember(plan, plan.columns or (), plan.returns_rows)

    async def resolve(self, plan: Plan, link: Link) -> Resolved:
        """Take from the backend's prepare metadata what the planner could not know."""
        sql = next(step.sql for step in plan.steps if step.role is Role.RESULT)
        reply = await link.request(frames.Prepare(link.next_serial(), sql))
        assert isinstance(reply, frames.Described)
        backend = None if reply.columns is None else tuple(map(as_column, reply.columns))
        if backend is None:
            return self._remember(plan, plan.columns or (), bool(plan.columns))
        if plan.columns is None:
            return self._remember(plan, backend, True)
        columns = tuple(_merge(own, theirs) for own, theirs in zip(plan.columns, backend, strict=True))
        return self._remember(plan, columns, True)

    def _remember(self, plan: Plan, columns: tuple[Column, ...], returns_rows: bool) -> Resolved:
        number = next(_numbers)
        encoded = frames.encode(define(plan, columns, number)) if plan.target in _BY_WORKERS else b""
        resolved = Resolved(plan, columns, returns_rows, number, encoded, len(plan.steps) > CACHED_STEPS)
        if resolved.passing:
            return resolved
        self._resolved[id(plan)] = resolved
        if len(self._resolved) > RESOLVED_PLANS:
            self._resolved.popitem(last=False)
        return resolved


def define(plan: Plan, columns: tuple[Column, ...], number: int) -> frames.Define:
    """The frame that makes a worker know a plan. columns: of its rows."""
    made = _define(plan, columns, number)
    if enums.any_learnt():
        made = msgspec.structs.replace(made, enums=enums.used(_numbers_in(msgspec.to_builtins(made))))
    return made


def _numbers_in(part: Any) -> Iterator[int]:
    if isinstance(part, list | tuple):
        for item in part:
            yield from _numbers_in(item)
    elif type(part) is int:
        yield part


def _define(plan: Plan, columns: tuple[Column, ...], number: int) -> frames.Define:
    return frames.Define(
        number,
        tuple(map(_as_step, plan.steps)),
        plan.parameters + plan.literals,
        tuple(map(as_frame, columns)),
        len(plan.steps) > 1,
        plan.computed,
        len(plan.parameters) + len(plan.literals) + len(plan.session_values),
        None if plan.shaping is None else as_shaping(plan.shaping),
        plan.generates is not None and plan.generates.told,
        plan.one_row,
    )


def _as_step(step: Step) -> frames.StepFrame:
    return frames.StepFrame(
        step.sql,
        tuple(frames.SourceFrame(s.index, s.as_list, s.fit, s.rows.name if s.rows else "") for s in step.sources),
        step.role.name,
        step.when.name,
        step.tolerates,
        step.notes.name,
        step.slot,
        step.arrays,
        step.once,
        step.each,
        None if step.rows is None else as_shaping(step.rows),
        step.kinds,
        step.command,
        step.distinct,
        step.busy.name,
        step.limit,
        step.back,
        None if step.guard is None else frames.GuardFrame(*step.guard),
    )


def as_shaping(shaping: Shaping) -> frames.ShapingFrame:
    order = tuple((key.program, key.descending, key.nulls_first) for key in shaping.order)
    groups = shaping.grouping
    grouping = None if groups is None else frames.GroupingFrame(groups.keys, groups.aggregates, groups.condition)
    return frames.ShapingFrame(
        shaping.items,
        shaping.condition,
        order,
        shaping.distinct,
        shaping.offset,
        shaping.limit,
        grouping,
        tuple((part.rows, part.outer, part.width) for part in shaping.expansions),
        shaping.width,
    )


def needs_backend(plan: Plan) -> bool:
    """Whether only the backend can tell some of the plan's result columns."""
    return plan.target is Target.BACKEND and (plan.columns is None or any(not column.oid for column in plan.columns))


def _merge(own: Column, theirs: Column) -> Column:
    if own.oid:
        return own
    return Column(own.name or theirs.name, theirs.oid, theirs.typmod, theirs.relation, theirs.attribute)


def _snapshot(reply: frames.Metadata) -> Snapshot:
    waiting = {(one.schema, one.name): partial(_as_relation, one) for one in reply.relations or ()}
    types = [type_._replace(shown=shown_type(type_.schema, type_.name)) for type_ in reply.enums]
    enums.learn(types)
    return Snapshot(reply.version, (), reply.noted, waiting, types, reply.roles, reply.functions, reply.checked)


def _as_relation(encoded: frames.EncodedRelation) -> Relation:
    frame = frames.decode_relation(encoded)
    columns = tuple(
        RelationColumn(
            c.name,
            Oid(c.oid),
            c.iris_type,
            c.typmod,
            c.not_null,
            c.default,
            c.identity,
            c.collation,
            c.sequence,
            computed=c.computed,
        )
        for c in frame.columns
    )
    return Relation(
        frame.schema,
        frame.name,
        columns,
        frame.kind,
        frame.primary_key,
        frame.unique_keys,
        frame.key_names,
        frame.definition,
        frame.owner,
        frame.indexes,
        frame.references,
        frame.checks,
    )
