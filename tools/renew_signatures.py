"""Write pgiris/sql/deparse/*.tsv: PostgreSQL's types, casts, operators and functions, of pgiris/catalog/data (renew_catalog.py).

Functions that no expression of a client's calls, because they take or give internal values, are left out.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

ROOT = Path(__file__).parent.parent / "pgiris"
TARGET = ROOT / "sql/deparse"
INTERNAL = (2275, 2278, 2279, 2280, 2281, 3838, 269, 325, 3115, 3310, 32)  # cstring, void, trigger, handlers ...

QUERIES = {
    "types": """
        SELECT t.oid, n.name, typcategory, CASE WHEN typispreferred THEN 1 ELSE 0 END, typelem, typarray, typtype
        FROM '{data}/pg_type.parquet' t JOIN '{data}/pgx_type_name.parquet' n ON n.oid = t.oid
        WHERE typtype <> 'c' AND typname NOT LIKE '\\_pg\\_%' ESCAPE '\\' AND t.typrelid = 0
          AND coalesce((SELECT e.typrelid FROM '{data}/pg_type.parquet' e WHERE e.oid = t.typelem), 0) = 0
          AND typnamespace = 11 OR t.oid BETWEEN 16385 AND 16393
        ORDER BY t.oid
    """,
    "casts": "SELECT castsource, casttarget, castcontext, castmethod FROM '{data}/pg_cast.parquet' ORDER BY 1, 2",
    "operators": "SELECT oprname, oprleft, oprright, oprresult FROM '{data}/pg_operator.parquet' ORDER BY 1, 2, 3",
    "functions": """
        SELECT proname, coalesce(aggkind, prokind), prorettype, provariadic, pronargdefaults, coalesce(aggnumdirectargs, 0),
               CASE WHEN proretset THEN 1 ELSE 0 END, array_to_string(proargtypes, ' ')
        FROM '{data}/pg_proc.parquet' p LEFT JOIN '{data}/pg_aggregate.parquet' a ON a.aggfnoid = p.oid
        WHERE prokind <> 'p'
          AND pronamespace <> (SELECT oid FROM '{data}/pg_namespace.parquet' WHERE nspname = 'information_schema')
          AND NOT list_contains({internal}, prorettype) AND NOT list_has_any({internal}, proargtypes)
        ORDER BY proname, p.oid
    """,
}


def main() -> None:
    connection = duckdb.connect()
    for name, query in QUERIES.items():
        found = connection.execute(query.format(data=ROOT / "catalog/data", internal=list(INTERNAL))).fetchall()
        lines = ("\t".join(map(str, row)) for row in found)
        (TARGET / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
