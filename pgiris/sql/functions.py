"""Functions: PostgreSQL's functions that IRIS can compute, with their signatures and what is written for IRIS.

A template is IRIS SQL; {0}, {1} ... stand for the arguments, {*} for all of them. "special" ones have a rewrite of their own.
PostgreSQL: functions. iris-reference 4.22
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pgiris.compute.program import LIBRARY
from pgiris.compute.registry import ANYARRAY, SIGNATURES
from pgiris.compute.rowsets import ROW_SETS
from pgiris.sql.coercion import STRINGS, Kind, category, implicit, is_preferred
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum
from pgiris.types.table import TYPES, parse_type


class Sort(Enum):
    SCALAR = auto()
    AGGREGATE = auto()
    WINDOW = auto()
    ROWS = auto()  # in FROM: rowsets.py of pgiris/compute


_ANY = Oid(oids.ANY) if hasattr(oids, "ANY") else Oid(2276)
_ANYELEMENT = Oid(2283)  # the result and all such arguments have one type


@dataclass(frozen=True)
class Function:
    """variadic: the last argument may be repeated. optional: how many of the last arguments may be left out."""

    name: str
    arguments: tuple[Oid, ...]
    result: Oid
    template: str
    sort: Sort = Sort.SCALAR
    variadic: bool = False


# name(arguments) result = template
_SCALARS = """
lower(text) text = LOWER({0})
upper(text) text = UPPER({0})
length(text) int4 = CHAR_LENGTH({0})
char_length(text) int4 = CHAR_LENGTH({0})
character_length(text) int4 = CHAR_LENGTH({0})
substr(text, int4) text = special
substr(text, int4, int4) text = special
substring(text, int4) text = special
substring(text, int4, int4) text = special
position(text, text) int4 = CHARINDEX({1}, {0})
strpos(text, text) int4 = CHARINDEX({1}, {0})
replace(text, text, text) text = REPLACE({0}, {1}, {2})
reverse(text) text = REVERSE({0})
repeat(text, int4) text = REPEAT({0}, {1})
lpad(text, int4) text = LPAD({0}, {1})
lpad(text, int4, text) text = LPAD({0}, {1}, {2})
rpad(text, int4) text = RPAD({0}, {1})
rpad(text, int4, text) text = RPAD({0}, {1}, {2})
left(text, int4) text = special
right(text, int4) text = special
ltrim(text) text = LTRIM({0})
ltrim(text, text) text = TRIM(LEADING {1} FROM {0})
rtrim(text) text = RTRIM({0})
rtrim(text, text) text = TRIM(TRAILING {1} FROM {0})
btrim(text) text = TRIM({0})
btrim(text, text) text = TRIM(BOTH {1} FROM {0})
translate(text, text, text) text = $TRANSLATE({0}, {1}, {2})
ascii(text) int4 = COALESCE(ASCII({0}), CASE WHEN {0} IS NOT NULL THEN 0 END)
split_part(text, text, int4) text = special
concat(any...) text = special
concat_ws(text, any...) text = special
overlay(text, text, int4, int4) text = STUFF({0}, {2}, {3}, {1})
overlay(text, text, int4) text = STUFF({0}, {2}, CHAR_LENGTH({1}), {1})
starts_with(text, text) bool = special
abs(int2) int2 = ABS({0})
abs(int4) int4 = ABS({0})
abs(int8) int8 = ABS({0})
abs(numeric) numeric = ABS({0})
abs(float4) float4 = ABS({0})
abs(float8) float8 = ABS({0})
ceil(numeric) numeric = CEILING({0})
ceil(float8) float8 = CEILING({0})
ceiling(numeric) numeric = CEILING({0})
ceiling(float8) float8 = CEILING({0})
floor(numeric) numeric = FLOOR({0})
floor(float8) float8 = FLOOR({0})
round(numeric) numeric = ROUND({0}, 0)
round(float8) float8 = CASE WHEN ABS({0} - {{fn TRUNCATE({0}, 0)}}) = .5 THEN 2 * ROUND({0} / 2, 0) ELSE ROUND({0}, 0) END
round(numeric, int4) numeric = ROUND({0}, {1})
trunc(numeric) numeric = {{fn TRUNCATE({0}, 0)}}
trunc(float8) float8 = {{fn TRUNCATE({0}, 0)}}
trunc(numeric, int4) numeric = {{fn TRUNCATE({0}, {1})}}
mod(int2, int2) int2 = MOD({0}, {1})
mod(int4, int4) int4 = MOD({0}, {1})
mod(int8, int8) int8 = MOD({0}, {1})
mod(numeric, numeric) numeric = MOD({0}, {1})
power(float8, float8) float8 = POWER({0}, {1})
power(numeric, numeric) numeric = POWER({0}, {1})
pow(float8, float8) float8 = POWER({0}, {1})
pow(numeric, numeric) numeric = POWER({0}, {1})
sqrt(float8) float8 = SQRT({0})
sqrt(numeric) numeric = SQRT({0})
exp(float8) float8 = EXP({0})
exp(numeric) numeric = EXP({0})
ln(float8) float8 = LOG({0})
ln(numeric) numeric = LOG({0})
log(float8) float8 = LOG10({0})
log(numeric) numeric = LOG10({0})
log(numeric, numeric) numeric = (LOG({1}) / LOG({0}))
log10(float8) float8 = LOG10({0})
log10(numeric) numeric = LOG10({0})
sign(float8) float8 = SIGN({0})
sign(numeric) numeric = SIGN({0})
pi() float8 = PI()
degrees(float8) float8 = DEGREES({0})
radians(float8) float8 = RADIANS({0})
sin(float8) float8 = SIN({0})
cos(float8) float8 = COS({0})
tan(float8) float8 = TAN({0})
cot(float8) float8 = COT({0})
asin(float8) float8 = ASIN({0})
acos(float8) float8 = ACOS({0})
atan(float8) float8 = ATAN({0})
extract(text, date) numeric = special
extract(text, time) numeric = special
extract(text, timestamp) numeric = special
extract(text, timestamptz) numeric = special
date_part(text, date) float8 = special
date_part(text, time) float8 = special
date_part(text, timestamp) float8 = special
date_part(text, timestamptz) float8 = special
date_trunc(text, timestamp) timestamp = special
date_trunc(text, timestamptz) timestamptz = special
to_char(timestamp, text) text = special
to_char(timestamptz, text) text = special
coalesce(anyelement...) anyelement = COALESCE({*})
nullif(anyelement, anyelement) anyelement = NULLIF({0}, {1})
greatest(anyelement...) anyelement = special
least(anyelement...) anyelement = special
cosine_distance(vector, vector) float8 = (1 - VECTOR_COSINE({0}, {1}))
inner_product(vector, vector) float8 = VECTOR_DOT_PRODUCT({0}, {1})
cosine_distance(halfvec, halfvec) float8 = (1 - VECTOR_COSINE({0}, {1}))
inner_product(halfvec, halfvec) float8 = VECTOR_DOT_PRODUCT({0}, {1})
vector_norm(vector) float8 = SQRT(VECTOR_DOT_PRODUCT({0}, {0}))
l2_norm(vector) float8 = SQRT(VECTOR_DOT_PRODUCT({0}, {0}))
l2_norm(halfvec) float8 = SQRT(VECTOR_DOT_PRODUCT({0}, {0}))
l2_distance(vector, vector) float8 = special
l2_distance(halfvec, halfvec) float8 = special
vector_dims(vector) int4 = special
vector_dims(halfvec) int4 = special
embedding(text) vector = EMBEDDING({0})
embedding(text, text) vector = EMBEDDING({0}, {1})
"""
_AGGREGATES = """
count(any) int8 = COUNT({0})
count() int8 = COUNT(*)
sum(int2) int8 = SUM({0})
sum(int4) int8 = SUM({0})
sum(int8) numeric = SUM({0})
sum(numeric) numeric = SUM({0})
sum(float4) float4 = SUM({0})
sum(float8) float8 = SUM({0})
avg(int2) numeric = AVG({0})
avg(int4) numeric = AVG({0})
avg(int8) numeric = AVG({0})
avg(numeric) numeric = AVG({0})
avg(float4) float8 = AVG({0})
avg(float8) float8 = AVG({0})
min(int2) int2 = MIN({0})
min(int4) int4 = MIN({0})
min(int8) int8 = MIN({0})
min(numeric) numeric = MIN({0})
min(float4) float4 = MIN({0})
min(float8) float8 = MIN({0})
min(text) text = MIN({0})
min(bpchar) bpchar = MIN({0})
min(date) date = MIN({0})
min(time) time = MIN({0})
min(timestamp) timestamp = MIN({0})
min(timestamptz) timestamptz = MIN({0})
min(anyenum) anyenum = MIN({0})
max(int2) int2 = MAX({0})
max(int4) int4 = MAX({0})
max(int8) int8 = MAX({0})
max(numeric) numeric = MAX({0})
max(float4) float4 = MAX({0})
max(float8) float8 = MAX({0})
max(text) text = MAX({0})
max(bpchar) bpchar = MAX({0})
max(date) date = MAX({0})
max(time) time = MAX({0})
max(timestamp) timestamp = MAX({0})
max(timestamptz) timestamptz = MAX({0})
max(anyenum) anyenum = MAX({0})
bool_and(bool) bool = MIN({0})
bool_or(bool) bool = MAX({0})
every(bool) bool = MIN({0})
string_agg(text, text) text = special
array_agg(anyelement) anyarray = gathered
json_agg(any) json = gathered
sum(interval) interval = gathered
avg(interval) interval = gathered
min(interval) interval = gathered
max(interval) interval = gathered
min(inet) inet = gathered
max(inet) inet = gathered
sum(vector) vector = of rows
avg(vector) vector = of rows
sum(halfvec) halfvec = of rows
avg(halfvec) halfvec = of rows
bit_and(int2) int2 = gathered
bit_and(int4) int4 = gathered
bit_and(int8) int8 = gathered
bit_or(int2) int2 = gathered
bit_or(int4) int4 = gathered
bit_or(int8) int8 = gathered
bit_xor(int2) int2 = gathered
bit_xor(int4) int4 = gathered
bit_xor(int8) int8 = gathered
corr(float8, float8) float8 = gathered
covar_pop(float8, float8) float8 = gathered
covar_samp(float8, float8) float8 = gathered
regr_avgx(float8, float8) float8 = gathered
regr_avgy(float8, float8) float8 = gathered
regr_count(float8, float8) int8 = gathered
regr_intercept(float8, float8) float8 = gathered
regr_r2(float8, float8) float8 = gathered
regr_slope(float8, float8) float8 = gathered
regr_sxx(float8, float8) float8 = gathered
regr_sxy(float8, float8) float8 = gathered
regr_syy(float8, float8) float8 = gathered
jsonb_agg(any) jsonb = gathered
json_object_agg(any, any) json = gathered
jsonb_object_agg(any, any) jsonb = gathered
stddev(int2) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV({0}) END
stddev(int4) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV({0}) END
stddev(int8) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV({0}) END
stddev_samp(int2) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV_SAMP({0}) END
stddev_samp(int4) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV_SAMP({0}) END
stddev_samp(int8) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV_SAMP({0}) END
stddev_pop(int2) numeric = STDDEV_POP({0})
stddev_pop(int4) numeric = STDDEV_POP({0})
stddev_pop(int8) numeric = STDDEV_POP({0})
variance(int2) numeric = CASE WHEN COUNT({0}) > 1 THEN VARIANCE({0}) END
variance(int4) numeric = CASE WHEN COUNT({0}) > 1 THEN VARIANCE({0}) END
variance(int8) numeric = CASE WHEN COUNT({0}) > 1 THEN VARIANCE({0}) END
var_samp(int2) numeric = CASE WHEN COUNT({0}) > 1 THEN VAR_SAMP({0}) END
var_samp(int4) numeric = CASE WHEN COUNT({0}) > 1 THEN VAR_SAMP({0}) END
var_samp(int8) numeric = CASE WHEN COUNT({0}) > 1 THEN VAR_SAMP({0}) END
var_pop(int2) numeric = VAR_POP({0})
var_pop(int4) numeric = VAR_POP({0})
var_pop(int8) numeric = VAR_POP({0})
stddev(float8) float8 = CASE WHEN COUNT({0}) > 1 THEN STDDEV({0}) END
stddev(numeric) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV({0}) END
stddev_samp(float8) float8 = CASE WHEN COUNT({0}) > 1 THEN STDDEV_SAMP({0}) END
stddev_samp(numeric) numeric = CASE WHEN COUNT({0}) > 1 THEN STDDEV_SAMP({0}) END
stddev_pop(float8) float8 = STDDEV_POP({0})
stddev_pop(numeric) numeric = STDDEV_POP({0})
variance(float8) float8 = CASE WHEN COUNT({0}) > 1 THEN VARIANCE({0}) END
variance(numeric) numeric = CASE WHEN COUNT({0}) > 1 THEN VARIANCE({0}) END
var_samp(float8) float8 = CASE WHEN COUNT({0}) > 1 THEN VAR_SAMP({0}) END
var_samp(numeric) numeric = CASE WHEN COUNT({0}) > 1 THEN VAR_SAMP({0}) END
var_pop(float8) float8 = VAR_POP({0})
var_pop(numeric) numeric = VAR_POP({0})
"""
_WINDOWS = """
row_number() int8 = ROW_NUMBER()
rank() int8 = RANK()
dense_rank() int8 = DENSE_RANK()
percent_rank() float8 = PERCENT_RANK()
cume_dist() float8 = CUME_DIST()
ntile(int4) int4 = NTILE({0})
lag(anyelement) anyelement = LAG({0})
lag(anyelement, int4) anyelement = LAG({0}, {1})
lag(anyelement, int4, anyelement) anyelement = LAG({0}, {1}, {2})
lead(anyelement) anyelement = LEAD({0})
lead(anyelement, int4) anyelement = LEAD({0}, {1})
lead(anyelement, int4, anyelement) anyelement = LEAD({0}, {1}, {2})
first_value(anyelement) anyelement = FIRST_VALUE({0})
last_value(anyelement) anyelement = LAST_VALUE({0})
nth_value(anyelement, int4) anyelement = NTH_VALUE({0}, {1})
"""
_PSEUDO = {"any": _ANY, "anyelement": _ANYELEMENT, "anyarray": ANYARRAY, "anyenum": oids.ANYENUM}


def _type(word: str) -> Oid:
    word = word.strip()
    return _PSEUDO.get(word) or parse_type(word)[0]


def _read(tables: dict[Sort, str]) -> dict[str, tuple[Function, ...]]:
    functions: dict[str, list[Function]] = {}
    for sort, table in tables.items():
        for line in table.strip().splitlines():
            head, _, template = line.partition(" = ")
            call, _, result = head.rpartition(") ")
            name, _, arguments = call.partition("(")
            variadic = arguments.endswith("...")
            types = tuple(_type(argument.removesuffix("...")) for argument in arguments.split(",") if argument.strip())
            functions.setdefault(name, []).append(Function(name, types, _type(result), template, sort, variadic))
    return {name: tuple(rows) for name, rows in functions.items()}


GATHERED = "gathered"  # the template of aggregates that IRIS has not: gathering.py
OF_ROWS = "of rows"  # the template of aggregates that are made of the rows of groups only
ORDERED_SETS = frozenset(("percentile_cont", "percentile_disc", "mode"))  # aggregates WITHIN GROUP
COMPUTED = "computed"  # the template of functions that IRIS has not: computing.py


def _with_computed(functions: dict[str, tuple[Function, ...]]) -> dict[str, tuple[Function, ...]]:
    """The functions of pgiris/compute join, where IRIS has none of the same arguments."""
    merged = dict(functions)
    for name, signatures in SIGNATURES.items():
        if not name.replace("_", "").isalnum():
            continue  # an operator
        known = {function.arguments for function in merged.get(name, ())}
        added = (
            Function(name, s.arguments, s.result, COMPUTED, variadic=s.variadic) for s in signatures if s.arguments not in known
        )
        merged[name] = (*merged.get(name, ()), *added)
    return merged


ROWS = "rows"  # the template of functions that return rows: tablefunctions.py


def _with_rows(functions: dict[str, tuple[Function, ...]]) -> dict[str, tuple[Function, ...]]:
    """The functions of rows; of several columns a result is text, which nobody asks for."""
    made = {
        name: tuple(
            Function(name, one.arguments, one.columns[0][1] if len(one.columns) == 1 else oids.TEXT, ROWS, Sort.ROWS)
            for one in candidates
        )
        for name, candidates in ROW_SETS.items()
    }
    return {**functions, **made}


FUNCTIONS = _with_rows(_with_computed(_read({Sort.SCALAR: _SCALARS, Sort.AGGREGATE: _AGGREGATES, Sort.WINDOW: _WINDOWS})))
AGGREGATES = frozenset(name for name, kinds in FUNCTIONS.items() if any(kind.sort is Sort.AGGREGATE for kind in kinds))


@dataclass(frozen=True)
class Call:
    """A resolved call: the types its arguments take and its result's. ANYELEMENT is settled by the caller."""

    function: Function
    arguments: tuple[Oid, ...]


