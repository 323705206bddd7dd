select top 5 a from t
=> select top 5 a from t

select %ID, a from t where b %STARTSWITH $1
=> select %ID, a from t where b %STARTSWITH ?

select {fn now()}
=> select {fn now()}

call p($1)
=> call p(?)

create table n (a longvarchar)
=> create table n (a longvarchar)

selec 1
=! 42601 syntax error at or near "selec"

create function f(int) returns int language sql as $$ select 1 $$
=. SESSION

create or replace function f() returns trigger language plpgsql as 'begin return new; end'
=! 0A000 functions in language plpgsql are not supported

create trigger g before insert or update on t for each row execute function f()
=! 0A000 CREATE TRIGGER is not supported

create aggregate total(int) (sfunc = int4pl, stype = int)
=! 0A000 CREATE AGGREGATE is not supported

CREATE FUNCTION SQLUser.half(n INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { Quit n\2 }
=> CREATE FUNCTION SQLUser.half(n INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { Quit n\2 }

select * from t join u using (id) as j
=! 0A000 an alias of JOIN ... USING is not supported

create unique index i on t (a) nulls not distinct
=! 0A000 NULLS NOT DISTINCT is not supported

create index i on only t (a)
=> CREATE INDEX i ON TABLE SQLUser.t (a)

create schema s create table a (i int)
=! 0A000 CREATE SCHEMA with elements is not supported

create table x (a int, b int generated always as (a + 1) virtual)
=! 0A000 a generated column is not supported
