"""psql's describe commands on one schema in PostgreSQL and in pgiris: what each prints, and how much of it is equal.

PostgreSQL is of the version that pgiris announces. Roles and databases are made equal first: its bootstrap superuser is called
_SYSTEM, as IRIS's is, USER and postgres are the databases, and it has pgvector. Everything else is compared byte for byte; once
more without the sizes of tables and their like, which are each server's own; and line by line without regard to the width of
columns, which follows from the widest cell. Numbers that are OIDs in names count as equal.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Sequence
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
    "COMMENT ON INDEX sales.orders_both_idx IS 'By both'",
    "COMMENT ON CONSTRAINT customer_pkey ON customer IS 'Its number'",
    "COMMENT ON SCHEMA sales IS 'What is sold'",
    """COMMENT ON DATABASE "USER" IS 'All of it'""",
    "COMMENT ON ROLE demo IS 'Somebody'",
    "CREATE INDEX orders_latest_idx ON sales.orders (placed DESC NULLS LAST, customer_id)",
    """CREATE TABLE sales.payment (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        order_id int NOT NULL REFERENCES sales.orders ON DELETE RESTRICT ON UPDATE SET NULL,
        amount numeric(12,2) NOT NULL CHECK (amount > 0), kind varchar(10) NOT NULL DEFAULT 'card', paid boolean DEFAULT false,
        made timestamptz DEFAULT now(), CONSTRAINT payment_kind_ck CHECK (kind IN ('card', 'cash')))""",
    "CREATE INDEX payment_latest_idx ON sales.payment (order_id, made DESC)",
    """CREATE VIEW sales.paid AS SELECT p.order_id, p.kind, sum(p.amount * i.qty) AS total FROM sales.payment p
        JOIN sales.order_item i ON i.order_id = p.order_id WHERE p.paid AND p.kind <> 'cash' GROUP BY p.order_id, p.kind""",
    """CREATE FUNCTION sales.gross(net numeric, rate numeric DEFAULT 0.19) RETURNS numeric
        LANGUAGE sql IMMUTABLE AS 'SELECT net * (1 + rate)'""",
    "COMMENT ON FUNCTION sales.gross(numeric, numeric) IS 'With tax'",
    "COMMENT ON INDEX sales.payment_latest_idx IS 'For the last one'",
]

# Why output differs.
SIZES = "sizes of what is stored are each server's own"
TOAST = "tables have no TOAST tables"
DIFFERENT = {
    r"\l+": SIZES,
    r"\d+": SIZES,
    r"\dS+": SIZES,
    r"\dt+": SIZES,
    r"\dt+ sales.*": SIZES,
    r"\dt *.*": TOAST,
    r"\di+": SIZES,
    r"\di+ sales.*": SIZES,
    r"\ds+": SIZES,
    r"\ds+ sales.*": SIZES,
    r"\db+": SIZES,
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
    def is_equal_without_sizes(self) -> bool:
        return _lines(_without_sizes(self.expected)) == _lines(_without_sizes(self.found))

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines are equal without sizes, of how many; a line that only one of them has counts as one that is not."""
        expected, found = Counter(_lines(_without_sizes(self.expected))), Counter(_lines(_without_sizes(self.found)))
        return (expected & found).total(), (expected | found).total()


@dataclass(frozen=True)
class Share:
    """Of all commands. equal: byte for byte. without_sizes: the same but for the cells of sizes."""

    commands: int
    equal: int
    without_sizes: int
    equal_lines: int
    lines: int

    def __str__(self) -> str:
        return (
            f"{self.equal} of {self.commands} commands answer byte for byte as PostgreSQL ({self._percent(self.equal)}),"
            f" {self.without_sizes} but for cells that tell sizes ({self._percent(self.without_sizes)}),"
            f" {self.equal_lines} of {self.lines} lines ({100 * self.equal_lines / self.lines:.1f} %)"
        )

    def _percent(self, count: int) -> str:
        return f"{100 * count / self.commands:.1f} %"


def _lines(text: str) -> list[str]:
    """Without the width of columns, and without rulers."""
    return [" ".join(line.split()) for line in text.splitlines() if set(line) - set("-+ ")]


def _without_sizes(text: str) -> str:
    """Without the column of sizes of a list of relations, databases or tablespaces."""
    lines = text.splitlines()
    heads = [line.split("|") for line in lines[1:2]]
    names = [name.strip() for name in heads[0]] if heads else []
    if "Size" not in names or "Internal name" in names:  # of a type, which is the same everywhere
        return text
    place = names.index("Size")
    return "\n".join("|".join(cell for at, cell in enumerate(line.split("|")) if at != place) for line in lines)


def share(outputs: dict[str, Described]) -> Share:
    counts = [described.lines for described in outputs.values()]
    equal = sum(described.is_equal for described in outputs.values())
    without = sum(described.is_equal_without_sizes for described in outputs.values())
    return Share(len(outputs), equal, without, sum(same for same, _ in counts), sum(all_ for _, all_ in counts))


def prepare_postgres(server: Server, statements: Sequence[str] = STATEMENTS) -> None:
    """Call the superuser as IRIS does, leave the databases that pgiris has, and run the statements."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE ROLE helper SUPERUSER LOGIN")
    with psycopg.connect(server.dsn(user="helper"), autocommit=True) as connection:
        connection.execute(f'ALTER ROLE demo RENAME TO "{OWNER}"'.encode())
        connection.execute("CREATE ROLE demo LOGIN")
    with psycopg.connect(server.dsn(user=OWNER), autocommit=True) as connection:
        connection.execute("DROP ROLE helper")
        connection.execute("CREATE EXTENSION vector")
        connection.execute("COMMENT ON DATABASE postgres IS NULL")
        connection.execute("UPDATE pg_database SET datistemplate = false")
        for name in ("template0", "template1"):
            connection.execute(f"DROP DATABASE {name}".encode())
    _run(server, OWNER, statements)


def prepare_pgiris(server: Server, statements: Sequence[str] = STATEMENTS) -> None:
    _run(server, "demo", statements)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT 1 FROM pg_roles")  # pgiris's catalogs know who has asked them


def _run(server: Server, user: str, statements: Sequence[str]) -> None:
    with psycopg.connect(server.dsn(user=user), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def describe(postgres: Server, pgiris: Server, commands: Sequence[str] = COMMANDS) -> dict[str, Described]:
    """Run all commands on both."""
    return {command: Described(_psql(postgres, command), _psql(pgiris, command)) for command in commands}


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


# Percent that must be equal: of the commands byte for byte and but for sizes, and of the lines that they print, but for sizes.
LEAST = (90.0, 95.0, 99.0)


def page() -> str:
    """What docs/catalog.md says of it."""
    reasons: dict[str, list[str]] = {}
    for command, reason in DIFFERENT.items():
        reasons.setdefault(reason, []).append(f"`{command}`")
    rows = "\n".join(f"| {reason} | {', '.join(commands)} |" for reason, commands in reasons.items())
    equal = len(COMMANDS) - len(DIFFERENT)
    without_sizes = equal + len(reasons[SIZES])
    percent, percent_without = (100 * count / len(COMMANDS) for count in (equal, without_sizes))
    return f"""\
Of {len(COMMANDS)} describe commands of psql on the same schema {equal} ({percent:.1f} %) print byte for byte what they print with
PostgreSQL 16 and pgvector, and {without_sizes} ({percent_without:.1f} %) but for cells that tell the size of what is stored;
of all lines that they print at least {LEAST[2]:.0f} % are equal but for these cells. The tests hold this; each run prints
the numbers. These differ:

| Why | Commands |
|---|---|
{rows}
"""
