create table n (id serial primary key, b text not null default 'x', n numeric(10,2), at timestamptz default now())
=> CREATE TABLE SQLUser.n (id INTEGER IDENTITY %DESCRIPTION 'pgiris:integer serial' CONSTRAINT n_pkey PRIMARY KEY, b {TEXT} COLLATE EXACT NOT NULL DEFAULT 'x', n NUMERIC(10,2), "at" TIMESTAMP %DESCRIPTION 'pgiris:timestamp with time zone' DEFAULT GETUTCDATE(6)) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1

create table n (id int generated always as identity, "user" varchar(20) unique, ok boolean default true)
=> CREATE TABLE SQLUser.n (id INTEGER IDENTITY %DESCRIPTION 'pgiris:integer generated always as identity', "user" VARCHAR(20) COLLATE EXACT CONSTRAINT n_user_key UNIQUE, ok BIT DEFAULT 1) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1

create table n (a int check (a > 0), b int references t on delete cascade, constraint k primary key (a, b))
=> CREATE TABLE SQLUser.n (a INTEGER, b INTEGER CONSTRAINT n_b_fkey REFERENCES SQLUser.t (id) ON DELETE CASCADE, CONSTRAINT k PRIMARY KEY (a, b))
=; set_check ('SQLUser', 'n', 'n_a_check', 'a > 0', ['a'], True, '')

create table n (v vector(3), j jsonb, u uuid)
=> CREATE TABLE SQLUser.n (v VECTOR(FLOAT,3), j {TEXT} COLLATE EXACT %DESCRIPTION 'pgiris:jsonb', u UNIQUEIDENTIFIER)

create table n as select a, b from t
=> CREATE TABLE SQLUser.n (a INTEGER, b {TEXT} COLLATE EXACT)
=> INSERT INTO SQLUser.n (a, b) SELECT a, b FROM SQLUser.t

create temp table n (a int)
=> CREATE TABLE pgtemp_1.n (a INTEGER)

create temp table t as select id from t
=> CREATE TABLE pgtemp_1.t (id INTEGER)
=> INSERT INTO pgtemp_1.t (id) SELECT id FROM SQLUser.t

create temp view v as select id from t
=> CREATE VIEW pgtemp_1.v (id) AS SELECT id FROM SQLUser.t

create table n (a int, a text)
=! 42701 column "a" specified more than once

create table t (a int)
=! 42P07 relation "t" already exists

create table if not exists t (a int)
=. NOTHING
=~ NOTICE relation "t" already exists, skipping

create table collated (a text collate "sv-x-icu", b text collate "C" not null)
=> CREATE TABLE SQLUser.collated (a VARCHAR(3641144) COLLATE EXACT, b VARCHAR(3641144) COLLATE EXACT NOT NULL)
=~ WARNING collation "sv-x-icu" is ignored: strings are ordered by code points

drop table if exists t, nope cascade
=> DROP TABLE IF EXISTS SQLUser.t CASCADE
=~ NOTICE table "nope" does not exist, skipping

alter table t add column x int default 5, drop column a
=> ALTER TABLE SQLUser.t ADD COLUMN x INTEGER DEFAULT 5
=> ALTER TABLE SQLUser.t DROP COLUMN a CASCADE

alter table t rename column a to x
=> ALTER TABLE SQLUser.t ALTER COLUMN a RENAME x

alter table t alter column a type bigint, alter column b set not null
=> ALTER TABLE SQLUser.t ALTER COLUMN a BIGINT
=> ALTER TABLE SQLUser.t ALTER COLUMN b NOT NULL

alter table t add constraint k unique (a), drop constraint t_pkey
=> ALTER TABLE SQLUser.t ADD CONSTRAINT k UNIQUE (a)
=> ALTER TABLE SQLUser.t DROP CONSTRAINT t_pkey

create unique index if not exists i on t using btree (a desc, b)
=> CREATE UNIQUE INDEX i ON TABLE SQLUser.t (a, b)

create index on items using hnsw (embedding vector_cosine_ops) with (m = 8)
=> CREATE INDEX items_embedding_idx ON TABLE SQLUser.items (embedding) AS HNSW(Distance='Cosine', M=8)

create index on items using hnsw (half halfvec_ip_ops)
=> CREATE INDEX items_half_idx ON TABLE SQLUser.items (half) AS HNSW(Distance='DotProduct')

create index on items using hnsw ((embedding::halfvec(3)) halfvec_cosine_ops)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no indexes on expressions

create table h (e halfvec(3), s sparsevec(5))
=> CREATE TABLE SQLUser.h (e VECTOR(FLOAT,3) %DESCRIPTION 'pgiris:halfvec(3)', s {TEXT} COLLATE EXACT %DESCRIPTION 'pgiris:sparsevec(5)')

