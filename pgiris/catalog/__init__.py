"""pg_catalog and information_schema: real relations on DuckDB, filled from PostgreSQL's own rows and the backend's schema."""
