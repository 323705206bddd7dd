"""Nodes: expressions and queries after parse analysis, with their types. PostgreSQL: primnodes.h, parsenodes.h"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

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
    """What FROM names. shown: the name by which its columns are told, "" where none is needed. columns: name -> type, typmod.

    Exactly one of relation (schema, name), query, cte, rows, function is there.
    """

    name: str
    columns: dict[str, tuple[Oid, int]]
    relation: tuple[str, str] | None = None
    query: Query | None = None
    cte: str = ""
    rows: list[tuple[Node, ...]] | None = None
    function: Node | None = None
    has_alias: bool = False
    renamed: bool = False  # its columns have an alias list
    lateral: bool = False
    ordinality: bool = False
    shown: str = ""
    only: bool = False


@dataclass
class Join:
    left: Join | Source
    right: Join | Source
    kind: str  # INNER, LEFT, RIGHT, FULL
    using: tuple[str, ...] = ()
    on: Node | None = None


@dataclass(frozen=True)
class Target:
    """name: of the output column."""

    expression: Node
    name: str


@dataclass
class With:
    name: str
    query: Query
    columns: tuple[str, ...] = ()
    materialized: bool | None = None


@dataclass
class Setop:
    """word: UNION, INTERSECT, EXCEPT."""

    word: str
    all: bool
    left: Setop | Query
    right: Setop | Query


@dataclass
class Query:
    targets: list[Target]
    sources: list[Source] = field(default_factory=list)  # in PostgreSQL's order
    ctes: list[With] = field(default_factory=list)
    recursive: bool = False
    distinct: bool | tuple[Node, ...] = False
    tree: list[Join | Source] = field(default_factory=list)  # FROM
    where: Node | None = None
    groups: list[Grouping] = field(default_factory=list)
    group_distinct: bool = False
    having: Node | None = None
    windows: list[Window] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: Node | None = None
    offset: Node | None = None
    setop: Setop | None = None
    values: list[tuple[Node, ...]] | None = None
    outer: Query | None = None
    merged: dict[str, Node] = field(default_factory=dict)  # columns that JOIN USING makes of two


@dataclass(frozen=True)
class Grouping:
    """word: "" for one expression, else ROLLUP, CUBE, GROUPING SETS, () of its items."""

    word: str
    items: tuple[Node | Grouping, ...]


BOOL = oids.BOOL
