"""Planner: statement text and schema -> Plan, with a cache keyed by the text with its literals lifted out."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import (
    classify,
    computing,
    constant,
    data,
    definitions,
    expansions,
    explain,
    explain_command,
    forms,
    functionbodies,
    functioncalls,
    guards,
    identities,
    identity_alterations,
    lift,
    locks,
    longlists,
    made_rows,
    merging,
    modifying,
    privileges,
    renaming,
    roles,
    routines,
    rowlocks,
    samenames,
    scalarcalls,
    sequences,
    single,
    stages,
    subqueries,
    tables,
    truncation,
    typenames,
    unions,
    verbatim,
)
from pgiris.sql.commands import parse_command
from pgiris.sql.copy_command import CopyCommand
from pgiris.sql.copy_texts import copied_columns
from pgiris.sql.ddl import IrisSyntax
from pgiris.sql.infer import Analysis, Binder, Output, fold
from pgiris.sql.infer.scales import has_own_scales, shows_own_scales
from pgiris.sql.lru import Lru
from pgiris.sql.plainer import plainer
from pgiris.sql.plan import Effect, Plan, Role, Shaping, Step, Target
from pgiris.sql.postgres import Unparsable, parse
from pgiris.sql.scanner import skip_blank
from pgiris.sql.scope import CATALOGS, Scope, find_relation
from pgiris.sql.shaping import shaped
from pgiris.sql.split import LONG_TEXT
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, all_of, is_star, release, root_of, walk
from pgiris.sql.write import write
from pgiris.types import oids
from pgiris.types.codec import ISO_MDY, Oid
from pgiris.types.relation import Relation, Snapshot
from pgiris.types.routines import RoutineMeta
from pgiris.types.rows import Column

CACHE_WEIGHT = 16_000_000  # per environment and kind of key, in characters
PLAN_WEIGHT = 2_000  # what a plan weighs besides its texts
CACHED_STEPS = 50  # longer plans, INSERTs of many rows, do not come again
CACHED_ENVIRONMENTS = 32
BOUND_PLANS = 1_000


@dataclass(frozen=True)
class Options:
    """Settings that change translations.

    time_zone: the session's TimeZone, since IRIS computes in UTC only. date_style: its DateStyle, by which constants are read.
    """

    iris_version: tuple[int, int] = (2026, 1)
    null_ordering: str = "postgres"  # or "iris"
    string_collation: str = "EXACT"
    string_ordering: str = "postgres"  # or "iris"
    unsupported_indexes: str = "notice"  # or "refuse"
    time_zone: str = "UTC"
    date_style: str = ISO_MDY


@dataclass(frozen=True)
class Environment:
    """What a text means depends on this. search_path in PostgreSQL's names (``public`` is IRIS's SQLUser)."""

    snapshot: Snapshot
    search_path: tuple[str, ...] = ("public",)
    options: Options = Options()


@dataclass(frozen=True)
class Planned:
    plan: Plan
    literals: tuple[bytes | None, ...] = ()  # values of plan.literals for this text, in text format


@dataclass(frozen=True, slots=True)
class Reusable:
    """A plan for all texts of one template whose pinned literals are fixed. literals: as a recipe's."""

    plan: Plan
    pinned: tuple[int, ...]
    fixed: tuple[str, ...]
    literals: tuple[int | bytes | None, ...]


@dataclass(frozen=True, slots=True)
class _Recipe:
    """A cached plan. literals: for each of the plan's, the number of the lifted literal it is, or its fixed value."""

    plan: Plan
    literals: tuple[int | bytes | None, ...]


@dataclass(slots=True)
class _Template:
    """All plans of one template. pinned: the lifted literals that are part of the key."""

    pinned: tuple[int, ...]
    recipes: dict[tuple[str, ...], _Recipe] = field(default_factory=dict)


