"""Overloads: which of the functions in SQL of one name a call means, by its arguments.

PostgreSQL: typeconv-func; FuncnameGetCandidates in namespace.c
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.coercion import Kind
from pgiris.sql.functions import FUNCTIONS, Function, choose, fitting_of
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.session_functions import SESSION_FUNCTIONS
from pgiris.sql.words import BUILT_IN_FUNCTIONS
from pgiris.types.codec import Oid
from pgiris.types.relation import Snapshot
from pgiris.types.routines import RoutineMeta
from pgiris.types.table import type_name

_HINT = "No function matches the given name and argument types. You might need to add explicit type casts."
_NOT_UNIQUE = "Could not choose a best candidate function. You might need to add explicit type casts."


@dataclass(frozen=True)
class Overload:
    """places: for each input parameter which argument it takes, None for its default."""

    function: RoutineMeta
    places: tuple[int | None, ...]
    rank: int  # of its schema in the search path

    def wanted(self, count: int) -> tuple[Oid, ...]:
        """The types of so many arguments, in the order in which they are given."""
        types = {place: Oid(p.oid) for place, p in zip(self.places, self.function.inputs, strict=True) if place is not None}
        return tuple(types[place] for place in range(count))


@dataclass(eq=False)
class FunctionCall:
    """A call in a statement. shown: the function as it is called. names: of the arguments, "" for those by place.

    Binding decides: chosen, kinds (of the arguments).
    """

    shown: str
    names: tuple[str, ...]
    candidates: tuple[Overload, ...]
    within: frozenset[int] = frozenset()  # functions whose bodies it stands in, by their numbers
    chosen: Overload | None = None
    kinds: list[Kind] = field(default_factory=list)

    def choose(self, kinds: list[Kind]) -> RoutineMeta:
        """What was chosen first stays. Raises 42883, 42725."""
        if self.chosen is not None:
            return self.chosen.function
        wanted = {Function(self.shown, one.wanted(len(kinds)), Oid(one.function.result), ""): one for one in self.candidates}
        call = choose(tuple(wanted), kinds)
        if call is None:
            raise self._none(kinds, len(fitting_of(tuple(wanted), kinds)) > 1)
        chosen = wanted[call.function]
        types = call.function.arguments
        if any(one is not chosen and one.rank == chosen.rank and one.wanted(len(kinds)) == types for one in self.candidates):
            raise self._none(kinds, True)
        self.chosen, self.kinds = chosen, kinds
        return chosen.function

    def _none(self, kinds: Sequence[Kind], several: bool) -> PgError:
        named = zip(self.names, kinds, strict=True)
        shown = ", ".join(f"{name.lower()} => {type_name(kind.oid)}" if name else type_name(kind.oid) for name, kind in named)
        if several:
            return PgError(sqlstate.AMBIGUOUS_FUNCTION, f"function {self.shown}({shown}) is not unique", hint=_NOT_UNIQUE)
        return PgError(sqlstate.UNDEFINED_FUNCTION, f"function {self.shown}({shown}) does not exist", hint=_HINT)


def candidates(
    snapshot: Snapshot, search_path: tuple[str, ...], schema: str, name: str, names: tuple[str, ...]
) -> tuple[Overload, ...]:
    """Those that take arguments of such names, the schema that is searched first last."""
    found = []
    for rank, place in enumerate((schema,) if schema else search_path):
        within = iris_schema(place).lower()
        for function in snapshot.functions.get(name, ()):
            if function.schema.lower() == within and (places := _places(function, names)) is not None:
                found.append(Overload(function, places, rank))
    return tuple(sorted(found, key=lambda one: -one.rank))


def is_built_in(name: str) -> bool:
    """Whether PostgreSQL, or pgiris, has functions of this name itself."""
    return name in BUILT_IN_FUNCTIONS or name in FUNCTIONS or name in SESSION_FUNCTIONS


def visible(snapshot: Snapshot, search_path: tuple[str, ...], schema: str, name: str) -> list[RoutineMeta]:
    """Those of a name, whatever their arguments."""
    places = {iris_schema(place).lower() for place in ((schema,) if schema else search_path)}
    return [function for function in snapshot.functions.get(name, ()) if function.schema.lower() in places]


def _places(function: RoutineMeta, names: tuple[str, ...]) -> tuple[int | None, ...] | None:
    """None: the function does not take such arguments."""
    inputs = function.inputs
    taken: dict[int, int] = {}
    known = {parameter.name: place for place, parameter in enumerate(inputs) if parameter.name}
    for place, name in enumerate(names):
        parameter = known.get(name, known.get(name.lower(), -1)) if name else place
        if not 0 <= parameter < len(inputs) or parameter in taken:
            return None
        taken[parameter] = place
    if any(place not in taken and not parameter.default for place, parameter in enumerate(inputs)):
        return None
    return tuple(taken.get(place) for place in range(len(inputs)))
