"""Long lists: constants of VALUES with many rows and of long IN lists, which become arrays that are bound; rows of parameters.

In: a statement's text. Out: a text without them, which is planned once whatever they hold, and the arrays:

    INSERT INTO t (a, b) VALUES (1, 'x'), (2, NULL) ...  ->  INSERT INTO t (a, b) SELECT c1, c2 FROM unnest($1, $2) AS ...
    ... a IN (1, 2, 3 ...)                               ->  ... a IN (pgiris_list($1)), which plainer.py takes for a = ANY ($1)
    ... a IN ($1, $2 ... $900)                           ->  ... a IN (pgiris_range($1, $900)): an array of all of them

A megabyte of rows is read in a tenth of a second, and makes no objects that the garbage collector would have to look through.
Of many rows of parameters, VALUES ($1, $2), ($3, $4) ..., some are planned; the others' values are taken as theirs.
Whatever is not as plain as this stays as it is, and what is wrong in it too: the whole text then tells the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pgiris.compute.program import Program, moved
from pgiris.errors import PgError
from pgiris.sql import verbatim
from pgiris.sql.coercion import STRINGS
from pgiris.sql.parameters import MOST_IN_LIST
from pgiris.sql.plan import Plan, Role, Source
from pgiris.sql.returning import MOST_ROWS
from pgiris.sql.scanner import fold
from pgiris.sql.scope import find_relation
from pgiris.types import oids
from pgiris.types.codec import Context, Decode, Oid
from pgiris.types.relation import Relation, Snapshot
from pgiris.types.rows import decoder
from pgiris.types.table import TYPES, parse_type

SHORTEST_TEXT = 500  # characters of one that may hold a long list
LIST = "pgiris_list"  # the function that stands for a list in IN
RANGE = "pgiris_range"  # the one that stands for parameters

_NAME = r'(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)'
_STRING = r"'([^']*(?:''[^']*)*)'"
_NATIONAL = rf"(?:[nN](?='[^']*(?:''[^']*)*(?<! )'))?{_STRING}"  # of type character, whose blanks at the end are no part of it
_NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?)"
_BOOLEAN = r"([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])"
_NULL = r"[Nn][Uu][Ll][Ll]"
_INSERT = re.compile(
    rf"\s*INSERT\s+INTO\s+({_NAME}(?:\.{_NAME})?)(\s+AS\s+{_NAME})?\s*(?:\(\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*\))?\s*VALUES\s*(?=\()",
    re.IGNORECASE,
)
_CELL = re.compile(
    rf"\s*(?:(?P<string>{_NATIONAL})|(?P<number>{_NUMBER})|(?P<boolean>{_BOOLEAN})|(?P<null>{_NULL}))"
    r"(?:::(?P<cast>[A-Za-z_][A-Za-z_0-9]*))?\s*(?P<after>[,)])"
)
_TAIL = re.compile(r"\s*(?:;\s*)?\Z|\s*(?:ON|RETURNING)\b", re.IGNORECASE)
_KINDS = {"string": _NATIONAL, "number": _NUMBER, "boolean": _BOOLEAN, "null": f"{_NATIONAL}|{_NUMBER}"}
_IN = re.compile(r"\bIN\s*\(\s*(?=['0-9-])", re.IGNORECASE)
_ITEMS = {"'": re.compile(rf"\s*{_STRING}\s*([,)])"), "0": re.compile(r"\s*(-?[0-9]+)\s*([,)])")}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ODD = re.compile(r"[eE&]'|\$[^0-9]")  # strings of other rules
_INT4_DIGITS = 9  # any number of so many digits fits


@dataclass(frozen=True)
class Shortened:
    """text: instead of the statement's. own: how many parameters it has itself. oids, arrays: types and texts of those behind.

    An open type (0) is settled by the plan.
    """

    text: str
    own: int
    oids: tuple[Oid, ...]
    arrays: tuple[bytes, ...]


def shorten(text: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> Shortened | None:
    """None: there is no long list of plain constants."""
    if len(text) < SHORTEST_TEXT:
        return None
    head = _INSERT.match(text)
    return _lists(text) if head is None else _rows(text, head, snapshot, search_path)


def are_values(shortened: Shortened, settled: Sequence[Oid]) -> bool:
    """Whether the constants of lists whose types the plan has settled are values of them."""
    if len(settled) != shortened.own + len(shortened.oids):
        return False
    for oid, known, array in zip(settled[shortened.own :], shortened.oids, shortened.arrays, strict=True):
        if oid not in TYPES or not TYPES[oid].element:
            return False
        if not known and TYPES[oid].element not in STRINGS and not _reads(decoder(oid, 0, _CONTEXT), array):
            return False
    return True


def _reads(read: Decode, value: bytes) -> bool:
    try:
        read(value)
    except PgError:
        return False
    return True


def sample(text: str) -> str:
    """A text of the same syntax, with one row for many."""
    head = _INSERT.match(text) if len(text) >= SHORTEST_TEXT else None
    cells = _cells(text, head.end()) if head is not None else None
    table = _Table.read(text, head.end(), cells) if head is not None and cells is not None else None
    if table is None:
        shortened = _lists(text)
        return text if shortened is None else shortened.text
    return text[: table.first_end] + text[table.end :]


# VALUES


@dataclass(frozen=True)
class _Cell:
    """A column as its first constant shows it."""

    kind: str
    cast: str | None

    @property
    def pattern(self) -> str:
        if self.cast is None:
            return rf"\s*(?:{_KINDS[self.kind]}|{_NULL})"
        return rf"\s*(?:(?:{_KINDS[self.kind]})::{self.cast}|{_NULL}(?:::{self.cast})?)"

    @property
    def groups(self) -> int:
        return 2 if self.kind == "null" else 1


def _cells(text: str, at: int) -> list[_Cell] | None:
    """What stands in the first row; None: something else than constants."""
    found = []
    at += 1
    while True:
        match = _CELL.match(text, at)
        if match is None:
            return None
        kind = next(kind for kind in _KINDS if match[kind] is not None)
        found.append(_Cell(kind, match["cast"]))
        at = match.end()
        if match["after"] == ")":
            return found


@dataclass(frozen=True)
class _Table:
    """Rows of the same form. columns: their cells, None for NULL. first_end, end: where the first row ends, and the last one."""

    cells: tuple[_Cell, ...]
    columns: tuple[tuple[str | None, ...], ...]
    first_end: int
    end: int

    @classmethod
    def read(cls, text: str, at: int, cells: Sequence[_Cell]) -> _Table | None:
        """None: there are few rows, or they differ in form."""
        row = re.compile(r"\s*\(" + r"\s*,".join(cell.pattern for cell in cells) + r"\s*\)(\s*,)?")
        rows = []
        first_end = 0
        more: str | None = ","
        while more is not None:
            match = row.match(text, at)
            if match is None:
                return None
            *values, more = match.groups()
            rows.append(values)
            at = match.end()
            first_end = first_end or (at - len(more or ""))
        if len(rows) <= MOST_ROWS or not _TAIL.match(text, at):
            return None
        made = _one_group_each(cells, tuple(zip(*rows, strict=True)))
        return None if made is None else cls(*made, first_end, at)


Columns = tuple[tuple[str | None, ...], ...]


def _one_group_each(cells: Sequence[_Cell], groups: Columns) -> tuple[tuple[_Cell, ...], Columns] | None:
    """A column that began with NULL has either strings or numbers; None: it has both."""
    found, columns = [], []
    at = 0
    for cell in cells:
        column, kind = groups[at], cell.kind
        if cell.groups == 2:
            numbers = groups[at + 1]
            strings_only, numbers_only = not any(map(_given, numbers)), not any(map(_given, column))
            if not strings_only and not numbers_only:
                return None
            kind = "null" if strings_only and numbers_only else "string" if strings_only else "number"
            column = column if strings_only else numbers
        found.append(_Cell(kind, cell.cast))
        columns.append(column)
        at += cell.groups
    return tuple(found), tuple(columns)


def _given(value: str | None) -> bool:
    return value is not None


def _rows(text: str, head: re.Match[str], snapshot: Snapshot, search_path: tuple[str, ...]) -> Shortened | None:
    cells = _cells(text, head.end())
    table = _Table.read(text, head.end(), cells) if cells is not None else None
    if table is None:
        return None
    place, alias, names = head[1], head[2] or "", head[3]
    tail = text[table.end :]
    targets = _targets(_relation(place, snapshot, search_path), names, len(table.cells))
    if targets is None or "$" in tail or verbatim.is_iris(head[0] + tail):
        return None
    arrays, types = [], []
    for cell, column, target in zip(table.cells, table.columns, targets, strict=True):
        element = _element(cell, column, target)
        if element is None or not TYPES[element].array:
            return None
        arrays.append(_array(column, is_string=cell.kind == "string"))
        types.append(TYPES[element].array)
    shown = ", ".join(f"c{number}" for number in range(1, len(types) + 1))
    given = ", ".join(f"${number}" for number in range(1, len(types) + 1))
    into = f"INSERT INTO {place}{alias}{f' ({names})' if names else ''}"
    made = f"{into} SELECT {shown} FROM unnest({given}) AS pgiris_rows ({shown}) {tail}"
    return Shortened(made, 0, tuple(types), tuple(arrays))


def _relation(place: str, snapshot: Snapshot, search_path: tuple[str, ...]) -> Relation | None:
    *schema, name = map(_folded, re.findall(_NAME, place))
    return find_relation(snapshot, search_path, schema[0] if schema else "", name)


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name[0] == '"' else fold(name)


def _targets(relation: Relation | None, names: str | None, width: int) -> list[Oid] | None:
    """The types of the columns that the cells of a row are meant for; None: there is something wrong with them."""
    if relation is None:
        return None
    columns = [column.name for column in relation.columns[:width]] if names is None else map(_folded, re.findall(_NAME, names))
    found = [relation.by_name.get(name.lower()) for name in columns]
    targets = [entry[1].oid for entry in found if entry is not None and entry[1].oid in TYPES]
    return targets if len(targets) == len(found) == width else None


def _element(cell: _Cell, column: Sequence[str | None], target: Oid) -> Oid | None:
    """The type of a column's constants; None: one of them is none of its values, or it is to be cast in a way that rounds."""
    wanted = parse_type(cell.cast) if cell.cast is not None and _is_type(cell.cast) else (target, -1)
    if (cell.cast is not None and not _is_type(cell.cast)) or wanted[1] >= 0 or wanted[0] not in TYPES:
        return None
    if cell.kind == "null":
        return wanted[0]
    if cell.kind == "string":
        return wanted[0] if _are_values(column, wanted[0]) else None
    own = oids.BOOL if cell.kind == "boolean" else _number_type(column)
    return own if cell.cast is None or own == wanted[0] else None