class _Cache:
    """The plans of one environment, which it keeps alive so that its identity stays its own."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.exact: Lru[tuple[str, tuple[Oid, ...]], Planned] = Lru(CACHE_WEIGHT)
        self.templates: Lru[tuple[str, tuple[Oid, ...]], _Template] = Lru(CACHE_WEIGHT)


_RECIPES_PER_TEMPLATE = 100


class CatalogPlanner(Protocol):
    """Who plans queries of the system catalogs (pgiris/catalog)."""

    def wants(self, census: Census) -> bool:
        """Whether a query is one of the catalogs. Raises 0A000 when it is one of user tables too."""
        ...

    def check_change(self, census: Census) -> None:
        """Raises 42501 for a change of the catalogs themselves, 0A000 for another statement that reads them."""
        ...

    def may_try(self, census: Census) -> bool:
        """Whether a query that the backend has no means for touches no user table."""
        ...

    def plan(self, tree: exp.Expr, statement: Statement, search_path: tuple[str, ...]) -> Plan: ...

    def failed(self, text: str, error: PgError) -> None:
        """A query of the catalogs was refused."""
        ...


class Planner:
    """catalog: None where catalog queries are refused."""

    def __init__(self, catalog: CatalogPlanner | None = None) -> None:
        self._catalog = catalog
        self._caches: OrderedDict[int, _Cache] = OrderedDict()
        self._bound: Lru[tuple[int, int], tuple[Plan, Plan]] = Lru(BOUND_PLANS)  # plans whose last parameters are literals
        self._last: tuple[str, Environment, tuple[Oid, ...], Planned] | None = None  # sessions look a text up several times
        self.hits = self.misses = 0

    def plan(self, text: str, environment: Environment, parameter_oids: tuple[Oid, ...] = ()) -> Planned:
        """Decide one statement. parameter_oids: types that the client declared, 0 where it left them open.

        Raises PgError: 42601, 42P01, 42703, 42P02, 42P18, 0A000 ...
        """
        is_long = len(text) >= LONG_TEXT
        known = self._exactly if is_long else self.known
        found = known(text, environment, parameter_oids) or self._with_long_lists(text, environment, parameter_oids)
        if found is None and is_long:
            found = self.known(text, environment, parameter_oids)
        if found is not None:
            return found
        self.misses += 1
        cache = self._caches.get(id(environment)) or self._new_cache(environment)
        return self._miss(cache, text, lift.lift(text), parameter_oids)

    def known(self, text: str, environment: Environment, parameter_oids: tuple[Oid, ...] = ()) -> Planned | None:
        """What plan() has decided before, for this text or another that differs in its literals only."""
        found = self._exactly(text, environment, parameter_oids)
        if found is not None:
            return found
        last = self._last
        if last is not None and last[0] == text and last[1] is environment and last[2] == parameter_oids:
            self.hits += 1
            return last[3]
        cache, lifted = self._caches.get(id(environment)), lift.lift(text)
        if cache is None or lifted is None:
            return None
        found = self._from_template(cache, lifted, parameter_oids)
        if found is not None:
            self.hits += 1
            self._last = text, environment, parameter_oids, found
        return found

    def _exactly(self, text: str, environment: Environment, parameter_oids: tuple[Oid, ...]) -> Planned | None:
        cache = self._caches.get(id(environment))
        found = None if cache is None else cache.exact.get((text, parameter_oids))
        if found is not None:
            self.hits += 1
        return found

    def reusable(self, text: str, environment: Environment) -> Reusable | None:
        """How known() finds the plan of a text: what others must have in common with it."""
        cache, lifted = self._caches.get(id(environment)), lift.lift(text)
        if cache is None or lifted is None:
            return None
        template = cache.templates.get((lifted.template, ()))
        if template is None:
            return None
        fixed = tuple([lifted.literals[index] for index in template.pinned])
        recipe = template.recipes.get(fixed)
        return None if recipe is None else Reusable(recipe.plan, template.pinned, fixed, recipe.literals)

    def _with_long_lists(self, text: str, environment: Environment, declared: tuple[Oid, ...]) -> Planned | None:
        return (
            self._shortened(text, environment, declared)
            or self._with_rows(text, environment, declared)
            or self._with_ranges(text, environment, declared)
        )

    def _with_ranges(self, text: str, environment: Environment, declared: tuple[Oid, ...]) -> Planned | None:
        """The plan of a text with IN lists of many parameters; None: it has none, or something is wrong with them."""
        shorter = longlists.without_ranges(text)
        if shorter is None:
            return None
        try:
            planned = self.plan(shorter, environment, declared)
        except PgError:
            return None
        if not planned.literals:  # else texts that differ in them share the shorter one's plan
            cache = self._caches.get(id(environment)) or self._new_cache(environment)
            cache.exact.put((text, declared), planned, _weight(text, planned.plan))
        return planned

    def _with_rows(self, text: str, environment: Environment, declared: tuple[Oid, ...]) -> Planned | None:
        """The plan of an INSERT of rows of parameters, as it is for some of them; None: it is another statement."""
        rows = longlists.parameter_rows(text)
        if rows is None:
            return None
        try:
            sample = self.plan(rows.sample, environment, declared[: longlists.SAMPLED_ROWS * rows.width])
        except PgError:
            return None
        plan = longlists.with_all_rows(sample.plan, rows)
        if plan is None or not longlists.agree(declared, plan.parameters):
            return None
        planned = Planned(plan)
        cache = self._caches.get(id(environment)) or self._new_cache(environment)
        cache.exact.put((text, declared), planned, _weight(text, plan))
        return planned

    def _shortened(self, text: str, environment: Environment, declared: tuple[Oid, ...]) -> Planned | None:
        """The plan of a text with long lists; None: it has none, or something is wrong, which the whole text tells."""
        shortened = longlists.shorten(text, environment.snapshot, environment.search_path)
        if shortened is None or len(declared) > shortened.own:
            return None
        given = declared + (Oid(0),) * (shortened.own - len(declared)) + shortened.oids
        try:
            planned = self.plan(shortened.text, environment, given)
        except PgError:
            return None
        plan = planned.plan
        if not longlists.are_values(shortened, plan.parameters):
            return None
        lists = plan.parameters[shortened.own :]
        bound = self._bound.get((id(plan), shortened.own))
        if bound is None or bound[0] is not plan:
            bound = plan, replace(plan, parameters=plan.parameters[: shortened.own], literals=lists + plan.literals)
            self._bound.put((id(plan), shortened.own), bound)
        return Planned(bound[1], shortened.arrays + planned.literals)

    def _new_cache(self, environment: Environment) -> _Cache:
        cache = self._caches[id(environment)] = _Cache(environment)
        if len(self._caches) > CACHED_ENVIRONMENTS:
            self._caches.popitem(last=False)
        return cache

    def _from_template(self, cache: _Cache, lifted: lift.Lifted, declared: tuple[Oid, ...]) -> Planned | None:
        key = (lifted.template, declared)
        template = cache.templates.get(key)
        if template is None:
            return None
        literals = lifted.literals
        recipe = template.recipes.get(tuple([literals[index] for index in template.pinned]))
        return None if recipe is None else _filled(recipe, literals)

    def _miss(self, cache: _Cache, text: str, lifted: lift.Lifted | None, declared: tuple[Oid, ...]) -> Planned:
        places = {} if lifted is None else {start: index for index, start in enumerate(lift.places(text))}
        if lifted is not None and len(places) != len(lifted.literals):
            lifted, places = None, {}
        recipe = plan_text(text, cache.environment, declared, places, catalog=self._catalog)
        if lifted is None:
            planned = _filled(recipe, ())
            if len(recipe.plan.steps) <= CACHED_STEPS:
                cache.exact.put((text, declared), planned, _weight(text, recipe.plan))
            return planned
        if len(recipe.plan.steps) <= CACHED_STEPS:
            self._remember(cache, lifted, declared, recipe)
        return _filled(recipe, lifted.literals)

    def _remember(self, cache: _Cache, lifted: lift.Lifted, declared: tuple[Oid, ...], recipe: _Recipe) -> None:
        """Literals that this plan, or an earlier one of the same template, does not bind are part of the key."""
        open_ones = {index for index in recipe.literals if isinstance(index, int)}
        pinned = {index for index in range(len(lifted.literals)) if index not in open_ones}
        key = (lifted.template, declared)
        template = cache.templates.get(key)
        if template is None or not pinned <= set(template.pinned):
            pinned |= set(template.pinned) if template is not None else set()
            template = _Template(tuple(sorted(pinned)))
        if len(template.recipes) >= _RECIPES_PER_TEMPLATE:
            template.recipes.pop(next(iter(template.recipes)))
        template.recipes[tuple(lifted.literals[index] for index in template.pinned)] = recipe
        cache.templates.put(key, template, _weight(lifted.template, recipe.plan) * len(template.recipes))


def _weight(text: str, plan: Plan) -> int:
    return PLAN_WEIGHT + len(text) + sum(len(step.sql) for step in plan.steps)


def _filled(recipe: _Recipe, literals: tuple[str, ...]) -> Planned:
    if not recipe.literals:
        return Planned(recipe.plan)
    return Planned(
        recipe.plan,
        tuple([literals[entry].encode() if type(entry) is int else entry for entry in recipe.literals]),  # type: ignore[misc]
    )


# One statement


def plan_text(
    text: str,
    environment: Environment,
    declared: tuple[Oid, ...] = (),
    places: dict[int, int] | None = None,
    *,
    lenient: bool = False,
    catalog: CatalogPlanner | None = None,
) -> _Recipe:
    """Plan without a cache. places: where liftable literals begin -> their number. lenient: unknown names pass."""
    if skip_blank(text) >= len(text.rstrip().rstrip(";")):
        return _Recipe(Plan(Target.EMPTY), ())
    command = parse_command(text)
    if command is not None:
        return _Recipe(Plan(Target.SESSION, tag=classify.command_tag(command), columns=(), command=command), ())
    renamed = renaming.plan(text, environment.snapshot, environment.search_path) if classify.may_rename(text) else None
    if renamed is not None:
        return _Recipe(renamed, ())
    if classify.first_word(text) == "alter" and identity_alterations.is_wanted(text):
        altered = identity_alterations.plan(text, environment.snapshot, environment.search_path)
        if altered is not None:
            return _Recipe(altered, ())
    early = classify.early(text)
    if early is not None:
        return _Recipe(early, ())
    word = classify.first_word(text)
    if word == "lock":
        return _Recipe(locks.plan(text, environment.snapshot, environment.search_path, lenient), ())
    streamed = _streamed(text, environment, catalog) if word == "insert" and catalog is not None else None
    if streamed is not None:
        return streamed
    try:
        return _attempt(text, word, environment, declared, places, lenient, catalog, computing=False)
    except PgError as error:
        if error.code == sqlstate.FEATURE_NOT_SUPPORTED and word == "insert" and catalog is not None:
            made = _made_if_possible(text, environment, catalog)
            if made is not None:
                return made
        if error.code != sqlstate.FEATURE_NOT_SUPPORTED or word not in _COMPUTED:
            raise
        for keeping in (False, True) if word in ("select", "with") else (False,):
            try:
                return _attempt(text, word, environment, declared, places, lenient, catalog, computing=True, keeping=keeping)
            except PgError:
                continue
        raise


_COMPUTED = frozenset(("select", "with", "insert", "update", "delete", "merge"))  # where the worker may help


def _statement(analysis: Analysis, options: Options, places: dict[int, int] | None = None, computing: bool = False) -> Statement:
    return Statement(
        analysis,
        options.iris_version,
        options.null_ordering,
        options.string_collation,
        options.string_ordering,
        options.unsupported_indexes,
        options.time_zone,
        places=places or {},
        computing=computing,
    )


_CALL_IN_FROM = re.compile(r"\bFROM\s+[\w.]+\s*\(", re.IGNORECASE)


def _streamed(text: str, environment: Environment, catalog: CatalogPlanner) -> _Recipe | None:
    """INSERT of rows of functions, which may be many; None when the rows are others, or must be converted by IRIS."""
    if _CALL_IN_FROM.search(text) is None:
        return None
    try:
        recipe = _made_rows(text, environment, catalog)
        command = recipe.plan.command if recipe is not None else None
        if not isinstance(command, made_rows.InsertMadeRows):
            return None
        relation = _copied_into(command.target, environment)
        columns = copied_columns(command.target, relation) if relation is not None else ()
        made = command.source.columns or ()
        direct = len(made) <= len(columns) and all(map(made_rows.fits, (c.oid for c in made), (c.oid for c in columns)))
    except PgError:
        return None
    return recipe if direct else None


def _copied_into(target: CopyCommand, environment: Environment) -> Relation | None:
    *_, schema, name = ("", *(target.table or ()))
    return find_relation(environment.snapshot, environment.search_path, schema, name)


def _made_if_possible(text: str, environment: Environment, catalog: CatalogPlanner) -> _Recipe | None:
    """As _made_rows(); None also for rows that the worker cannot make."""
    try:
        return _made_rows(text, environment, catalog)
    except PgError as error:
        if error.code != sqlstate.FEATURE_NOT_SUPPORTED:
            raise
        return None


def _made_rows(text: str, environment: Environment, catalog: CatalogPlanner) -> _Recipe | None:
    """INSERT of rows that the catalog's worker makes; None when IRIS has to. Raises what the worker cannot make."""
    found = made_rows.read(text)
    if found is None:
        return None
    target, query = found
    relation = _copied_into(target, environment)
    if relation is not None:
        identities.refuse(relation, target.columns)
    options = environment.options
    analysis = Analysis(query, environment.snapshot, environment.search_path, [], False, date_style=options.date_style)
    statement = _statement(analysis, options)
    try:
        census = _read(query, statement)
        tree = census.tree
        if not isinstance(tree, exp.Query) or not catalog.may_try(census) or census.of(exp.Parameter):
            return None
        recipe = _finish(catalog.plan(tree, statement, environment.search_path), statement)
    except (Unparsable, RecursionError):
        return None
    except PgError as error:
        if error.position is not None:
            error.position += text.index(query)
        raise
    values = tuple([value for value in recipe.literals if not isinstance(value, int)])  # none is lifted
    command = made_rows.InsertMadeRows(target, recipe.plan, values)
    return _Recipe(Plan(Target.SESSION, tag="INSERT", columns=(), command=command), ())


