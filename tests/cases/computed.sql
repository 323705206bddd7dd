-- IRIS is asked for what it knows, the worker chooses the rows.
select id from t where b ~ '^a' and a > 1 order by id limit 3
=> SELECT id, b FROM SQLUser.t WHERE a > ? ORDER BY 1 ASC
=* column 1
=? and((column 2 ~ $1))

select b from t order by b::int desc
=> SELECT b FROM SQLUser.t
=* column 1
=< cast(column 1 as integer) desc

select md5(b) || 'x', a from t where a = $1::int + 1
=+ ($1 + $3)
=> SELECT b, a FROM SQLUser.t WHERE a = ?
=* (md5(column 1) || $2)
=* column 2

select id from t where b = any(string_to_array($1, ','))
=+ string_to_array($1, $2)
=> SELECT id FROM SQLUser.t WHERE b %INLIST ?

select array_agg(b order by id desc) filter (where a > 0) from t
=> SELECT CAST(JSON_ARRAYAGG(CASE WHEN a > 0 THEN JSON_ARRAY(b, id NULL ON NULL) END) AS {TEXT}) FROM SQLUser.t
=* gathered(column 1, '{"name":"array_agg","values":1,"order":[[true,true]],"distinct":false,"filtered":false}', cell 1, cell 2)

select avg(n), stddev(n) from t
=> SELECT SUM(n), COUNT(n), SUM((n) * (n)) FROM SQLUser.t
=* average(column 1, column 2)
=* stddev(column 1, column 3, column 2)

select percentile_cont(0.5) within group (order by a) from t
=> SELECT CAST(JSON_ARRAYAGG(JSON_ARRAY(a NULL ON NULL)) AS {TEXT}) FROM SQLUser.t
=* gathered(column 1, '{"name":"percentile_cont","values":1,"order":[[false,false]],"distinct":false,"filtered":false}', cast(cell 1 as double precision), cell 1, cast($1 as double precision))

-- The worker groups what it must choose first.
select count(*) from t where b ~ 'a'
=> SELECT b FROM SQLUser.t
=? and((column 1 ~ $1))
=% aggregate('{"name":"count","values":0,"order":[],"distinct":false,"filtered":false}')
=* column 1

select id from t where ts > now() - interval '1 day' * $1
=+ ($3 - ($2 * $1))
=> SELECT id FROM SQLUser.t WHERE ts > ?

-- SQL/JSON constructors of PostgreSQL 16, as Django asks for them.
select json_object('t' value b, 'i' value id returning jsonb) as j from t
=> SELECT b, id FROM SQLUser.t
=* jsonb_build_object($1, column 1, $2, column 2)

select json_array(b, id null on null returning json) as a from t
=> SELECT b, id FROM SQLUser.t
=* json_build_array(column 1, column 2)

select json_object('t' value b) from t
=! 0A000 JSON_OBJECT without RETURNING is not supported

select json_object('t' value b absent on null returning jsonb) from t
=! 0A000 JSON_OBJECT with these options is not supported

-- IRIS would take documents for numbers, and any text for a document, a UUID or an interval.
select id, to_jsonb(b) - 'k' from t
=> SELECT id, b FROM SQLUser.t
=* column 1
=* (to_jsonb(column 2) - $1)

select b::uuid, b::json, b::interval from t
=> SELECT b FROM SQLUser.t
=* cast(column 1 as uuid)
=* cast(column 1 as json)
=* cast(column 1 as interval)

select count(*) from t join u on t.b::uuid = u.id::text::uuid
=> SELECT COUNT(*) FROM SQLUser.t JOIN SQLUser.u ON LOWER(t.b) = LOWER(CAST(u.id AS VARCHAR(20)))

-- Of constants that are computed IRIS would not know in which type it compares them.
select id from t where abs(9.5) < length($1)
=+ abs($2)
=+ length($1)
=+ (abs($2) < cast(length($1) as numeric))
=> SELECT id FROM SQLUser.t WHERE ? = 1

-- A window over what IRIS cannot say is one over rows that the worker has made.
select id, count(*) over (partition by b ~ 'x') from t
=> SELECT id, b FROM SQLUser.t
=> SELECT id, COUNT(*) OVER (PARTITION BY t.pgiris_window_1) FROM (SELECT CAST(r.c1 AS INTEGER) AS id, CAST(r.c2 AS BIT) AS pgiris_window_1 FROM JSON_TABLE(?, '$[*]' COLUMNS (c1 {TEXT} PATH '$.c1', c2 {TEXT} PATH '$.c2')) AS r) AS t
