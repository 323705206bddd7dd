-- schema: moods
-- What is refused of blocks.

DO $$ BEGIN CREATE TYPE oracle_mood AS ENUM ('x'); END $$;
DO $$ BEGIN CREATE TYPE oracle_mood AS ENUM ('x'); EXCEPTION WHEN duplicate_table THEN null; END $$;
DO $$ BEGIN CREATE TYPE oracle_mood AS ENUM ('x'); EXCEPTION WHEN SQLSTATE '42P07' OR undefined_table THEN null; END $$;
DO $$ BEGIN CREATE TABLE oracle_people (id int); EXCEPTION WHEN duplicate_object THEN null; END $$;
DO $$ BEGIN DROP TABLE oracle_nosuch; EXCEPTION WHEN duplicate_object THEN null; END $$;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM oracle_nosuch) THEN DROP TABLE oracle_people; END IF; END $$;
DO;
SELECT count(*) FROM oracle_people;