create index on items using hnsw (sparse sparsevec_cosine_ops)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no HNSW indexes with sparsevec_cosine_ops

create index on items using hnsw (embedding vector_l2_ops)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no HNSW indexes with vector_l2_ops

create index on items using ivfflat (embedding vector_cosine_ops) with (lists = 100)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no ivfflat indexes

create index i on t (lower(b))
=. NOTHING
=~ NOTICE the index is not created: IRIS has no indexes on expressions

create index i on t (a, (b || 'x') desc)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no indexes on expressions

create index i on t using gin (b)
=. NOTHING
=~ NOTICE the index is not created: IRIS has no gin indexes

create index i on t (lower(nothing))
=! 42703 column "nothing" does not exist

create index i on t using bitmap (b)
=! 42704 access method "bitmap" does not exist

create unique index i on t (lower(b))
=! 0A000 this index is not supported: IRIS has no indexes on expressions

create view w as select a, a > 1 as big from t where d > '2020-01-01' order by a
=> CREATE VIEW SQLUser.w (a, big) AS SELECT TOP ALL a, CAST(CASE WHEN a > 1 THEN 1 WHEN NOT (a > 1) THEN 0 ELSE NULL END AS BIT) FROM SQLUser.t WHERE d > CAST('2020-01-01' AS DATE) ORDER BY CASE WHEN a IS NULL THEN 1 ELSE 0 END ASC, a ASC

create schema s
=> CREATE SCHEMA s

create sequence s
=. SESSION

alter table t add column k int default nextval('s')
=! 42P01 relation "s" does not exist

lock table t in exclusive mode nowait
=> LOCK TABLE SQLUser.t IN EXCLUSIVE MODE WAIT 0
=> UNLOCK TABLE SQLUser.t IN EXCLUSIVE MODE

explain select a from t where a = 5
=> EXPLAIN SELECT a FROM SQLUser.t WHERE a = 5

alter table t add unique (a, b), add foreign key (a) references t (id)
=> ALTER TABLE SQLUser.t ADD CONSTRAINT t_a_b_key UNIQUE (a, b)
=> ALTER TABLE SQLUser.t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES SQLUser.t (id)

create view w as select a from t where d < current_date and ts < now() - interval '1 day'
=> CREATE VIEW SQLUser.w (a) AS SELECT a FROM SQLUser.t WHERE d < CAST(GETUTCDATE() AS DATE) AND ts < DATEADD('dd', -1, GETUTCDATE(6))

create view w as select a, current_user as u from t
=! 0A000 function current_user is not supported in a view

create table c (a int) inherits (t)
=! 0A000 CREATE TABLE with INHERITS is not supported

create table c (a int) partition by range (a)
=! 0A000 CREATE TABLE with PARTITION BY is not supported

create table c partition of t for values in (1)
=! 0A000 CREATE TABLE with PARTITION OF is not supported

create unlogged table c (a int) with (fillfactor = 70) tablespace fast
=> CREATE TABLE SQLUser.c (a INTEGER)

alter table t add check (a > 1) not valid
=; set_check ('SQLUser', 't', 't_a_check', 'a > 1', ['a'], False, '')

alter table t add constraint few check (a > 1 and t."b" <> 'x')
=> SELECT CASE WHEN NOT (a > 1 AND b <> 'x') THEN 'few' END, t.%ID FROM SQLUser.t WHERE NOT ((a > 1 AND b <> 'x'))
=; set_check ('SQLUser', 't', 'few', "a > 1 and b <> 'x'", ['a', 'b'], True, '')

alter table t add column z int default 3 check (z < 4)
=> SELECT CASE WHEN NOT ((3) < 4) THEN 't_z_check' END, t.%ID FROM SQLUser.t WHERE NOT (((3) < 4))
=> ALTER TABLE SQLUser.t ADD COLUMN z INTEGER DEFAULT 3
=; set_check ('SQLUser', 't', 't_z_check', 'z < 4', ['z'], True, '')

-- a function of an extension that is accepted all the same
select crypt('secret', gen_salt('bf'))
=! 0A000 function crypt is not supported

CREATE TABLE x (a int DEFAULT 1 + 2, b text DEFAULT lower('X') || 'y', c timestamp DEFAULT (now() AT TIME ZONE 'utc'), d timestamptz DEFAULT current_date)
=> CREATE TABLE SQLUser.x (a INTEGER DEFAULT 3, b {TEXT} COLLATE EXACT DEFAULT 'xy', c TIMESTAMP DEFAULT GETUTCDATE(6), d TIMESTAMP %DESCRIPTION 'pgiris:timestamp with time zone')