def is_polymorphic(oid: Oid) -> bool:
    return oid in (_ANYELEMENT, oids.ANYENUM)


def is_any(oid: Oid) -> bool:
    return oid == _ANY


def choose(candidates: Sequence[Function], kinds: Sequence[Kind]) -> Call | None:
    """PostgreSQL's choice among functions of one name; None: no candidate fits, or several do equally well."""
    fitting = fitting_of(candidates, kinds)
    if not fitting:
        return None
    exact = [sum(kind.oid == oid for kind, oid in zip(kinds, wanted, strict=True)) for _, wanted in fitting]
    fitting = [pair for pair, score in zip(fitting, exact, strict=True) if score == max(exact)]
    if len(fitting) > 1:
        fitting = _best(fitting, lambda wanted: sum(_prefers(kind, oid) for kind, oid in zip(kinds, wanted, strict=True)))
    if len(fitting) > 1:
        fitting = _by_category(fitting, kinds)
    return Call(*fitting[0]) if len(fitting) == 1 else None


Fitting = list[tuple[Function, tuple[Oid, ...]]]


def fitting_of(candidates: Sequence[Function], kinds: Sequence[Kind]) -> Fitting:
    return [
        (function, wanted)
        for function in candidates
        if (wanted := _expanded(function, len(kinds))) is not None and all(map(_fits, kinds, wanted))
    ]


