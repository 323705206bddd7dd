CREATE TABLE x (id uuid DEFAULT gen_random_uuid())
=> CREATE TABLE SQLUser.x (id UNIQUEIDENTIFIER DEFAULT OBJECTSCRIPT '$ZCONVERT($SYSTEM.Util.CreateGUID(),"L")')

CREATE INDEX IF NOT EXISTS t_a ON t (a)
=> CREATE INDEX t_a ON TABLE SQLUser.t (a)

CREATE TABLE x (p, q) AS SELECT id, b FROM t
=> CREATE TABLE SQLUser.x (p INTEGER, q {TEXT} COLLATE EXACT)
=> INSERT INTO SQLUser.x (p, q) SELECT id, b FROM SQLUser.t

CREATE TABLE x AS SELECT id, b FROM t WITH NO DATA
=> CREATE TABLE SQLUser.x (id INTEGER, b {TEXT} COLLATE EXACT)

SELECT id, b INTO x FROM t
=> CREATE TABLE SQLUser.x (id INTEGER, b {TEXT} COLLATE EXACT)
=> INSERT INTO SQLUser.x (id, b) SELECT id, b FROM SQLUser.t

CREATE TABLE x (LIKE u INCLUDING COMMENTS)
=> CREATE TABLE SQLUser.x (id INTEGER NOT NULL, t_id INTEGER, name VARCHAR(20) COLLATE EXACT NOT NULL)

CREATE TABLE x (LIKE u INCLUDING ALL)
=! 0A000 LIKE with INCLUDING ALL is not supported

ALTER TABLE t RENAME a TO z
=> ALTER TABLE SQLUser.t ALTER COLUMN a RENAME z

ALTER TABLE t RENAME CONSTRAINT a TO z
=! 42704 constraint "a" for table "t" does not exist

ALTER TABLE t REPLICA IDENTITY FULL
=. NOTHING

ALTER TABLE t ENABLE ROW LEVEL SECURITY
=! 0A000 ALTER TABLE ... ENABLE ROW LEVEL SECURITY is not supported

ALTER TABLE t DISABLE TRIGGER ALL
=! 0A000 ALTER TABLE ... DISABLE TRIGGER is not supported

ALTER TABLE nowhere CLUSTER ON i
=! 42P01 relation "nowhere" does not exist

ALTER TABLE t SET (fillfactor = 70)
=. NOTHING

CREATE SCHEMA s AUTHORIZATION demo
=! 0A000 CREATE SCHEMA with AUTHORIZATION is not supported

CREATE TEMP TABLE x (id int) ON COMMIT DROP
=> CREATE TABLE pgtemp_1.x (id INTEGER)

REINDEX TABLE t
=. NOTHING

TRUNCATE ONLY t
=> DELETE FROM SQLUser.t

grant select, insert (a, b), update on table t, u to bob, "Some Role" with grant option
=> GRANT SELECT, INSERT(a, b), UPDATE ON SQLUser.t TO bob, "Some Role" WITH GRANT OPTION
=> GRANT SELECT, INSERT(a, b), UPDATE ON SQLUser.u TO bob, "Some Role" WITH GRANT OPTION

grant all privileges on t to bob
=> GRANT ALL ON SQLUser.t TO bob

revoke grant option for select on t from bob cascade
=> REVOKE GRANT OPTION FOR SELECT ON SQLUser.t FROM bob CASCADE

grant accountants to bob with admin option
=> GRANT accountants TO bob WITH ADMIN OPTION

grant select on all tables in schema public to bob
=! 0A000 GRANT ON ALL is not supported

grant usage on schema public to bob
=. NOTHING
=~ NOTICE GRANT ON SCHEMA is ignored: IRIS has no privileges on it

grant truncate on t to bob
=! 0A000 the privilege TRUNCATE is not supported

grant select on nope to bob
=! 42P01 relation "nope" does not exist

grant select on t to public
=! 0A000 GRANT for PUBLIC is not supported

drop index if exists a, "B" cascade
=> DROP INDEX IF EXISTS a
=> DROP INDEX IF EXISTS B

drop schema one, two
=> DROP SCHEMA one
=> DROP SCHEMA two

truncate t, u
=> DELETE FROM SQLUser.t
=> DELETE FROM SQLUser.u

truncate u restart identity
=> TRUNCATE TABLE SQLUser.u

alter table t alter column j type jsonb
=. NOTHING

alter table t alter column a type bigint using (a::bigint), alter column tz type timestamptz
=> ALTER TABLE SQLUser.t ALTER COLUMN a BIGINT
