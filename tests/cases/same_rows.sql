-- Queries that answer the same rows on PostgreSQL and, translated, on the sandbox. Behind " -- ": parameters, split at |.

select * from t order by id
select a/2, a%2, a%3, -a, i8/3, a*2, a+i8 from t order by id
select f*2, f/2 from t order by id
select a=5, a<>5, ok, not ok, ok is true, ok is not true, ok is false, a is null, a is not null from t order by id
select id from t where ok
select id from t where not ok
select id from t where ok is not true order by id
select id from t where not (ok is true) order by id
select id from t where a = 5 or ok is null order by id
select id, b from t where b like 'a%'
select id, b from t where b ilike 'a%' order by id
select id from t where b like '%\_%'
select id from t where b like '%!_%' escape '!'
select id from t where b = 'abc'
select id from t where b = 'ABC'
select id from t where vc = 'a'
select id from t where vc = 'a  '
select b from t order by b
select b from t order by b desc
select a from t order by a
select a from t order by a desc
select a from t order by a nulls first, id
select a from t order by a desc nulls last, id
select a, id from t order by a desc, id desc limit 2
select id from t order by id limit 2 offset 1
select id from t order by id offset 3
select id from t order by id limit $1 offset $2 -- 2|1
select id from t order by id limit $1 -- 3
select id from t limit 0
select distinct a from t order by a
select distinct lower(b) from t order by 1
select distinct b from t order by b
select b, count(*) from t group by b order by b
select lower(b) as x, count(*) from t group by x order by x
select lower(b) as x, count(*) from t group by 1 order by 2 desc, 1
select count(*), count(a), count(distinct a), sum(a), sum(i8), sum(n), sum(f) from t
select avg(a)::int from t
select bool_and(ok), bool_or(ok) from t
select count(*) filter (where a > 1), sum(a) filter (where ok) from t
select string_agg(name, ',') from u where id = 1
select id, row_number() over (order by id) from t order by id
select id, rank() over (order by a), dense_rank() over (order by a) from t where a is not null order by id
select id, lag(a) over (order by id), lead(b) over (order by id), sum(a) over (partition by ok) from t order by id
select lower(b), upper(b), length(b), length(vc), char_length(b) from t order by id
select substr(b,2), substr(b,1,2), substr(b,0,2), substr(b,-1,3), substring(b from 2 for 1) from t order by id
select substr(b, $1, $2) from t order by id -- 0|2
select left(b,2), left(b,-1), right(b,2), right(b,-1), left(b,0) from t order by id
select left(b,$1), right(b,$1) from t order by id -- -1
select trim(vc), ltrim('  x '), rtrim(vc), trim(both 'x' from 'xxaxx'), trim(leading 'x' from 'xxaxx') from t order by id
select replace(b,'b','zz'), reverse(b), repeat(b,2), lpad(b,5,'*'), rpad(b,5), lpad(b,2) from t order by id
select split_part('a,b,c',',',2), split_part('a,b,c',',',9), split_part(b,'b',1) from t order by id
select strpos(b,'b'), position('c' in b), ascii(b), chr(65) from t where id < 3 order by id
select concat(a,b,ok,d), concat_ws('-',a,b,null,vc) from t order by id
select a||b, b||vc, b||'x'||a from t order by id
select coalesce(a,0), coalesce(b,'none'), nullif(a,5), greatest(a,i8), least(a,3), greatest(a,3,i8) from t order by id
select case when a > 0 then 'pos' when a < 0 then 'neg' else 'zero' end from t order by id
select case a when 5 then 'five' else b end from t order by id
select round(2.5), round(-2.5), ceil(2.1), floor(-2.1), trunc(2.9), trunc(-2.9)
select mod(a,3), power(a,2), sqrt(4) from t order by id
select n::int, f::int, a::bigint, a::text, d::text, ok::text, ok::int, a::bool, n::text, vc::text from t order by id
select 2.5::int, 3.5::int, -2.5::int, 0.4::int
select ts::date, d::timestamp, a::float8, a::numeric(10,1) from t order by id
select extract(year from d), extract(month from ts), extract(dow from d), extract(doy from d), extract(quarter from d), extract(isodow from d) from t order by id
select extract(hour from ts), extract(minute from tm), date_part('day', ts) from t order by id
select date_trunc('day', ts), date_trunc('month', ts), date_trunc('year', ts), date_trunc('hour', ts), date_trunc('week', ts), date_trunc('quarter', ts) from t order by id
select d + 1, d - 1, d - date '2020-01-01', d + interval '1 month', ts + interval '1 day 2 hours', ts - interval '1 year' from t order by id
select tz, tz + interval '1 day' from t order by id
select to_char(ts, 'YYYY-MM-DD HH24:MI:SS'), to_char(ts,'DD/MM/YYYY') from t order by id
select id from t where d = '2020-02-29'
select id from t where d > $1 -- 2000-01-01
select id from t where ts between '2020-01-01' and '2020-12-31'
select id from t where tz = '2020-01-31 08:11:12Z'
select id from t where tz < $1 order by id -- 2020-01-31 09:11:13+01
select id from t where d < ts order by id
select id from t where n = 1.1
select id from t where n > $1 order by id -- 1.05
select id from t where n + 1 > $1 order by id -- 2.05
select id from t where u = $1 -- 00000000-0000-0000-0000-000000000002
select id from t where ok = $1 -- t
select id from t where ok = 't'
select id from t where a = any($1) order by id -- {5,0}
select id from t where b = any($1) order by id -- {abc,"x_y%z"}
select id from t where a <> all($1) order by id -- {5,0}
select id from t where a = any(array[5,0]) order by id
select id from t where a in (5,0) order by id
select id from t where a not in (5,0) order by id
select id from t where (a,b) = (5,'abc')
select id from t where (a,b) in ((5,'abc'),(0,'')) order by id
select id from t where a is distinct from 5 order by id
select id from t where a is not distinct from null
select id from t where a is not distinct from $1 order by id -- 5
select id from t where $1 order by id -- t
select t.id, u.name from t left join u on u.t_id = t.id order by t.id, u.name
select t.id, count(u.id) from t left join u on u.t_id = t.id group by t.id order by t.id
select id, name from t join u using (id) order by id
select * from (select id, a+1 as x from t) s where x > 5 order by id
select * from (select count(*), max(b) from t) s
select id from t where exists (select 1 from u where u.t_id = t.id) order by id
select id from t where id in (select t_id from u) order by id
select id from t where id not in (select t_id from u where t_id is not null) order by id
select id, (select count(*) from u where u.t_id = t.id) from t order by id
select id, exists (select 1 from u where u.t_id = t.id) from t order by id
select 1 union select 2 union select 1 order by 1
select a from t union select id from u order by 1
select a from t union all select id from u order by 1 desc limit 3
select b from t intersect select 'abc' order by 1
select id from t except select t_id from u order by 1
values (1,'a'),(2,null) order by 1
select * from (values (1,'a'),(2,null)) v(x,y) order by x
with x as (select a, count(*) as c from t group by a) select * from x where c > 1
with x(p,q) as (select id, b from t), y as (select p from x where p > 2) select y.p, x.q from y join x on x.p = y.p order by 1
select distinct on (a) a, id from t order by a, id desc
select distinct on (ok) ok, id from t order by ok, id
select max(length(b)) from t
select count(*) from t having count(*) > 2
select ok, count(*) from t group by ok order by ok
select a > 0 as pos, count(*) from t group by 1 order by 1
select date_trunc('month', ts) as m, count(*) from t group by m order by m
select id from t order by ok, id
select id from t order by ok desc, id
select id from t order by a > 0, id
select id, a from t order by 2, 1
select name from u order by length(name), name
select id from t for update
select null, 'x', 1.5, true
select 1=1, 'a'='b', null is null, not true
select 'a' || 'b' || 1
select upper('x'), length('abc')
select count(*) from t limit 0
select sum(a) from t where false
select * from t where true and id = 1
select * from t where false
select interval '1 day'
select starts_with(b,'a') from t order by id
select id from t where starts_with(b,'a') order by id
select by, j, u from t order by id
select f from t order by f
select id from t where length(b) > 3 and lower(vc) = 'x'
select b from t where b > 'a' order by b
select min(b), max(b) from t
select overlay('abcdef' placing 'XX' from 2 for 3), translate('abc','ab','xy')
select coalesce($1, 'x'), $2::int + 1 -- NULL|4
select case when $1 then 1 else 2 end -- f
select id from t where case when ok then a else 0 end = 5 order by id
select 1 where 1=1
select id from t group by id order by id
select ok, bool_or(a > 0) from t group by ok order by ok
select distinct lower(b) from t order by lower(b)
select distinct lower(b) from t order by lower(b) desc nulls last limit 2 offset 1
select distinct a from t order by b
select a, count(*) from t group by a order by a desc limit $1 offset $2 -- 2|1
select id, a from t order by a, id limit 2 offset $1 -- 2
select * from (select id, a from t order by a desc, id limit 3 offset 1) s order by id
select * from (select id from t order by id limit 2) s
select * from (select id from t order by id desc) s order by id
select id from t where id in (select id from t order by id limit 2) order by id
select (select name from u where u.t_id = t.id order by name limit 1) from t order by id
(select id from t order by id limit 1) union all (select id from t order by id desc limit 1) order by 1
select a from t union all select id from u order by a limit 2 offset 1
select count(*) from (select distinct a from t) s
select sum(x) from (select a as x from t union all select id from u) s
select t.a, count(*), sum(u.id) from t, u where t.id = u.t_id group by t.a order by 1
select case when id < 3 then a end, case when id < 3 then 'x' else b end from t order by id
select case when ok then 1 else 0 end = 1, (a > 0 and ok) or b is null from t order by id
select id from t where (a > 0) = ok order by id
select id from t where ok = (a > 0) order by id
select id from t where ok in (true) order by id
select id from t where coalesce(ok, false) order by id
select id from t where not coalesce(ok, false) order by id
select coalesce(ok, false), ok and a > 0, ok or a > 0, not (a > 0) from t order by id
select id from t where (ok or a = 0) and not (b = 'abc') order by id
select id from t where not (a = 5 and b = 'abc') order by id
select max(case when ok then a end) from t
select count(case when ok then 1 end) from t
select id from t where a between 0 and 5 and b not like '%z' order by id
select id from t where b not in ('abc','Abc') order by id
select sum(a)::int, avg(f), max(f) from t
select a from t where a = 5.0 order by a
select id from t where a > 1.5 order by id
select id from t where i8 = 10000000000
select id from t where f = 0.5
select id from t where f = $1 -- 0.5
select id from t where tm = '10:11:12'
select id from t where tm > $1 order by id -- 11:00
select id from t where by = '\x0102'
select ts + interval '90 minutes', ts - interval '1 day', d - interval '2 weeks' from t order by id
select id from t where ts > timestamp '2020-01-31 10:11:12' order by id
select id from t where d = date '2020-01-31'
select id from t where ts::date = '2020-01-31'
select id from t where d = $1::date -- 2020-01-31
select id from t where extract(year from ts) = 2020 order by id
select to_char(d, 'YYYY') from t order by id
select cast(a as varchar(1)), cast(b as char(5)), b::varchar(2) from t where id < 3 order by id
select b || $1 from t order by id -- Z
select a + $1, n * $2 from t where id = 2 -- 1|2.5
select $1::int + $2::int -- 1|2
select $1::text || 'x' -- a
select id from t where b = $1 or $1 is null order by id -- abc
select lower($1) -- ABC
select id, $1 as x from t order by id limit 1 -- q
select id from t where id = $1 and id = $1 -- 3
select '2020-01-01'::date + 1, '2020-01-31'::timestamp + interval '1 month'
select 1 as a, 2 as a
select u.name n, t.* from u join t on t.id = u.t_id where u.id = 1
select count(distinct lower(b)), count(distinct ok) from t
select name, row_number() over (partition by t_id order by name desc) from u order by name
select sum(a) over (order by id), count(*) over (order by id rows between 1 preceding and current row) from t order by id
select first_value(name) over (partition by t_id order by name), last_value(name) over (partition by t_id order by name rows between unbounded preceding and unbounded following) from u order by name
select lag(a, 1, 0) over (order by id), ntile(2) over (order by id) from t order by id
select rank() over (order by b desc) from t where b is not null order by 1
select sum(a) over (order by ok) from t where ok is not null order by id
select * from t natural join u
select 5 / 0
select a / 0 from t where id = 1
select n / 0 from t where id = 1
select 1/0.0
select substr('abc', 1, -1)
select 'abc' like 'a_c', 'abc' not like 'x%', 'ABC' ilike 'abc'
select 'a\b' like 'a\\b', 'a%' like 'a\%'
select length('a  '), 'a ' = 'a', 'a' < 'B'
select 10 - 3 - 2, 2 * 3 + 4, -2 ^ 2, 2 ^ 3 ^ 2, 1 - -1
select greatest(1,null,3), least(null,2), nullif('a','a'), coalesce(null,null,5)
select lpad('x', 3), rpad('abc', 2), lpad('abc', 5, 'xy'), repeat('ab', 0), reverse('')
select ''::text, '' is null, length(''), '' || 'a'
select n + 1 > 2, n * 2 = 2.2, n - a < 0 from t order by id
select abs(a), abs(f), sign(n), round(n), ceil(n), floor(n), trunc(n) from t order by id
select 7/2, -7/2, 7%3, -7%3, 2^3, 7.0/2 = 3.5
select a from t where a + 0.5 > 5
select cast(extract(epoch from ts) as bigint) from t where id = 2
select count(*) from t group by a order by a
select n+1, n*2, n-a, -n, n*1.5, n+0.125, (n) from t order by id
select a, sum(n), min(n), max(n), sum(n*2), max(b) from t group by a order by a
select abs(n), round(n), round(n,1), ceil(n), floor(n), trunc(n), trunc(n,1) from t order by id
select '1.5'::numeric * 2, 1.50 + 1, coalesce(n, 0.00), coalesce(n, n) from t where id = 1
select x, x + 1 from (select n * 2 as x from t) s order by x
select sum(x) from (select sum(n) as x from t group by ok) s
select n, lag(n) over (order by id), sum(n) over (partition by ok) from t order by id
