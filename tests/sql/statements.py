"""Statements whose parameter and result types PostgreSQL and the planner must see alike. One per line."""

SAME = r"""
select 1
select 10000000000
select 1.5
select -5
select 'a'
select null
select true
select 'a'::text
select 'a'::varchar(3)
select '5'::int
select 5::text
select 5::int8
select 5::numeric(10,2)
select $1
select $1::int
select $1::text
select cast($1 as timestamp)
select 1 as one, 'x' as two
select now(), current_timestamp, current_date, current_time, localtime, localtimestamp
select current_user, session_user, user, current_role, current_catalog, current_schema
select version(), current_database(), pg_backend_pid(), current_setting('search_path')
select inet_server_port(), pg_is_in_recovery()
select current_schemas(true)
select pg_try_advisory_lock(1)
select pg_sleep(0)
select set_config('application_name', 'x', false)
select gen_random_uuid(), random()
select date '2020-01-01', timestamp '2020-01-01 10:00', time '10:00', interval '1 day'
select timestamptz '2020-01-01 10:00+02'
select 1 + 1, 1 + 1.5, 7 / 2, 7 % 2, 2 ^ 3, 2.0 ^ 3, 1 + 10000000000
select 'a' || 'b', 1 || 'a', 'a' || $1
select 1 = 1, 'a' < 'b', not true, true and false, null is null
select 1 + $1, $2 + 1.5, $3 || 'x', $4 = 5, $5 > 'a'
select 1 + $1, $1 = 5, $1 + 1.5
select case when true then 1 else 2 end, case 1 when 1 then 'x' end, case when true then 1 else 2.5 end
select coalesce(1, 2), coalesce(null, 'x'), coalesce($1, 5), nullif(1, 2), greatest(1, 2.5), least($1, 3)
select exists (select 1)
select (select 1), (select 'x' as y)
select
select * from t
select t.* from t
select id, a, s2, i8, n, f, r, b, vc, ok, d, tm, ts, tz, u, j, by from t
select public.t.a from public.t
select x.a as "Foo Bar", x.b "Baz" from t x
select T.A, B from T
select a + 1, a + i8, a + n, a + f, s2 + s2, s2 + a, r + r, r + a, n * 2, f / 2, a / 2, n / 3 from t
select -a, -n, -f from t
select a % 3, i8 % 3, n % 3, a ^ 2, n ^ 2 from t
select b || vc, b || 'x', a || b, vc || vc from t
select a = 1, b = 'x', ok, not ok, a is null, a is not null, ok is true, ok is not false, ok is unknown from t
select a between 1 and 5, a in (1, 2), b like 'x%', b ilike 'X%', b not like 'x' from t
select a is distinct from 1, a is not distinct from null from t
select count(*), count(a), count(distinct b), sum(a), sum(i8), sum(s2), sum(n), sum(f), sum(r) from t
select avg(a), avg(i8), avg(n), avg(f), avg(r), avg(s2) from t
select min(a), max(b), min(vc), max(d), min(ts), max(tz), min(n), max(f), min(i8), max(r), min(tm) from t
select bool_and(ok), bool_or(ok), every(ok), string_agg(b, ',') from t
select stddev(a), variance(n), stddev_pop(f), var_samp(a) from t
select count(*) filter (where a > 1) from t
select row_number() over (order by a), rank() over (order by a), dense_rank() over (order by a) from t
select lag(a) over (order by id), lead(b, 1) over (order by id) from t
select first_value(d) over (order by id), ntile(4) over (order by id) from t
select sum(a) over (partition by b), count(*) over () from t
select percent_rank() over (order by a), cume_dist() over (order by a) from t
select lower(b), upper(vc), length(b), char_length(vc), substr(b, 1, 2), substring(b from 1 for 2), position('x' in b) from t
select trim(b), ltrim(b), rtrim(b, 'x'), trim(both 'x' from b), trim(leading from b), btrim(b) from t
select replace(b, 'a', 'b'), left(b, 2), right(b, 2), lpad(b, 5), rpad(b, 5, 'x'), reverse(b), repeat(b, 2) from t
select split_part(b, ',', 1), strpos(b, 'x'), translate(b, 'a', 'b'), ascii(b), chr(65), concat(a, b, d) from t
select concat_ws(',', b, vc), overlay(b placing 'x' from 1 for 2), starts_with(b, 'x') from t
select abs(a), abs(n), abs(f), round(n), round(f), round(n, 1) from t
select ceil(n), ceil(f), ceiling(a), floor(n), trunc(n), trunc(n, 1) from t
select mod(a, 2), mod(n, 2), power(a, 2), power(n, 2), power(f, 2), sqrt(a), sqrt(n), exp(f), ln(n), log(f), log(2, n) from t
select sign(n), sign(f), pi(), sin(f), cos(f), degrees(f), radians(f) from t
select extract(year from d), extract(epoch from ts), date_part('year', d), date_trunc('month', ts), date_trunc('day', tz) from t
select extract(hour from tm), extract(dow from d), extract(second from ts) from t
select d + 1, d - 1, d - d, d + interval '1 day', ts + interval '1 hour', ts - interval '1 month', tz + interval '1 day' from t
select ts + interval '2 days', d - $1 from t
select ts::date, d::timestamp, a::text, b::varchar(5), n::int from t
select a::int8, a::numeric, f::numeric, n::float8, ok::int, ok::text from t
select cast(a as bigint), cast(b as char(3)), a::bool, u::text, d::text, j::text from t
select to_char(ts, 'YYYY-MM-DD') from t
select coalesce(a, 0), coalesce(b, ''), coalesce(a, n), coalesce(vc, b), nullif(b, ''), greatest(a, i8), least(n, f) from t
select case when ok then a else 0 end, case when a > 1 then b end from t
select case a when 1 then 'x' else vc end, case when ok then a else n end from t
select case when ok then b else vc end from t where false
select exists (select 1 from u where u.t_id = t.id), (select max(id) from u), a = (select 1) from t
select * from t where a = $1
select * from t where i8 = $1 and n > $2 and b = $3 and vc = $4 and d >= $5 and tz < $6 and ok = $7 and u = $8
select * from t where a in ($1, $2) and b in ($3)
select * from t where a between $1 and $2
select * from t where b like $1 or vc ilike $2
select * from t where $1 = a and $2 < d
select * from t where a = any($1)
select * from t where b = any($1) and u = any($2)
select * from t where a <> all($1)
select * from t where b = any(array['a', 'b'])
select * from t where a = any($1::int[])
select * from t where a = $1::bigint
select * from t where a + $1 > 5 and lower(b) = $2
select * from t where $1
select * from t where ok and not ok or $1
select * from t where a is distinct from $1
select * from t where coalesce(a, $1) = 5
select * from t where case when $1 then a else $2 end = 1
select * from t limit $1
select * from t limit $1 offset $2
select * from t order by a desc nulls last, b limit 10
select * from t fetch first 3 rows only
select a from t limit all
select distinct a, b from t order by a
select distinct on (a) a, b from t order by a, id
select a, count(*) from t group by a having count(*) > $1
select a as x, sum(n) as total from t group by 1 order by 2 desc
select date_trunc('day', ts) as day, count(*) from t group by day order by day
select t.a, t.* from t group by t.id
select t.id, b, count(u.id) from t left join u on u.t_id = t.id group by t.id
select t.id, u.name from t join u on t.id = u.t_id where u.name = $1
select * from t join u using (id)
select id, name from t join u using (id)
select u.id, t.id from t left join u using (id)
select * from t a, u b where a.id = b.t_id
select * from t cross join u
select a.x from (select a as x from t) a
select * from (select count(*), max(b) from t) s
select x, y from (select a, b from t) as s (x, y)
select * from (values (1, 'a'), (2, null)) v (x, y)
values (1, 'a'), (2, 'b')
values (1, 2.5), (3, 4.5)
values ($1, 1)
with x as (select a, b from t) select * from x where a = $1
with x (p, q) as (select a, count(*) from t group by a), y as (select p from x) select y.p, x.q from x join y on x.p = y.p
select 1 union select 2
select 1 union all select 2.5
select a from t union select i8 from t order by 1
select b from t union all select vc from t
select a from t intersect select id from u
select a from t except select id from u
select 'x' union select b from t
select null union select 1
select a, b from t where exists (select * from u where u.t_id = t.id and u.name = $1)
select a from t where a in (select t_id from u where name like $1)
select a from t where (a, b) = (1, 'x')
select a from t where (a, b) in ((1, 'x'), ($1, $2))
select a from t for update
select a from t where b = $1 and d = $2::date
select $1::int + a, $2 || b from t
select $2::text, $1::int
select a as a1, a as a1 from t
select count(*) as count, sum(a) sum from t where n >= $1
select max(a) + 1, count(*) * 2, sum(a) / count(*) from t
select upper(b)::varchar(3), (a + 1)::text, (b || 'x')::text from t
select (a), (a + 1), ((b)) from t
select pg_catalog.lower(b), pg_catalog.count(*) from t group by b
select length($1), lower($1), abs($2), round($3), substr($4, $5)
select coalesce($1, $2), greatest($3, $4)
select not $1, $1 is null
insert into t (id, a, b) values (1, 2, 'x')
insert into t (id, a, n, d, tz, ok, u, j, by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
insert into t values ($1, $2, $3, $4)
insert into t (id, b) values ($1, $2) returning id
insert into t (id, a, vc) values (1, $1, $2) returning *
insert into t (id, a) values (1, 2) returning id, a + 1 as next, lower(b), t.vc
insert into t (id, b) values ($1, lower($2)), ($3, 'x')
insert into t (id, a) select id, $1 from u where name = $2
insert into t (id, b) select id, name from u
insert into t default values
insert into u (id, t_id, name) values (1, default, $1)
update t set a = $1 where id = $2
update t set a = a + $1, b = $2, d = $3, n = $4, ok = $5 where id = 5
update t set a = $1 + 1, b = lower($2), vc = coalesce($3, vc)
update t x set b = 'y' where x.a > $1
update t set a = default, b = null
update t set n = 5, i8 = 7, f = 1
delete from t where id = $1
delete from t
delete from t as x where x.b = $1 and x.d < $2
delete from t where id in (select t_id from u where name = $1)
update t set a = (select max(id) from u) where id = $1
select a::text || 'x', coalesce(b, vc, 'none'), b = vc from t
select count(a + 1), sum(a * 2), sum(n * a), avg(a + n), max(length(b)) from t
select d > '2020-01-01', ts between '2020-01-01' and $1, tm < '10:00' from t
select a = '5', i8 = '7', n > '1.5', ok = 't', u = '00000000-0000-0000-0000-000000000000' from t
select s2 = 1, s2 = $1, s2 + $2, r = $3, r * $4 from t
"""

