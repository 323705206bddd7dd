"""Write pgiris/catalog/data/keywords.tsv from the PostgreSQL server that libpq's environment names: pg_get_keywords()."""

from __future__ import annotations

from pathlib import Path

import psycopg

FILE = Path(__file__).parent.parent / "pgiris/catalog/data/keywords.tsv"


def main() -> None:
    with psycopg.connect("") as connection:
        rows = connection.execute("SELECT * FROM pg_get_keywords() ORDER BY word").fetchall()
    FILE.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    main()