def _attempt(
    text: str,
    word: str,
    environment: Environment,
    declared: tuple[Oid, ...],
    places: dict[int, int] | None,
    lenient: bool,
    catalog: CatalogPlanner | None,
    *,
    computing: bool,
    keeping: bool = False,
) -> _Recipe:
    """computing: the worker computes what IRIS cannot say in the select list. keeping: what it cannot say within runs before."""
    parameters = [oid if oid != oids.UNKNOWN else Oid(0) for oid in declared]

    def begin() -> Statement:
        snapshot, style = environment.snapshot, environment.options.date_style
        analysis = Analysis(text, snapshot, environment.search_path, list(parameters), lenient, date_style=style)
        made = _statement(analysis, environment.options, places, computing)
        made.keeping = keeping
        return made

    statement = begin()
    try:
        if word == "explain":
            return _finish(_explained(text, statement, catalog), statement)
        if word in ("grant", "revoke"):
            granted = privileges.plan(text, environment.snapshot, environment.search_path, lenient)
            if granted is not None:
                return _finish(granted, statement)
        if word in ("create", "alter", "drop"):
            about_roles = roles.plan(text, environment.snapshot)
            if about_roles is not None:
                return _finish(about_roles, statement)
        if word == "create":
            forms.refuse_routine(text)
        if word in ("create", "drop", "call"):
            about_routines = routines.plan(text, tuple(parameters), environment.snapshot, environment.search_path)
            if about_routines is not None:
                return _Recipe(about_routines, ())
        if verbatim.is_iris(text, environment.snapshot.functions):
            return _Recipe(_unchanged(text, tuple(parameters), environment), ())
        several = forms.each_drop(text) if word == "drop" else []
        if several:
            return _finish(_joined([_planned(Census(parse(one)), statement) for one in several]), statement)
        census = _read(text, statement, declared)
        nodes = walk(census.tree) if len(text) >= LONG_TEXT else []
        try:
            return _of_tree(census, begin, statement, catalog)
        finally:
            if nodes:
                nodes += walk(root_of(census.tree))  # some were replaced
                release(nodes)
    except (Unparsable, IrisSyntax):
        known = forms.plan(text, environment.snapshot, environment.search_path, lenient)
        return _Recipe(known or _unread(text, tuple(parameters), environment), ())
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "statement is nested too deeply") from None