def _best(fitting: Fitting, score: object) -> Fitting:
    scores = [score(wanted) for _, wanted in fitting]  # type: ignore[operator]
    return [pair for pair, value in zip(fitting, scores, strict=True) if value == max(scores)]


def _prefers(kind: Kind, oid: Oid) -> bool:
    return kind.oid == oid or (kind.oid != oids.UNKNOWN and is_preferred(oid))


def _by_category(fitting: Fitting, kinds: Sequence[Kind]) -> Fitting:
    """Unknown arguments prefer the string category, then the preferred type of the only category."""
    for place, kind in enumerate(kinds):
        if kind.oid != oids.UNKNOWN:
            continue
        strings = [pair for pair in fitting if pair[1][place] in STRINGS]
        fitting = strings or fitting
        if len({category(pair[1][place]) for pair in fitting}) > 1:
            return []
        preferred = [pair for pair in fitting if is_preferred(pair[1][place])]
        fitting = preferred or fitting
    return fitting


def _expanded(function: Function, count: int) -> tuple[Oid, ...] | None:
    wanted = function.arguments
    if function.variadic and count >= len(wanted):
        wanted += (wanted[-1],) * (count - len(wanted))
    return wanted if len(wanted) == count else None


assert LIBRARY  # whose modules filled SIGNATURES


def _fits(kind: Kind, wanted: Oid) -> bool:
    if wanted == ANYARRAY:
        row = TYPES.get(kind.oid)  # int2vector and oidvector are kept otherwise
        return kind.oid in (0, oids.UNKNOWN) or (row is not None and row.is_array)
    if wanted == oids.ANYENUM:
        return kind.oid == oids.UNKNOWN or is_enum(kind.oid)
    return is_any(wanted) or is_polymorphic(wanted) or implicit(kind.oid, wanted)