def _is_type(name: str) -> bool:
    try:
        parse_type(name)
    except PgError:
        return False
    return True


def _are_values(column: Sequence[str | None], oid: Oid) -> bool:
    if oid in STRINGS:
        return True
    read = decoder(oid, 0, _CONTEXT)
    return all(value is None or _reads(read, _plain(value).encode()) for value in column)


_CONTEXT = Context()


def _number_type(column: Sequence[str | None]) -> Oid:
    """PostgreSQL: sql-syntax-lexical#SQL-SYNTAX-CONSTANTS-NUMERIC; the widest of them all."""
    numbers = [value for value in column if value is not None]
    if not any("." in number for number in numbers):
        if max(map(len, numbers)) <= _INT4_DIGITS:
            return oids.INT4
        largest = max(abs(int(number)) for number in numbers)  # of a negative one the digits are the constant
        return oids.INT4 if largest < 2**31 else oids.INT8 if largest < 2**63 else oids.NUMERIC
    return oids.NUMERIC


def _plain(value: str) -> str:
    return value.replace("''", "'") if "''" in value else value


def _array(column: Sequence[str | None], *, is_string: bool) -> bytes:
    """An array's text. PostgreSQL: arrays#ARRAYS-IO"""
    if not is_string:
        return f"{{{','.join('NULL' if value is None else value for value in column)}}}".encode()
    return f"{{{','.join('NULL' if value is None else _quoted(value) for value in column)}}}".encode()