def _unread(text: str, declared: tuple[Oid, ...], environment: Environment) -> Plan:
    """What is no PostgreSQL that the parser knows may be IRIS SQL."""
    return replace(_unchanged(text, declared, environment), rules=(verbatim.UNREAD,))


def _unchanged(text: str, declared: tuple[Oid, ...], environment: Environment) -> Plan:
    guards.refuse_iris_change(text, environment.snapshot)
    return verbatim.plan(text, declared, environment.snapshot)


def _of_tree(census: Census, begin: Callable[[], Statement], statement: Statement, catalog: CatalogPlanner | None) -> _Recipe:
    tree = census.tree
    if catalog is not None and isinstance(tree, exp.Query | exp.Values) and not modifying.changes_data(tree):
        return _with_catalog(census, begin, catalog)
    if catalog is not None:
        catalog.check_change(census)
    return _finish(_planned(census, statement), statement)


def _read(text: str, statement: Statement, declared: tuple[Oid, ...] = ()) -> Census:
    """A statement, whose names of types are resolved, whose tables have names of their own and whose calls of functions in SQL
    are written out."""
    snapshot, search_path = statement.analysis.snapshot, statement.analysis.search_path
    tree = typenames.resolve(expansions.expand(parse(text)), snapshot, search_path)
    if snapshot.functions:
        tree = functioncalls.write_out(tree, statement, _bind)
    if oids.VOID in declared:
        scalarcalls.without_out_parameters(tree, declared)
    census = Census(tree)
    return Census(tree) if samenames.distinguish(census, snapshot, search_path) else census


