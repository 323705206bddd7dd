"""Nodes: expressions and queries after parse analysis, with their types. PostgreSQL: primnodes.h, parsenodes.h"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from pgiris.types import oids
from pgiris.types.codec import Oid


class Unsure(Exception):
    """What PostgreSQL would print is not known for sure; the message says why."""


class Form(Enum):
    """How a conversion came about. PostgreSQL: CoercionForm"""

    EXPLICIT = auto()
    IMPLICIT = auto()


@dataclass(frozen=True)
class Node:
    type: Oid
    typmod: int = field(default=-1, kw_only=True)


@dataclass(frozen=True)
class Var(Node):
    """A column. source: of its query, or of one around it."""

    source: Source
    name: str


@dataclass(frozen=True)
class Const(Node):
    """text: as the type's output function gives it; None for NULL. Of type unknown: a literal as it was written."""

    text: str | None


@dataclass(frozen=True)
class Cast(Node):
    """A conversion. by_function: by one of pg_cast's, else the value stays as it is or goes by its text."""

    arg: Node
    form: Form
    by_function: bool


@dataclass(frozen=True)
class Op(Node):
    """left None: an operator before its operand."""

    name: str
    left: Node | None
    right: Node


@dataclass(frozen=True)
class ArrayOp(Node):
    """``left name ANY (right)``, or ALL."""

    name: str
    left: Node
    right: Node
    any: bool


@dataclass(frozen=True)
class Bool(Node):
    """word: AND, OR, NOT."""

    word: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Test(Node):
    """``arg IS NULL``. words: what stands behind it. of_truth: IS TRUE and its kin."""

    arg: Node
    words: str
    of_truth: bool = False


@dataclass(frozen=True)
class Distinct(Node):
    """``left IS DISTINCT FROM right``"""

    left: Node
    right: Node


@dataclass(frozen=True)
class Call(Node):
    """A function. syntax: it is written with words, as EXTRACT(year FROM x). merged: how many of the last arguments are elements
    of one VARIADIC array; variadic: the last argument is such an array."""

    name: str
    args: tuple[Node, ...]
    syntax: bool = False
    variadic: bool = False


@dataclass(frozen=True)
class Construct(Node):
    """COALESCE, GREATEST, LEAST, NULLIF"""

    word: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Value(Node):
    """CURRENT_DATE and its kin."""

    word: str


@dataclass(frozen=True)
class Case(Node):
    arg: Node | None
    whens: tuple[tuple[Node, Node], ...]
    default: Node


@dataclass(frozen=True)
class Tested(Node):
    """What CASE compares: it is printed in front of the branches."""


@dataclass(frozen=True)
class Array(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Row(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Subscript(Node):
    """bounds: (lower, upper) of slices, (None, index) of elements."""

    arg: Node
    bounds: tuple[tuple[Node | None, Node | None], ...]
    is_slice: bool


@dataclass(frozen=True)
class Collate(Node):
    arg: Node
    name: str


@dataclass(frozen=True)
class Order:
    expression: Node
    descending: bool
    nulls_first: bool


@dataclass(frozen=True)
class Aggregate(Node):
    """args None: of ``*``. within: keys of WITHIN GROUP."""

    name: str
    args: tuple[Node, ...] | None
    distinct: bool = False
    order: tuple[Order, ...] = ()
    within: tuple[Order, ...] = ()
    filter: Node | None = None
    variadic: bool = False


@dataclass(frozen=True)
class Frame:
    """words: as they are printed; PostgreSQL's default frame has none."""

    unit: str
    bounds: tuple[tuple[str, Node | None], ...]
    exclude: str = ""


@dataclass(frozen=True)
class Window:
    """name: of the WINDOW clause. refers: to the window that it copies."""

    name: str
    refers: str
    partition: tuple[Node, ...]
    order: tuple[Order, ...]
    frame: Frame | None


@dataclass(frozen=True)
class WindowCall(Node):
    name: str
    args: tuple[Node, ...] | None
    window: Window
    filter: Node | None = None


@dataclass(frozen=True)
class Sublink(Node):
    """A query in an expression. kind: EXPR, EXISTS, ARRAY, ANY, ALL. left, name: of ``left name ANY (query)``."""

    kind: str
    query: Query
    left: Node | None = None
    name: str = ""


# Queries


@dataclass(eq=False)
class Source:
    """What FROM names. columns: name -> type, typmod, in their order. alias: that was said for it.

    At most one of relation (schema, name), query, cte, function is there.
    """

    name: str
    columns: dict[str, tuple[Oid, int]]
    relation: tuple[str, str] | None = None
    query: Query | None = None
    cte: str = ""
    function: Node | None = None
    has_alias: bool = False
    renames: bool = False  # its alias has names of columns
    lateral: bool = False
    ordinality: bool = False

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.lower(): name for name in self.columns}

    def find(self, name: str) -> str | None:
        """The column of a name; IRIS tells names apart without case."""
        return name if name in self.columns else self._folded.get(name.lower())


@dataclass
class Join:
    """kind: INNER, LEFT, RIGHT, FULL."""

    left: Join | Source
    right: Join | Source
    kind: str
    using: tuple[str, ...] = ()
    on: Node | None = None


@dataclass(frozen=True)
class Target:
    """name: of the output column."""

    expression: Node
    name: str


@dataclass
class With:
    """columns: given behind its name. output: what the query gives, by the names that others know."""

    name: str
    query: Query
    columns: tuple[str, ...]
    materialized: bool | None
    output: dict[str, tuple[Oid, int]]


@dataclass
class Setop:
    """word: UNION, INTERSECT, EXCEPT."""

    word: str
    all: bool
    left: Setop | Query
    right: Setop | Query


@dataclass(frozen=True)
class Grouping:
    """word: "" for one key, SET for several in parentheses, else ROLLUP, CUBE, GROUPING SETS."""

    word: str
    items: tuple[Node | Grouping, ...]


@dataclass(eq=False)
class Query:
    """sources: in the order in which FROM names them. tree: FROM. parent: the query that it stands in; outer: the one whose
    columns it may name, too. merged: columns that JOIN USING makes of two."""

    targets: list[Target]
    sources: list[Source] = field(default_factory=list)
    parent: Query | None = None
    outer: Query | None = None
    ctes: list[With] = field(default_factory=list)
    recursive: bool = False
    distinct: bool | tuple[Node, ...] = False
    tree: list[Join | Source] = field(default_factory=list)
    merged: dict[str, Node] = field(default_factory=dict)
    where: Node | None = None
    groups: list[Grouping] = field(default_factory=list)
    having: Node | None = None
    windows: list[Window] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: Node | None = None
    offset: Node | None = None
    setop: Setop | None = None
    values: list[tuple[Node, ...]] | None = None

    @property
    def output(self) -> dict[str, tuple[Oid, int]]:
        return {target.name: (target.expression.type, target.expression.typmod) for target in self.targets}


BOOL = oids.BOOL
