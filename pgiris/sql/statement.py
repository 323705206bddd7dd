"""Statement: the state of one text on its way to a Plan, shared by the rewrites.

The order of a plan's values is: parameters, literals, session values (plan.py). While a statement is rewritten nobody knows how
many there will be, so Values carry places in ``sources`` whose indexes are settled by finish().
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from pgiris.compute.program import Program
from pgiris.compute.rowcounts import Clause
from pgiris.errors import PgError
from pgiris.sql.coercion import Kind
from pgiris.sql.infer import Analysis
from pgiris.sql.plan import (
    FOUND,
    LAST_IDENTITY,
    ROW,
    TABLE,
    TARGET_ROW,
    Generated,
    Grouping,
    NoteAction,
    SessionValue,
    Shaping,
    Source,
    Step,
    Temporary,
    ViewText,
)
from pgiris.sql.write import Value
from pgiris.types import oids
from pgiris.types.codec import Oid

_LITERAL, _SESSION, _COMPUTED = 1 << 20, 1 << 21, 1 << 22  # added to an index until finish(): which of the lists it counts in


@dataclass
class Bound:
    """A literal that a plan binds. place: which of the text's lifted literals; None: always this text."""

    oid: Oid
    text: str | None
    place: int | None


_UTC = frozenset(("utc", "gmt", "etc/utc", "etc/gmt", "zulu", "uct", "etc/uct", "etc/zulu", "universal", "etc/universal"))