def _bind(tree: exp.Expr, statement: Statement) -> None:
    """Find out what a statement's calls of functions in SQL mean. The tree is of no use any more."""
    scratch = statement.fresh()
    scratch.computing = scratch.keeping = True
    try:
        if isinstance(tree, exp.Query | exp.Values) and not modifying.changes_data(tree):
            functionbodies.bound(tree, scratch)
        else:
            _planned(Census(tree), scratch)
    except PgError as error:
        if error.code == sqlstate.UNDEFINED_TABLE and any(map(_is_of_catalog, all_of(tree, exp.Table))):
            raise not_supported("functions in SQL are not supported in queries of the system catalogs") from None
        raise


def _is_of_catalog(table: exp.Expr) -> bool:
    schema = fold(table.args.get("db"))
    return schema in CATALOGS or (not schema and fold(table.this).startswith("pg_"))


def check_function(function: RoutineMeta, environment: Environment) -> None:
    """What CREATE FUNCTION looks at. Raises what PostgreSQL raises, and 0A000."""
    text, style = functionbodies.text_of(function), environment.options.date_style
    analysis = Analysis(text, environment.snapshot, environment.search_path, [], date_style=style)
    functioncalls.check(function, _statement(analysis, environment.options), _bind)


def _joined(plans: list[Plan]) -> Plan:
    """One plan of several with the same tag."""
    steps = tuple(step for plan in plans for step in plan.steps)
    return replace(plans[0], target=Target.BACKEND, effect=Effect.DDL, steps=steps) if steps else plans[0]