def _quoted(value: str) -> str:
    plain = _plain(value)
    if "\\" in plain or '"' in plain:
        plain = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


# IN


def _lists(text: str) -> Shortened | None:
    pieces: list[str] = []
    arrays: list[bytes] = []
    types: list[Oid] = []
    marks: list[int] = []  # the pieces before which the lists were
    at = 0
    for match in _ins(text):
        if match.start() < at or not _is_bare(text[at : match.start()]):
            continue
        found = _items(text, match.end())
        if found is None:
            continue
        items, end = found
        pieces.append(text[at : match.end()])
        marks.append(len(pieces))
        is_string = text[match.end()] == "'"
        arrays.append(_array(items, is_string=is_string))
        types.append(Oid(0) if is_string else TYPES[_number_type(items)].array)
        at = end
    if not arrays:
        return None
    pieces.append(text[at:])
    own = _own_parameters(pieces)
    if own is None or verbatim.is_iris("".join(pieces)):
        return None
    numbered = chain.from_iterable((f"{LIST}(${own + number})", piece) for number, piece in enumerate(pieces[1:], 1))
    return Shortened(pieces[0] + "".join(numbered), own, tuple(types), tuple(arrays))


def _ins(text: str) -> Iterator[re.Match[str]]:
    """Where IN begins a list of constants. The search for it by a pattern would take ten times as long."""
    upper = text.upper()
    if len(upper) != len(text):
        return
    at = upper.find("IN")
    while at >= 0:
        match = _IN.match(text, at)
        if match is not None:
            yield match
        at = upper.find("IN", at + 2)


