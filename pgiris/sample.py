"""Sample database: customers, products, their orders, and documents with vectors. In: a Config. Out: a sandbox that has them.

It is written in IRIS SQL for a BackendSession. It is made beside its place and then moved there, so that an interrupted
creation leaves nothing, and a sandbox that exists is never touched.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgiris.backend.base import BackendSession, Row
from pgiris.backend.sandbox import SandboxBackend

NAMESPACE = "USER"
CUSTOMERS, PRODUCTS, ORDERS, DOCUMENTS = 500, 120, 3000, 500
DIMENSIONS = 16
SEED = 1840  # any number; the same one makes the same rows
FIRST_DAY = dt.datetime(2025, 1, 1, 8)


@dataclass(frozen=True)
class Table:
    """columns: as DDL, in the order of the values of a row; placeholders: what stands for each in INSERT."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    constraints: tuple[str, ...] = ()

    @property
    def create(self) -> str:
        return f"CREATE TABLE {self.name} ({', '.join((*self.columns, *self.constraints))})"

    @property
    def insert(self) -> str:
        marks = ", ".join("TO_VECTOR(?, float)" if " VECTOR(" in column else "?" for column in self.columns)
        return f"INSERT INTO {self.name} ({', '.join(column.split()[0] for column in self.columns)}) VALUES ({marks})"


INDEXES = (
    "CREATE INDEX orders_customer ON orders (customer_id)",
    "CREATE INDEX order_items_product ON order_items (product_id)",
)


def create(path: Path) -> bool:
    """Make the sandbox with its tables unless there is one at path; whether it was made. Raises PgError, OSError."""
    if path.exists():
        return False
    partial = path.with_name(path.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    session = SandboxBackend(str(partial)).connect(NAMESPACE, "sample", None)
    try:
        fill(session)
    finally:
        session.close()
    os.rename(partial, path)
    return True


def fill(session: BackendSession) -> None:
    """Create the tables and their rows in an empty namespace."""
    tables = list(sample_tables())
    for table in tables:
        session.execute(table.create, ()).close()
    session.begin("read committed", False)
    for table in tables:
        for row in table.rows:
            session.execute(table.insert, row).close()
    session.commit()
    for index in INDEXES:
        session.execute(index, ()).close()


def sample_tables() -> Iterator[Table]:
    """In an order in which foreign keys find their tables. The same at every call."""
    chance = random.Random(SEED)
    products = list(_products(chance))
    orders = list(_orders(chance))
    yield Table(
        "customers",
        (
            "id INTEGER NOT NULL PRIMARY KEY",
            "name VARCHAR(60) COLLATE EXACT NOT NULL",
            "email VARCHAR(120) COLLATE EXACT NOT NULL UNIQUE",
            "city VARCHAR(40) COLLATE EXACT",
            "credit NUMERIC(10,2) NOT NULL",
            "active BIT NOT NULL",
            "born DATE",
        ),
        list(_customers(chance)),
    )
    yield Table(
        "products",
        (
            "id INTEGER NOT NULL PRIMARY KEY",
            "name VARCHAR(80) COLLATE EXACT NOT NULL",
            "price NUMERIC(10,2) NOT NULL",
            "weight_kg DOUBLE",
        ),
        products,
    )
    yield Table(
        "orders",
        (
            "id INTEGER NOT NULL PRIMARY KEY",
            "customer_id INTEGER NOT NULL",
            "status VARCHAR(10) COLLATE EXACT NOT NULL",
            "placed_at TIMESTAMP NOT NULL",
            "note VARCHAR(200) COLLATE EXACT",
        ),
        orders,
        ("FOREIGN KEY (customer_id) REFERENCES customers (id)",),
    )
    yield Table(
        "order_items",
        (
            "order_id INTEGER NOT NULL",
            "line_no SMALLINT NOT NULL",
            "product_id INTEGER NOT NULL",
            "quantity INTEGER NOT NULL",
            "unit_price NUMERIC(10,2) NOT NULL",
        ),
        list(_order_items(chance, len(orders), products)),
        (
            "PRIMARY KEY (order_id, line_no)",
            "FOREIGN KEY (order_id) REFERENCES orders (id)",
            "FOREIGN KEY (product_id) REFERENCES products (id)",
        ),
    )
    yield Table(
        "document",
        (
            "id INTEGER NOT NULL PRIMARY KEY",
            "title VARCHAR(200) COLLATE EXACT NOT NULL",
            f"embedding VECTOR(FLOAT, {DIMENSIONS})",
        ),
        list(_documents(chance)),
    )


FIRST_NAMES = ("Ada", "Alan", "Barbara", "Donald", "Edsger", "Frances", "Grace", "Jean", "John", "Karen", "Leslie", "Radia")
LAST_NAMES = ("Allen", "Backus", "Hamilton", "Hopper", "Knuth", "Lamport", "Liskov", "Perlman", "Ritchie", "Spärck", "Wirth")
CITIES = ("Boston", "Eindhoven", "København", "London", "New York", "Oslo", "São Paulo", "Zürich", None)
KINDS = ("Chair", "Desk", "Kettle", "Lamp", "Mug", "Notebook", "Pen", "Radio", "Shelf", "Table")
LOOKS = ("Blue", "Folding", "Heavy", "Light", "Narrow", "Old", "Plain", "Quiet", "Red", "Round", "Small", "Tall")
STATUSES = ("new", "paid", "sent", "sent", "sent", "void")
NOTES = (None, None, None, None, "call first", "leave with the neighbour", "gift: no invoice")
TOPICS = ("Astronomy", "Baking", "Cycling", "Databases", "Gardens", "Glaciers", "Harps", "Locks", "Maps", "Tides")
WORDS = (
    "A history of {}",
    "A year of {}",
    "First steps in {}",
    "Notes on {}",
    "The mathematics of {}",
    "What we forget about {}",
)


def _customers(chance: random.Random) -> Iterator[Row]:
    for number in range(1, CUSTOMERS + 1):
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        born = dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(25_000)) if chance.random() < 0.9 else None
        yield (
            number,
            f"{first} {last}",
            f"{first}.{number}@example.org".lower(),
            chance.choice(CITIES),
            f"{chance.randrange(500_000) / 100:.2f}",
            int(chance.random() < 0.8),
            born and born.isoformat(),
        )