def _with_catalog(census: Census, begin: Callable[[], Statement], catalog: CatalogPlanner) -> _Recipe:
    """A query of the catalogs goes there, and what needs no table and IRIS has no means for."""
    statement = begin()
    path = statement.analysis.search_path
    if catalog.wants(census):
        try:
            return _finish(catalog.plan(census.tree, statement, path), statement)
        except PgError as error:
            catalog.failed(statement.analysis.text, error)
            raise
    try:
        return _finish(_planned(census, statement), statement)
    except PgError as error:
        fresh = _read(statement.analysis.text, statement, tuple(statement.analysis.parameters))
        if error.code not in _NOT_BY_IRIS or error.message.startswith("operator") or not catalog.may_try(fresh):
            raise
        try:
            other = begin()
            return _finish(catalog.plan(fresh.tree, other, path), other)
        except PgError as verdict:
            raise verdict if verdict.code == sqlstate.DATATYPE_MISMATCH else error from None


_NOT_BY_IRIS = frozenset((sqlstate.FEATURE_NOT_SUPPORTED, sqlstate.UNDEFINED_FUNCTION))


def _explained(text: str, statement: Statement, catalog: CatalogPlanner | None) -> Plan:
    """EXPLAIN: one text, whatever its form."""
    inner, asked = explain_command.read(text)
    statement.inline = True
    statement.places = {}
    try:
        return explain.plan(_inner_plan(inner, statement, catalog), asked, statement)
    except PgError as error:
        if error.position is not None:
            error.position += len(text) - len(inner)
        raise