def _is_bare(text: str) -> bool:
    """Whether a text that begins outside of strings and comments ends there too, and is easily seen to."""
    left = _QUOTED.sub("", text)
    return _ODD.search(text) is None and not any(mark in left for mark in ("'", '"', "--", "/*"))


def _items(text: str, at: int) -> tuple[list[str], int] | None:
    """The constants of a list that begins there, and where it ends; None: it is short, or holds something else."""
    item = _ITEMS["'" if text[at] == "'" else "0"]
    found = []
    while True:
        match = item.match(text, at)
        if match is None:
            return None
        found.append(match[1])
        at = match.end()
        if match[2] == ")":
            return (found, at - 1) if len(found) > MOST_IN_LIST else None


def _own_parameters(pieces: Sequence[str]) -> int | None:
    """How many $n a text has; None when it is not easily seen."""
    if not all(map(_is_bare, pieces)):
        return None
    return max((int(number) for piece in pieces for number in re.findall(r"\$([0-9]+)", _QUOTED.sub("", piece))), default=0)


# IN with parameters


_IN_PARAMETERS = re.compile(r"\bIN\s*\(\s*\$([0-9]+)(::\w+)?(\s*,\s*)", re.IGNORECASE)


def without_ranges(text: str) -> str | None:
    """The text with the first and the last for many parameters in a row; None: it has no such list."""
    if len(text) < SHORTEST_TEXT:
        return None
    pieces, at = [], 0
    for match in _IN_PARAMETERS.finditer(text):
        if match.start() < at or not _is_bare(text[at : match.start()]):
            continue
        first, cast, gap = int(match[1]), match[2] or "", match[3]
        end = text.find(")", match.end())
        last = first + text.count("$", match.start(), end) - 1
        if last - first < MOST_IN_LIST:
            continue
        listed = gap.join([f"${number}{cast}" for number in range(first, last + 1)])
        begin = match.end() - len(gap) - len(cast) - len(match[1]) - 1
        if text[begin:end].rstrip() == listed:
            pieces.append(f"{text[at:begin]}{RANGE}(${first}{cast}, ${last})")
            at = end
    return "".join([*pieces, text[at:]]) if pieces else None


# Rows of parameters


@dataclass(frozen=True)
class ParameterRows:
    """VALUES ($1, $2), ($3, $4) ...: rows of parameters alone. sample: the text with as many of them as it takes to see how
    they are planned."""

    sample: str
    width: int
    count: int


SAMPLED_ROWS = MOST_ROWS + 1
_PARAMETERS = re.compile(r"\(\s*\$1(?:::\w+)?\s*(?:,\s*\$[0-9]+(?:::\w+)?\s*)*\)")
_NUMBERED = re.compile(r"\$([0-9]+)")
_BETWEEN = re.compile(r"\s*,\s*")


