"""psql's describe commands on one schema in PostgreSQL and in pgiris: what each prints, and how much of it is equal.

Roles and databases are made equal first: PostgreSQL's bootstrap superuser is called _SYSTEM, as IRIS's is, and USER and postgres
are the databases. Everything else is compared byte for byte, and line by line without regard to the width of columns, which
follows from the widest cell. Numbers that are OIDs in names count as equal.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.catalog.test_against_postgres import SCHEMA
from tests.support.servers import Server

OWNER = "_SYSTEM"
COMMANDS = Path(__file__).with_name("describe_commands.txt").read_text().splitlines()
STATEMENTS = [
    *SCHEMA.split(";"),
    "CREATE SEQUENCE sales.ticket_seq START WITH 1000 INCREMENT BY 5",
    "COMMENT ON TABLE customer IS 'People and firms that buy'",
    "COMMENT ON COLUMN customer.code IS 'Short business key'",
    "COMMENT ON VIEW sales.order_total IS 'Order value per order'",
]

# Why output differs.
SIZES = "sizes: IRIS does not tell them"
VIEWS = "the text of a view is IRIS SQL, as IRIS keeps it"
EXTENSIONS = "pgvector and other extensions are there without CREATE EXTENSION"
INDEXES = "IRIS's kinds of index, and hnsw, are there besides PostgreSQL's"
LATER = "pgiris is like PostgreSQL 16, the tests' PostgreSQL is 15"
TOAST = "tables have no TOAST tables"
UNORDERED = "psql asks for no order"
NOT_SHARED = frozenset((SIZES, EXTENSIONS, INDEXES, LATER, TOAST))  # what only one of the two has or tells
DIFFERENT = {
    r"\l+": SIZES,
    r"\d+": SIZES,
    r"\dS": LATER,
    r"\dS+": SIZES,
    r"\d+ sales.*": VIEWS,
    r"\d+ sales.order_total": VIEWS,
    r"\d+ active_customer": VIEWS,
    r"\dt+": SIZES,
    r"\dt+ sales.*": SIZES,
    r"\dt *.*": TOAST,
    r"\di+": SIZES,
    r"\di+ sales.*": SIZES,
    r"\ds+": SIZES,
    r"\ds+ sales.*": SIZES,
    r"\df": EXTENSIONS,
    r"\dT": EXTENSIONS,
    r"\dT+": EXTENSIONS,
    r"\dx": EXTENSIONS,
    r"\dA": INDEXES,
    r"\dA+": INDEXES,
    r"\dAf btree int4": UNORDERED,
    r"\dAf+ btree int4": UNORDERED,
    r"\db+": SIZES,
    r"\dconfig enable_*": LATER,
    r"\sv sales.order_total": VIEWS,
    r"\sv+ sales.order_total": VIEWS,
}
_TOAST_NUMBER = re.compile(r"pg_toast_[0-9]+")


@dataclass(frozen=True)
class Described:
    """What a command prints: PostgreSQL's output, pgiris's."""

    expected: str
    found: str

    @property
    def is_equal(self) -> bool:
        return self.expected == self.found

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines are equal, of how many; a line that only one of them has counts as one that is not."""
        expected, found = Counter(_lines(self.expected)), Counter(_lines(self.found))
        return (expected & found).total(), (expected | found).total()


@dataclass(frozen=True)
class Share:
    """Of all commands."""

    equal: int
    commands: int
    equal_lines: int
    lines: int

    @property
    def of_commands(self) -> float:
        return 100 * self.equal / self.commands

    @property
    def of_lines(self) -> float:
        return 100 * self.equal_lines / self.lines

    def __str__(self) -> str:
        return (
            f"{self.equal} of {self.commands} commands answer byte for byte as PostgreSQL ({self.of_commands:.1f} %),"
            f" {self.equal_lines} of {self.lines} lines are equal ({self.of_lines:.1f} %)"
        )


def _lines(text: str) -> list[str]:
    """Without the width of columns, and without rulers."""
    return [" ".join(line.split()) for line in text.splitlines() if set(line) - set("-+ ")]


def share(outputs: dict[str, Described]) -> Share:
    counts = [described.lines for described in outputs.values()]
    equal = sum(described.is_equal for described in outputs.values())
    return Share(equal, len(outputs), sum(same for same, _ in counts), sum(all_ for _, all_ in counts))


def shared(outputs: dict[str, Described]) -> dict[str, Described]:
    """Of the commands about what both can have and tell."""
    return {command: described for command, described in outputs.items() if DIFFERENT.get(command) not in NOT_SHARED}


def prepare_postgres(server: Server) -> None:
    """Call the superuser as IRIS does, and leave the databases that pgiris has."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE ROLE helper SUPERUSER LOGIN")
    with psycopg.connect(server.dsn(user="helper"), autocommit=True) as connection:
        connection.execute(f'ALTER ROLE demo RENAME TO "{OWNER}"'.encode())
        connection.execute("CREATE ROLE demo LOGIN")
    with psycopg.connect(server.dsn(user=OWNER), autocommit=True) as connection:
        connection.execute("DROP ROLE helper")
        connection.execute("UPDATE pg_database SET datistemplate = false")
        for name in ("template0", "template1"):
            connection.execute(f"DROP DATABASE {name}".encode())
    _create(server, OWNER)


def prepare_pgiris(server: Server) -> None:
    _create(server, "demo")
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT 1 FROM pg_roles")  # pgiris's catalogs know who has asked them


def _create(server: Server, user: str) -> None:
    with psycopg.connect(server.dsn(user=user), autocommit=True) as connection:
        for statement in STATEMENTS:
            connection.execute(statement.encode())


def describe(postgres: Server, pgiris: Server) -> dict[str, Described]:
    """Run all commands on both."""
    return {command: Described(_psql(postgres, command), _psql(pgiris, command)) for command in COMMANDS}


def _psql(server: Server, command: str) -> str:
    done = subprocess.run(
        ["psql", "-X", "-c", command],
        env=server.environment | {"PGUSER": OWNER},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return _TOAST_NUMBER.sub("pg_toast_0", done.stdout + done.stderr)


# Percent that the share of commands and that of lines must not fall below.
LEAST = {"all": (84.0, 85.0), "shared": (95.0, 97.0)}


def page() -> str:
    """What docs/catalog.md says of it."""
    reasons: dict[str, list[str]] = {}
    for command, reason in DIFFERENT.items():
        reasons.setdefault(reason, []).append(f"`{command}`")
    rows = "\n".join(f"| {reason} | {', '.join(commands)} |" for reason, commands in reasons.items())
    equal = len(COMMANDS) - len(DIFFERENT)
    (commands, lines), (own_commands, own_lines) = LEAST["all"], LEAST["shared"]
    return f"""\
Of {len(COMMANDS)} describe commands of psql on the same schema {equal} print byte for byte what they print with PostgreSQL 15.
The tests hold at least {commands:.0f} % of all commands and {lines:.0f} % of all lines to be equal, and {own_commands:.0f} % and
{own_lines:.0f} % where a command shows nothing that only one of the two has or tells, such as sizes; each run prints the numbers.
These commands differ:

| Why | Commands |
|---|---|
{rows}
"""