# Errors that both must raise with the same SQLSTATE, and with the same position where the planner knows it.
ERRORS = r"""
select nope from t
select t.nope from t
select x.a from t
select * from nope
select * from nope.t
select id from t, u
select a from t where nope = 1
select a + 'x' from t
select a = 'x' from t
select b = 5 from t
select ok + 1 from t
select lower(a) from t
select length(5)
select a from t where a
select a from t where b
select a from t group by b
select a, count(*) from t
select sum(sum(a)) from t
select a from t where count(*) > 1
select 1 union select 'x'
select 1 union select 1, 2
select a from t order by 5
select a from t group by 7
select a from t order by nope
select * from t, t
select 'x'::int
select '2020-02-30'::date
select 'x'::bool
select case when true then 1 else 'x' end
select case when 1 then 2 end
select coalesce(1, true)
insert into t (nope) values (1)
insert into t (a, a) values (1, 2)
insert into t (a) values (1, 2)
insert into t (a, b) values (1)
insert into t (a) values ('x')
insert into t (a) values (true)
insert into t (d) values (5)
insert into nope values (1)
update t set nope = 1
update t set a = 'x'
update t set a = 1, a = 2
update t set a = true
update nope set a = 1
delete from nope
delete from t where nope = 1
select $2::int
select * from t limit 'x'
select * from t limit a
select a from t where a in (select 1, 2)
select (select 1, 2)
select array[]
select a from t join u on t.id
select a from t x where t.a = 1
select * from t where d = 'nonsense'
select * from t join u using (nope)
select * from (select 1)
values (1, 2), (3)
select '1' + '2'
select d + d from t
select d + $1 from t
select $1 + $1
select $1 is null
select distinct on (a) a from t order by nope
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]