def _inner_plan(inner: str, statement: Statement, catalog: CatalogPlanner | None) -> Plan:
    census = _read(inner, statement)
    tree = census.tree
    if catalog is not None and isinstance(tree, exp.Query | exp.Values) and catalog.wants(census):
        raise not_supported("EXPLAIN of a query of the system catalogs is not supported")
    return _planned(census, statement)


def _planned(census: Census, statement: Statement) -> Plan:
    if sequences.read(census, statement):
        statement.fired("sequence")
        census = Census(census.tree)
    if samenames.TOLD_APART in census.tree.meta:
        statement.fired(samenames.TOLD_APART)
    statement.divisors = single.divisors(census)
    tree = plainer(census, statement)
    locks = rowlocks.steps(Census(tree), statement) if census.of(exp.Lock) else []
    plan = _of_plain(tree, statement)
    return replace(plan, effect=Effect.WRITE, steps=(*locks, *plan.steps)) if locks else plan


def _of_plain(tree: exp.Expr, statement: Statement) -> Plan:
    binder = Binder(statement.analysis)
    if modifying.changes_data(tree):
        plan = modifying.plan(tree, lambda part: _built(part, binder, statement), binder, statement)
        statement.generates = statement.generates and statement.generates._replace(told=False)  # several may insert
        return plan
    return _built(tree, binder, statement)


def _built(tree: exp.Expr, binder: Binder, statement: Statement) -> Plan:
    if isinstance(tree, exp.Query | exp.Values):
        return _query(tree, binder, statement)
    for kind, (tag, build) in _DATA.items():
        if isinstance(tree, kind):
            before = subqueries.rounds_before(tree, statement)
            if isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Query):
                before += subqueries.rounds_before(tree.expression, statement)
            target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
            steps, outputs = build(tree, binder, statement)
            return _data_plan(tag, [*before, *steps, *guards.of_cascades(target, tree, statement)], outputs)
    if isinstance(tree, exp.TruncateTable):
        steps = truncation.truncate(tree, binder, statement)
        return Plan(Target.BACKEND, "TRUNCATE TABLE", Effect.WRITE, tuple(steps))
    return definitions.definition(tree, binder, statement)


_DATA: dict[type[exp.Expr], tuple[str, Callable[[Any, Binder, Statement], tuple[list[Step], list[Output]]]]] = {
    exp.Insert: ("INSERT", data.insert),
    exp.Update: ("UPDATE", data.update),
    exp.Delete: ("DELETE", data.delete),
    exp.Merge: ("MERGE", merging.merge),
}


