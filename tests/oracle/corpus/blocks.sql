-- schema: moods
-- DO: blocks of definitions, as migrations write them.

DO $$ BEGIN
 CREATE TYPE "public"."oracle_role" AS ENUM('admin', 'user')
; EXCEPTION
 WHEN duplicate_object THEN null
; END $$;
DO $$ BEGIN CREATE TYPE "public"."oracle_role" AS ENUM('admin', 'user'); EXCEPTION WHEN duplicate_object THEN null; END $$;
DO 'BEGIN CREATE TYPE public.oracle_role AS ENUM(''admin'', ''user''); EXCEPTION WHEN duplicate_object THEN null; END';
SELECT 'user'::oracle_role::text;
DO LANGUAGE plpgsql $body$
BEGIN /* only once */
    IF NOT EXISTS (
      SELECT 1
      FROM pg_type t
      JOIN pg_namespace n ON t.typnamespace = n.oid
      WHERE t.typname = 'oracle_level'
        AND n.nspname = ANY (current_schemas(false))
    ) THEN
        CREATE TYPE "oracle_level" AS ENUM ('low', 'high; or', 'end')
    ; END IF
; END
$body$;
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'oracle_level') THEN CREATE TYPE oracle_level AS ENUM ('x'); END IF; END $$;
SELECT enum_range(NULL::oracle_level)::text;
DO $$ BEGIN IF EXISTS (SELECT FROM oracle_people WHERE mood = 'sad') THEN ALTER TYPE oracle_level ADD VALUE 'top'; END IF; END; $$;
DO $$ BEGIN IF (SELECT count(*) FROM oracle_people) > 100 OR false THEN ALTER TYPE oracle_level ADD VALUE 'never'; END IF; END $$;
DO $$ BEGIN IF NULL THEN ALTER TYPE oracle_level ADD VALUE 'never'; END IF; END $$;
SELECT enum_range(NULL::oracle_level)::text;
DO $$ BEGIN
    IF to_regclass('public.oracle_blocked') IS NULL THEN
        CREATE TABLE oracle_blocked (id int PRIMARY KEY, person int)
        ; CREATE INDEX ON oracle_blocked (person)
    ; END IF
    ; CREATE SEQUENCE IF NOT EXISTS oracle_block_seq
; END $$;
DO $$ BEGIN ALTER TABLE oracle_blocked ADD CONSTRAINT oracle_blocked_fk FOREIGN KEY (person) REFERENCES oracle_people (id); EXCEPTION WHEN duplicate_object THEN null; END $$;
DO $$ BEGIN ALTER TABLE oracle_blocked ADD CONSTRAINT oracle_blocked_fk FOREIGN KEY (person) REFERENCES oracle_people (id); EXCEPTION WHEN duplicate_object OR undefined_table THEN null; END $$;
DO $$ BEGIN ALTER TABLE oracle_blocked ADD COLUMN more int; EXCEPTION WHEN SQLSTATE '42701' THEN null; WHEN duplicate_table THEN NULL; END $$;
DO $$ BEGIN ALTER TABLE oracle_blocked ADD COLUMN more int; EXCEPTION WHEN SQLSTATE '42701' THEN null; WHEN duplicate_table THEN NULL; END $$;
DO $$ BEGIN CREATE TABLE oracle_blocked (id int); EXCEPTION WHEN OTHERS THEN NULL; END $$ LANGUAGE plpgsql;
DO $$ BEGIN CREATE TABLE oracle_blocked (id int); EXCEPTION WHEN syntax_error_or_access_rule_violation THEN NULL; END $$;
SELECT column_name FROM information_schema.columns WHERE table_name = 'oracle_blocked' ORDER BY ordinal_position;
SELECT conname FROM pg_constraint WHERE conrelid = 'oracle_blocked'::regclass AND contype = 'f';
DROP TABLE oracle_blocked;
DROP SEQUENCE oracle_block_seq;
DROP TYPE oracle_role, oracle_level;