def _products(chance: random.Random) -> Iterator[Row]:
    names = [f"{look} {kind.lower()}" for look in LOOKS for kind in KINDS]
    for number, name in enumerate(names[:PRODUCTS], 1):
        weight = round(chance.uniform(0.02, 30), 3) if chance.random() < 0.9 else None
        yield number, name, f"{chance.randrange(100, 50_000) / 100:.2f}", weight


def _orders(chance: random.Random) -> Iterator[Row]:
    moment = FIRST_DAY
    for number in range(1, ORDERS + 1):
        moment += dt.timedelta(seconds=chance.randrange(60, 20_000))
        yield number, chance.randint(1, CUSTOMERS), chance.choice(STATUSES), str(moment), chance.choice(NOTES)


def _order_items(chance: random.Random, orders: int, products: Sequence[Row]) -> Iterator[Row]:
    for order in range(1, orders + 1):
        for line, product in enumerate(chance.sample(products, chance.choice((1, 1, 2, 3, 5))), 1):
            yield order, line, product[0], chance.randint(1, 9), product[2]


def _documents(chance: random.Random) -> Iterator[Row]:
    """Documents of one topic point in about the same direction."""
    directions = {topic: _direction([chance.gauss(0, 1) for _ in range(DIMENSIONS)]) for topic in TOPICS}
    for number in range(1, DOCUMENTS + 1):
        topic = chance.choice(TOPICS)
        title = f"{chance.choice(WORDS).format(topic.lower())}, part {number}"
        vector = _direction([part + chance.gauss(0, 0.12) for part in directions[topic]])
        yield number, title, ",".join(f"{part:.5f}" for part in vector)


def _direction(parts: Sequence[float]) -> list[float]:
    length = math.hypot(*parts)
    return [part / length for part in parts]
