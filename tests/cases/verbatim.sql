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
=! 0A000 CREATE FUNCTION is not supported

create or replace function f() returns trigger language plpgsql as 'begin return new; end'
=! 0A000 CREATE FUNCTION is not supported

create trigger g before insert or update on t for each row execute function f()
=! 0A000 CREATE TRIGGER is not supported

create aggregate total(int) (sfunc = int4pl, stype = int)
=! 0A000 CREATE AGGREGATE is not supported

CREATE FUNCTION SQLUser.half(n INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { Quit n\2 }
=> CREATE FUNCTION SQLUser.half(n INTEGER) RETURNS INTEGER LANGUAGE OBJECTSCRIPT { Quit n\2 }
