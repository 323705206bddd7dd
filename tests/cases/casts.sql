-- Literals take the type of their cast, and are bound or written as such.
select '5'::int, 5::text, 'x'::varchar(3) from t
=+ cast($1 as text)
=+ cast($2 as character varying(3))
=> SELECT 5, ?, ? FROM SQLUser.t

-- A cast to an integer rounds, where CAST would cut.
select n::int, f::int8 from t
=> SELECT CAST(ROUND(n, 0) AS INTEGER), CAST(CASE WHEN ABS(f - {fn TRUNCATE(f, 0)}) = .5 THEN 2 * ROUND(f / 2, 0) ELSE ROUND(f, 0) END AS BIGINT) FROM SQLUser.t

-- A text is cut to its length by SUBSTRING: CAST to VARCHAR without a length would keep 30 characters.
select b::varchar(5), b::char(3), a::text, ok::text from t
=> SELECT SUBSTRING(b, 1, 5), RTRIM(SUBSTRING(b, 1, 3)), CAST(a AS VARCHAR(20)), CASE WHEN ok = 1 THEN 'true' WHEN (ok) = 0 THEN 'false' END FROM SQLUser.t

select n::text, d::text from t
=> SELECT TO_CHAR(n, 'FM9999999999999999990.00'), TO_CHAR(d, 'YYYY-MM-DD') FROM SQLUser.t

-- Nothing is to be done between strings, and towards wider numbers.
select vc::text, a::int8, s2::int4, a::numeric from t
=> SELECT vc, a, s2, a FROM SQLUser.t

select ts::date, d::timestamp, a::bool, ok::int from t
=> SELECT CAST(ts AS DATE), CAST(d AS TIMESTAMP), CASE WHEN a <> 0 THEN 1 WHEN NOT (a <> 0) THEN 0 ELSE NULL END, ok FROM SQLUser.t

-- What IRIS would answer with 0 is computed of its column, and refused where IRIS would have to do it.
select b::int from t
=> SELECT b FROM SQLUser.t
=* cast(column 1 as integer)

select b::date from t
=> SELECT b FROM SQLUser.t
=* cast(column 1 as date)

select f::text from t
=> SELECT f FROM SQLUser.t
=* cast(column 1 as text)

select 'abc'::int
=! 22P02 invalid input syntax for type integer: "abc"

delete from t where b::int = 1
=> SELECT t.%ID, b FROM SQLUser.t
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID, b FROM SQLUser.t WHERE t.%ID %INLIST ?
=> DELETE FROM SQLUser.t WHERE t.%ID %INLIST ?

select a from t where id in (select id from u where name::int = 1)
=> SELECT id, name FROM SQLUser.u
=> SELECT a FROM SQLUser.t WHERE id IN (SELECT id FROM (SELECT CAST(r.c1 AS INTEGER) AS id FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 VARCHAR(3641144) PATH '$.c1')) AS r) AS pgiris_kept_0)
