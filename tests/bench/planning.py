"""Planning: processor time of what clients typically send, planned for the first time and again; no server.

``python -m tests.bench.planning [--profile] [NAME ...]`` shows each statement, and where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Iterator

from pgiris.catalog.compile import Catalog
from pgiris.catalog.unhandled import Unhandled
from pgiris.sql.planner import Environment, Planner
from pgiris.types.iristypes import to_iris
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.table import parse_type
from tests.bench.measure import Bench, Result

ROUNDS = 40
HITS = 200
# Table -> columns: "!" is NOT NULL, "#" an identity column, the first one is the primary key.
TABLES = {
    "customers": "id int8 !#; name varchar(80) !; email varchar(254); city text; is_active bool !; created_at timestamptz !",
    "addresses": "id int8 !#; customer_id int8 !; street text; zip varchar(10); country char(2)",
    "orders": "id int8 !#; customer_id int8 !; status varchar(20) !; total numeric(12,2); placed_at timestamptz !; note text",
    "order_items": "id int8 !#; order_id int8 !; product_id int8 !; quantity int4 !; unit_price numeric(10,2) !",
    "products": "id int8 !#; sku varchar(32) !; title text !; price numeric(10,2) !; stock int4 !; category_id int8",
    "categories": "id int8 !#; name text !; parent_id int8",
}
STATEMENTS = {
    "point read": "SELECT total FROM orders WHERE id = 17",
    "point read, extended": "SELECT id, customer_id, status, total, placed_at, note FROM orders WHERE id = $1",
    "join with aggregates": (
        "SELECT c.name, count(*) AS orders, sum(o.total) AS spent, max(o.placed_at) FROM customers c JOIN orders o ON"
        " o.customer_id = c.id WHERE o.status = 'paid' AND c.is_active GROUP BY c.id, c.name HAVING count(*) > 3"
        " ORDER BY spent DESC LIMIT 10"
    ),
    "three tables and DISTINCT": (
        "SELECT c.name, count(DISTINCT o.id) AS orders, sum(i.quantity * i.unit_price)::numeric(12,2) AS spent FROM customers c"
        " JOIN orders o ON o.customer_id = c.id JOIN order_items i ON i.order_id = o.id GROUP BY c.id, c.name"
        " ORDER BY spent DESC LIMIT 3"
    ),
    "SQLAlchemy, joined load": (
        "SELECT orders.id, orders.customer_id, orders.status, orders.total, orders.placed_at, orders.note,"
        " customers_1.id AS id_1, customers_1.name, customers_1.email, customers_1.city, customers_1.is_active,"
        " customers_1.created_at, order_items_1.id AS id_2, order_items_1.order_id, order_items_1.product_id,"
        " order_items_1.quantity, order_items_1.unit_price \nFROM orders LEFT OUTER JOIN customers AS customers_1 ON"
        " customers_1.id = orders.customer_id LEFT OUTER JOIN order_items AS order_items_1 ON orders.id ="
        " order_items_1.order_id \nWHERE orders.status = $1::VARCHAR AND orders.total > $2::NUMERIC ORDER BY orders.placed_at"
        " DESC\n LIMIT $3::INTEGER OFFSET $4::INTEGER"
    ),
    "Django, select_related": (
        'SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at",'
        ' "orders"."note", "customers"."id", "customers"."name", "customers"."email", "customers"."city",'
        ' "customers"."is_active", "customers"."created_at" FROM "orders" INNER JOIN "customers" ON ("orders"."customer_id" ='
        ' "customers"."id") WHERE ("customers"."name" LIKE \'A%\' AND "orders"."total" >= \'100.00\'::numeric AND'
        " \"orders\".\"placed_at\" BETWEEN '2024-01-01 00:00:00+00:00'::timestamptz AND '2024-12-31 23:59:59+00:00'::timestamptz)"
        ' ORDER BY "orders"."placed_at" DESC, "orders"."id" ASC LIMIT 21'
    ),
    "Django, annotate": (
        'SELECT "customers"."id", "customers"."name", COUNT("orders"."id") AS "n", SUM("orders"."total") AS "sum" FROM'
        ' "customers" LEFT OUTER JOIN "orders" ON ("customers"."id" = "orders"."customer_id") WHERE "customers"."is_active"'
        ' GROUP BY "customers"."id" HAVING COUNT("orders"."id") > 2 ORDER BY "n" DESC'
    ),
    "Hibernate": (
        "select o1_0.id,o1_0.customer_id,c1_0.id,c1_0.city,c1_0.created_at,c1_0.email,c1_0.is_active,c1_0.name,o1_0.note,"
        "o1_0.placed_at,o1_0.status,o1_0.total from orders o1_0 left join customers c1_0 on c1_0.id=o1_0.customer_id where"
        " o1_0.status in ($1,$2,$3) and (o1_0.note is null or o1_0.note like $4 escape '') order by o1_0.id"
        " offset $5 rows fetch first $6 rows only"
    ),
    "INSERT RETURNING": (
        "INSERT INTO orders (customer_id, status, total, placed_at, note) VALUES ($1, $2, $3, $4, $5)"
        " RETURNING orders.id, orders.placed_at"
    ),
    "INSERT of 3 rows": "INSERT INTO categories (id, name, parent_id) VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 1)",
    "UPDATE": "UPDATE products SET stock = stock - 3, price = 9.95 WHERE id = 5 AND stock >= 3",
    "UPDATE, Django": (
        'UPDATE "customers" SET "name" = \'Ann\', "email" = \'ann@example.org\', "city" = \'Oslo\', "is_active" = true WHERE'
        ' "customers"."id" = 12'
    ),
    "DELETE": 'DELETE FROM "order_items" WHERE "order_items"."order_id" IN (1, 2, 3)',
    "upsert": (
        "INSERT INTO products (id, sku, title, price, stock) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET"
        " title = excluded.title, price = excluded.price, stock = products.stock + excluded.stock"
    ),
    "IN list": "SELECT id, title FROM products WHERE id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) AND stock > 0",
    "any of an array": "SELECT id, title, price FROM products WHERE id = ANY($1) ORDER BY title LIMIT 50 OFFSET 100",
    "WITH": (
        "WITH big AS (SELECT customer_id, sum(total) AS total FROM orders WHERE status = 'paid' GROUP BY customer_id)"
        " SELECT c.name, b.total FROM customers c JOIN big b ON b.customer_id = c.id WHERE b.total > 1000 ORDER BY b.total DESC"
    ),
    "window": (
        "SELECT id, customer_id, total, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS place,"
        " sum(total) OVER (PARTITION BY customer_id) AS of_customer FROM orders WHERE status <> 'draft'"
    ),
    "subquery": (
        "SELECT p.id, p.title FROM products p WHERE EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id AND i.quantity"
        " > 10) AND p.price > (SELECT avg(price) FROM products) ORDER BY p.title"
    ),
    "CASE and functions": (
        "SELECT lower(name), coalesce(city, 'none'), CASE WHEN is_active THEN 'yes' ELSE 'no' END, upper(substring(email from 1"
        " for 3)), length(name) FROM customers WHERE lower(email) = lower('Ann@Example.org') OR name ILIKE 'ann%'"
    ),
    "report by month": (
        "SELECT date_trunc('month', placed_at) AS month, status, count(*), sum(total), avg(total) FROM orders WHERE placed_at >="
        " now() - interval '1 year' GROUP BY 1, 2 ORDER BY 1 DESC, 2"
    ),
    "\\d table": (
        "SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid ="
        " c.relnamespace WHERE c.relname OPERATOR(pg_catalog.~) '^(orders)$' COLLATE pg_catalog.default AND"
        " pg_catalog.pg_table_is_visible(c.oid) ORDER BY 2, 3"
    ),
}
MANY_ROWS = 1_000


def environment() -> Environment:
    return Environment(Snapshot("1", tuple(map(relation, TABLES))))


def relation(table: str) -> Relation:
    columns = []
    for column in TABLES[table].split("; "):
        name, kind, *flags = column.split()
        oid, typmod = parse_type(kind)
        collation = "EXACT" if to_iris(oid, typmod).startswith("VARCHAR") else ""
        given = "".join(flags)
        columns.append(
            RelationColumn(name, oid, to_iris(oid, typmod), typmod, "!" in given, identity="#" in given, collation=collation)
        )
    return Relation("SQLUser", table, tuple(columns), primary_key=("id",))


def many_rows(count: int = MANY_ROWS) -> str:
    """An INSERT of so many rows."""
    rows = (f"({number}, 'item {number}', {number}.50, {number % 7}, NULL)" for number in range(count))
    return f"INSERT INTO products (id, title, price, stock, category_id) VALUES {', '.join(rows)}"


def miss_ms(text: str, where: Environment, rounds: int = ROUNDS) -> float:
    """Median processor time of a first plan."""
    times = []
    for _ in range(rounds):
        planner = Planner(Catalog(Unhandled()))
        started = time.process_time_ns()
        planner.plan(text, where)
        times.append(time.process_time_ns() - started)
    return statistics.median(times) / 1e6


def hit_us(text: str, where: Environment, rounds: int = ROUNDS) -> float:
    """Median processor time of a plan that is known, of texts in turns: the planner has the last one at hand."""
    planner, times, texts = Planner(Catalog(Unhandled())), [], (text, f"{text} ")
    for one in texts:
        planner.plan(one, where)
    for _ in range(rounds):
        started = time.process_time_ns()
        for _ in range(HITS // len(texts)):
            for one in texts:
                planner.plan(one, where)
        times.append((time.process_time_ns() - started) / HITS)
    return statistics.median(times) / 1e3


def planning(bench: Bench) -> Iterator[Result]:
    where, rounds = environment(), 8 * bench.rounds
    misses = [miss_ms(text, where, rounds) for text in STATEMENTS.values()]
    hits = [hit_us(text, where, rounds) for text in STATEMENTS.values()]
    count = len(STATEMENTS)
    yield Result(f"a first plan, median of {count} statements", "ms", None, statistics.median(misses))
    yield Result("the slowest of them", "ms", None, max(misses))
    yield Result(f"a known plan, median of {count} statements", "us", None, statistics.median(hits))
    yield Result("the slowest of them", "us", None, max(hits))
    yield Result(f"a first plan of an INSERT of {MANY_ROWS:,} rows", "ms", None, miss_ms(many_rows(), where, bench.rounds))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.planning", description=__doc__)
    parser.add_argument("--profile", action="store_true", help="where the time of first plans goes")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of statements; all without")
    arguments = parser.parse_args()
    where = environment()
    chosen = {name: text for name, text in STATEMENTS.items() if not arguments.names or name in arguments.names}
    for name, text in chosen.items():
        miss, hit = miss_ms(text, where, arguments.rounds), hit_us(text, where, arguments.rounds)
        print(f"{name:<28} first {miss:8.2f} ms   known {hit:6.1f} us")
    if arguments.profile:
        with cProfile.Profile() as profile:
            for text in chosen.values():
                miss_ms(text, where, arguments.rounds)
        for order in ("cumulative", "tottime"):
            pstats.Stats(profile).sort_stats(order).print_stats(60)


if __name__ == "__main__":
    main()