@dataclass
class Statement:
    analysis: Analysis
    iris_version: tuple[int, int]
    null_ordering: str
    string_collation: str
    string_ordering: str
    unsupported_indexes: str
    time_zone: str
    inline: bool = False  # no values may be bound: the statement is kept (a view), or shown
    of_view: bool = False  # it is what a view keeps
    by_worker: bool = False  # it has steps for a worker, whatever else it asks for
    keeping: bool = False  # queries within, which IRIS cannot say, are steps of their own
    computing: bool = False  # the worker computes what IRIS cannot say in the select list
    places: dict[int, int] = field(default_factory=dict)  # start of a liftable literal in the text -> its number
    sources: list[Source] = field(default_factory=list)
    literals: list[Bound] = field(default_factory=list)
    session_values: list[SessionValue] = field(default_factory=list)
    computed: list[Program] = field(default_factory=list)
    shaping: Shaping | None = None  # of a RETURNING
    temporary: Temporary | None = None
    view: ViewText | None = None
    slot: int = 0  # of the steps in the making: each change of data in a WITH and each WHEN of a MERGE has its own
    one_row: bool = False  # only subqueries that have several rows divide by zero
    divisors: list[exp.Expr] | None = None  # what it divides by itself; None: nobody knows
    draws: bool = False  # rows take numbers of sequences
    generates: Generated | None = None
    notes: list[NoteAction] = field(default_factory=list)
    checks: list[Step] = field(default_factory=list)  # of rows, before a definition
    rules: list[str] = field(default_factory=list)
    notices: list[PgError] = field(default_factory=list)
    _literal_indexes: dict[tuple[int, Oid], int] = field(default_factory=dict)  # by place and type
    _fixed: set[int] = field(default_factory=set)  # places of literals that stand in the text of a step
    _source_indexes: dict[Source, int] = field(default_factory=dict)

    @property
    def time_zone_is_utc(self) -> bool:
        return self.time_zone.lower() in _UTC

    def note(self, action: str, *arguments: Any) -> None:
        """Have something noted when the statement has been carried out."""
        self.notes.append(NoteAction(action, arguments))

    def noted(self, action: str, *arguments: Any) -> None:
        """The same, where only what is noted already may have to change."""
        if self.analysis.snapshot.noted:
            self.note(action, *arguments)

    def fired(self, rule: str) -> None:
        if rule not in self.rules:
            self.rules.append(rule)

    def parameter(self, number: int, *, as_list: bool = False) -> Value:
        return self._value(Source(number - 1, as_list))

    def literal(self, node: exp.Expr, kind: Kind, *, as_list: bool = False) -> Value:
        """Bind a literal; a lifted one stays open for other texts of the same template."""
        text = None if isinstance(node, exp.Null) else node.name
        return self._value(Source(self.literal_index(text, kind, self.place(node)), as_list))

    def literal_index(self, text: str | None, kind: Kind, place: int | None) -> int:
        fresh = _LITERAL + len(self.literals)
        index = fresh if place is None else self._literal_indexes.setdefault((place, kind.oid), fresh)
        if index == fresh:
            self.literals.append(Bound(kind.oid, text, place))
        return index

    def literal_at(self, index: int) -> str | None:
        """The text of a literal that is bound; None for what is none."""
        return self.literals[index - _LITERAL].text if _LITERAL <= index < _SESSION else None

    def alike(self, source: Source, node: exp.Expr) -> Source:
        """Bind another literal as one was bound before."""
        bound = self.literals[source.index - _LITERAL]
        return replace(source, index=self.literal_index(node.name, Kind(bound.oid), self.place(node)))

    def place(self, node: exp.Expr) -> int | None:
        """Which lifted literal a node is; None for those made by rewrites, and for pinned ones."""
        start = node.meta.get("start")
        place = self.places.get(start) if start is not None else None
        if place is not None and (node.meta.get("pin") or node.meta.get("odd")):
            self._fixed.add(place)
            return None
        return place

    def fix(self, node: exp.Expr) -> None:
        """A literal stands in the text of a step as it is, so that other texts of the template have steps of their own.

        Another copy of it may be bound elsewhere in the statement.
        """
        place = self.place(node)
        if place is not None:
            self._fixed.add(place)

    def is_open(self, bound: Bound) -> bool:
        """Whether another literal may take its place."""
        return bound.place is not None and bound.place not in self._fixed

    def session_value(self, value: SessionValue) -> Value:
        return self._value(Source(self.session_index(value)))

    def session_index(self, value: SessionValue) -> int:
        self.session_values.append(value)
        return _SESSION + len(self.session_values) - 1

    def session_value_at(self, index: int) -> SessionValue | None:
        return self.session_values[index - _SESSION] if _SESSION <= index < _COMPUTED else None

    def computed_index(self, program: Program) -> int:
        self.computed.append(program)
        return _COMPUTED + len(self.computed) - 1

    def program_at(self, index: int) -> Program:
        return self.computed[index - _COMPUTED]

    def fitted(self, node: exp.Expr, kind: Kind) -> exp.Expr:
        """A value as a column of that kind stores it; what is none stays as it is."""
        if isinstance(node, exp.Literal) and node.is_string and kind.oid == oids.VARCHAR:
            length = kind.typmod - 4
            return node if node.name[length:].strip(" ") else exp.Literal.string(node.name[:length])
        if not isinstance(node, Value):
            return node
        made = self._value(replace(self.sources[int(node.this)], fit=(kind.oid, kind.typmod)))
        made.meta.update(node.meta)
        return made

    def row_count(self, value: exp.Expr, clause: Clause) -> Value:
        return self._value(replace(self.sources[int(value.this)], rows=clause))

    def computed_value(self, index: int, *, as_list: bool = False) -> Value:
        return self._value(Source(index, as_list))

    def mark(self) -> tuple[int, int, int]:
        """How much is bound so far."""
        return len(self.literals), len(self.session_values), len(self.computed)

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what was bound since."""
        literals, sessions, programs = mark
        del self.literals[literals:], self.session_values[sessions:], self.computed[programs:]
        self._literal_indexes = {key: index for key, index in self._literal_indexes.items() if index - _LITERAL < literals}

    def identity(self, back: int = 0) -> Value:
        """The %ID that was noted last, or one so many before it."""
        return self._value(Source(LAST_IDENTITY - back))

    def found(self, behind: int = 0) -> Value:
        """The list of %IDs that the last KEYS step of the present slot, or of one so many behind it, found."""
        return self._value(Source(FOUND - self.slot - behind, True))

    def target(self, place: int = 0, kind: Kind | None = None) -> Value:
        """The %ID that the last TARGET step found, or another column of its row."""
        made = self._value(Source(TARGET_ROW + place))
        if kind is not None:
            made.meta["kind"] = kind
        return made

    def kept_rows(self, slot: int) -> Value:
        """The rows that a step has kept, as JSON."""
        return self._value(Source(TABLE - slot))

    def fresh(self) -> Statement:
        """For a trial: it knows what this one knows, and of what is bound only what rows come from."""
        known = self.analysis
        analysis = replace(known, parameters=list(known.parameters), kept=dict(known.kept))
        return Statement(
            analysis,
            self.iris_version,
            self.null_ordering,
            self.string_collation,
            self.string_ordering,
            self.unsupported_indexes,
            self.time_zone,
            self.inline,
            sources=list(self.sources),
            _source_indexes=dict(self._source_indexes),
        )

    def column_of_row(self, index: int, kind: Kind | None = None) -> Value:
        """A column of the row that a step runs for."""
        made = self._value(Source(ROW + index))
        if kind is not None:
            made.meta["kind"] = kind
        return made

    def _value(self, source: Source) -> Value:
        fresh = len(self.sources)
        index = self._source_indexes.setdefault(source, fresh)
        if index == fresh:
            self.sources.append(source)
        return Value(this=index)

    def settled(self, index: int) -> int:
        """The place in the plan's value list."""
        count = len(self.analysis.parameters)
        if index >= _COMPUTED:
            return count + len(self.literals) + len(self.session_values) + index - _COMPUTED
        if index >= _SESSION:
            return count + len(self.literals) + index - _SESSION
        return count + index - _LITERAL if index >= _LITERAL else index

    def settled_step(self, step: Step) -> Step:
        sources = tuple(self.settled_source(source) for source in step.sources)
        limit = None if step.limit is None else self.settled_program(step.limit)
        return replace(step, sources=sources, rows=self.settled_shaping(step.rows), limit=limit)

    def settled_source(self, source: Source) -> Source:
        return replace(source, index=self.settled(source.index)) if source.index >= _LITERAL else source

    def settled_session_values(self) -> tuple[SessionValue, ...]:
        return tuple(
            replace(value, arguments=tuple(self.settled(a) if isinstance(a, int) else a for a in value.arguments))
            for value in self.session_values
        )

    def settled_program(self, program: Program) -> Program:
        if program[0] == "v":
            return ("v", program[1], self.settled(program[2]))
        if program[0] == "f":
            return (*program[:4], *(self.settled_program(argument) for argument in program[4:]))
        return program

    def settled_shaping(self, shaping: Shaping | None) -> Shaping | None:
        if shaping is None:
            return None
        settled = self.settled_program
        return Shaping(
            tuple(map(settled, shaping.items)),
            None if shaping.condition is None else settled(shaping.condition),
            tuple(key._replace(program=settled(key.program)) for key in shaping.order),
            shaping.distinct,
            None if shaping.offset is None else settled(shaping.offset),
            None if shaping.limit is None else settled(shaping.limit),
            None if shaping.grouping is None else self._settled_grouping(shaping.grouping),
            tuple(part._replace(rows=settled(part.rows)) for part in shaping.expansions),
            shaping.width,
        )

    def _settled_grouping(self, grouping: Grouping) -> Grouping:
        settled = self.settled_program
        condition = None if grouping.condition is None else settled(grouping.condition)
        return Grouping(tuple(map(settled, grouping.keys)), tuple(map(settled, grouping.aggregates)), condition)
