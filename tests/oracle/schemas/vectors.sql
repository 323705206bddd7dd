-- pgvector, and nothing else.
CREATE EXTENSION IF NOT EXISTS vector;