def parameter_rows(text: str) -> ParameterRows | None:
    """None: it has other rows, or few."""
    head = _INSERT.match(text) if len(text) >= SHORTEST_TEXT else None
    first = _PARAMETERS.match(text, head.end()) if head is not None else None
    between = _BETWEEN.match(text, first.end()) if first is not None else None
    if first is None or between is None:
        return None
    row, gap = _NUMBERED.sub("$", first[0]), between[0]
    width, rest = row.count("$"), _NUMBERED.sub("$", text[first.start() :])
    count, end = 1, len(row)
    while rest.startswith(row, end + len(gap)) and rest.startswith(gap, end):
        count, end = count + 1, end + len(gap) + len(row)
    numbers = _NUMBERED.findall(text, first.start())
    if count <= SAMPLED_ROWS or "$" in rest[end:] or not _TAIL.match(rest, end):
        return None
    if numbers != list(map(str, range(1, count * width + 1))):
        return None
    sampled = SAMPLED_ROWS * (len(row) + len(gap)) - len(gap) + sum(map(len, numbers[: SAMPLED_ROWS * width]))
    return ParameterRows(text[: first.start() + sampled] + rest[end:], width, count)


def with_all_rows(plan: Plan, rows: ParameterRows) -> Plan | None:
    """The plan of the whole text; plan: the sample's. None: its rows are not planned one like the other."""
    made = _AllRows(plan, rows)
    return made.plan() if made.is_regular() else None


def agree(declared: Sequence[Oid], settled: Sequence[Oid]) -> bool:
    """Whether parameters have the types that the client declared, 0 where it left them open."""
    pairs = zip(declared, settled, strict=False)
    return len(declared) <= len(settled) and all(own in (0, oids.UNKNOWN, oid) for own, oid in pairs)


class _AllRows:
    def __init__(self, plan: Plan, rows: ParameterRows) -> None:
        self._plan, self._width, self._count = plan, rows.width, rows.count
        self._given = SAMPLED_ROWS * rows.width
        kept = [step for step in plan.steps if step.role is Role.ROWS]
        self._keep = kept[0] if len(kept) == 1 else None
        self._cells: list[Program | None] = []  # of the first row: what is computed, None for the parameter itself

    def is_regular(self) -> bool:
        plan, keep = self._plan, self._keep
        if keep is None or keep.sql or keep.arrays or keep.rows is not None or len(keep.sources) != self._given:
            return False
        if plan.literals or plan.session_values or plan.shaping is not None or len(plan.parameters) != self._given:
            return False
        others = [step for step in plan.steps if step is not keep]
        if any(step.rows is not None or any(source.index >= 0 for source in step.sources) for step in others):
            return False
        self._cells = [self._cell(place) for place in range(self._width)]
        computed = sum(cell is not None for cell in self._cells)
        return len(plan.computed) == computed * SAMPLED_ROWS and all(map(self._is_like_the_first, range(self._given)))

    def _cell(self, place: int) -> Program | None:
        assert self._keep is not None
        index = self._keep.sources[place].index
        return None if index == place else self._plan.computed[index - self._given] if index >= self._given else ()

    def _is_like_the_first(self, place: int) -> bool:
        row, column = divmod(place, self._width)
        first = self._cells[column]
        cell = self._cell(place)
        return self._plan.parameters[place] == self._plan.parameters[column] and cell == (
            None if first is None else moved(first, row * self._width)
        )

    def plan(self) -> Plan:
        assert self._keep is not None
        sources: list[Source] = []
        computed: list[Program] = []
        given = self._count * self._width
        for start in range(0, given, self._width):
            for column, cell in enumerate(self._cells):
                if cell is None:
                    sources.append(Source(start + column))
                else:
                    sources.append(Source(given + len(computed)))
                    computed.append(moved(cell, start))
        kept = replace(self._keep, sources=tuple(sources))
        return replace(
            self._plan,
            steps=tuple(kept if step is self._keep else step for step in self._plan.steps),
            parameters=self._plan.parameters[: self._width] * self._count,
            computed=tuple(computed),
        )