def _data_plan(tag: str, steps: list[Step], outputs: list[Output]) -> Plan:
    return Plan(Target.BACKEND, tag, Effect.WRITE, tuple(steps), columns=tuple(output.column() for output in outputs))


def _query(tree: exp.Expr, binder: Binder, statement: Statement) -> Plan:
    if isinstance(tree, exp.Select) and tree.args.get("into") is not None:
        return tables.select_into(tree, binder, statement)
    steps = subqueries.steps_before(tree, statement)
    outputs = binder.query(tree, Scope())
    columns: tuple[Column, ...] | None = tuple(output.column() for output in outputs)
    if _has_star(tree):
        columns = None
    if statement.analysis.calls_session:
        constant.mark_once(tree)
    legs = unions.by_legs(tree, outputs, statement)
    if legs is not None:
        return Plan(Target.BACKEND, "SELECT", Effect.READ, (*steps, *legs[0]), columns=columns, shaping=legs[1])
    row = None if steps or statement.by_worker else constant.constant_row(tree, statement)
    if row is not None:
        columns = tuple(replace(output.column(), shown=-1) for output in outputs)  # other literals have other decimals
        return Plan(Target.CONSTANT, "SELECT", row=row, columns=columns)
    if _has_own_scales(tree, outputs):
        raise not_supported("numbers of different decimals from VALUES or UNION are not supported here")
    programs = computing.row_of(tree, statement) if not steps else None
    if programs is not None:
        return Plan(Target.BACKEND, "SELECT", Effect.READ, (Step(""),), columns=columns, shaping=Shaping(programs))
    statement.computing = statement.computing or statement.analysis.needs_computing
    shaping = shaped(tree, statement)
    step = write(stages.finished(tree, statement), statement.sources, Role.RESULT)
    return Plan(Target.BACKEND, "SELECT", Effect.READ, (*steps, step), columns=columns, shaping=shaping)


def _has_own_scales(tree: exp.Expr, outputs: list[Output]) -> bool:
    """Whether rows of VALUES or a UNION of constants would be shown with decimals that the catalog keeps, and IRIS does not."""
    if isinstance(tree, exp.Values):
        shows = any(has_own_scales(tree, None, output) for output in outputs)
    else:
        shows = isinstance(tree, exp.Select) and any(map(shows_own_scales, tree.expressions))
    return shows and not any("relation" in table.meta for table in all_of(tree, exp.Table))


def _has_star(tree: exp.Expr) -> bool:
    while isinstance(tree, exp.Subquery | exp.SetOperation):
        tree = tree.this
    return any(is_star(item) for item in tree.expressions) if isinstance(tree, exp.Select) else False


def _finish(plan: Plan, statement: Statement) -> _Recipe:
    parameters = _settled_parameters(statement)
    finished = Plan(
        plan.target,
        plan.tag,
        plan.effect,
        tuple(statement.settled_step(step) for step in plan.steps),
        parameters,
        tuple(bound.oid for bound in statement.literals),
        statement.settled_session_values(),
        tuple(map(statement.settled_program, statement.computed)),
        statement.settled_shaping(plan.shaping or statement.shaping),
        tuple(statement.settled_source(source) for source in plan.row),
        plan.columns,
        plan.command,
        statement.temporary,
        (*plan.notices, *statement.notices),
        tuple(statement.rules),
        statement.draws,
        statement.generates,
        tuple(statement.notes),
        statement.one_row,
        plan.live,
        statement.view,
    )
    values: list[int | bytes | None] = []
    for bound in statement.literals:
        values.append(bound.place if statement.is_open(bound) else None if bound.text is None else bound.text.encode())
    return _Recipe(finished, tuple(values))


def _settled_parameters(statement: Statement) -> tuple[Oid, ...]:
    """Parameters that nothing gave a type: 42P18."""
    for number, oid in enumerate(statement.analysis.parameters, 1):
        if not oid:
            message = f"could not determine data type of parameter ${number}"
            raise PgError(sqlstate.INDETERMINATE_DATATYPE, message)
    return tuple(statement.analysis.parameters)
