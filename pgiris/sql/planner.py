"""Planner: statement text and schema -> Plan, with a cache keyed by the text with its literals lifted out."""

from __future__ import annotations

from dataclasses import dataclass

from pgiris.sql.plan import Plan
from pgiris.types.codec import Oid
from pgiris.types.relation import Snapshot


@dataclass(frozen=True)
class Options:
    """Settings that change translations."""

    iris_version: tuple[int, int] = (2026, 1)
    null_ordering: str = "postgres"  # or "iris"
    string_collation: str = "EXACT"


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


class Planner:
    def plan(self, text: str, environment: Environment, parameter_oids: tuple[Oid, ...] = ()) -> Planned:
        """Decide one statement. parameter_oids: types that the client declared, 0 where it left them open.

        Raises PgError: 42601, 42P01, 42703, 42P02, 42P18, 0A000 ...
        """
        raise NotImplementedError
