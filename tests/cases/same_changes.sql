-- Changes of data, in this order, after each of which PostgreSQL and the sandbox hold the same rows.

insert into t (id, a, b, ok, d) values (10, 1, 'new', true, '2021-01-01')
insert into t (id, a, b, n, f, ts, tz) values ($1,$2,$3,$4,$5,$6,$7) -- 11|2|x'y|3.14|2.5|2021-01-01 01:02:03|2021-01-01 01:02:03+01
insert into t (id, a) values (12, 1.6)
insert into t (id, a) values (13, 2.4), (14, '7')
insert into t (id, b, d, n) values (15, 'p', '2021-02-03', 1.5), (16, 'q', null, null), (17, null, '1999-01-01', -2.5)
insert into t (id, a, b) select id + 100, a, upper(b) from t where id < 3
insert into t (id, b) values (18, lower('ABC') || 'd')
insert into t (id, a) values (19, -5)
insert into t (id, n) values (20, -1.25)
insert into t (id, f) values (21, -1.5e3)
insert into t values (22, 1, 2)
insert into t (id, ok) values (23, 1=1)
insert into t (id, ok) values (24, 'f'), (25, true)
insert into t (id, b) values (26, 5)
insert into t (id, vc) values (27, 'toolongvalueforthis')
insert into t (id, a) values (1, 1)
insert into t (id, u) values (29, '00000000-0000-0000-0000-00000000000A')
insert into t (id, by) values (30, '\x0aff')
insert into t (id, j) values (31, '{"b": [1, 2]}')
insert into t (id, a, b) values (32, default, 'x')
insert into t (id, a) values (33, (select max(id) from u))
insert into t (id, tm) values (34, '10:20')
insert into t (id, a) values (40, 5) returning id, a * 2 as dbl, b
insert into t (id, b) values ($1, $2) returning * -- 41|zz
insert into t (id) values (42) returning t.id, ok is null as x
insert into u as x (id, name) values (50, 'q') returning x.name
update t set a = a + 1 where id = 10
update t set b = $1, n = n * 2 where id = $2 -- changed|11
update t set b = b || '!', ok = not ok where id = 10
update t set a = null, b = default where id = 13
update t set a = 3.7 where id = 14
update t set d = d + 1, ts = ts + interval '1 day' where id < 3
update t set n = a / 2 where id = 1
update t set vc = upper(vc) where vc = 'x'
update t set ok = a > 3 where id in (1,2,4)
update t x set f = x.f + 1 where x.id = 1
update t set a = (select max(u.id) from u) where id = 2
update t set b = case when a > 3 then 'big' else 'small' end where id < 10
update t set tz = '2022-01-01 00:00:00+05' where id = 1
update t set id = 99 where id = 12
update t set a = 1 where id = 1000
update t set a = u.id from u where u.t_id = t.id and u.name = 'two'
update t set b = u.name from u where u.id = t.id and t.id < 3
delete from t where id = 99
delete from t where b like '%!' or ok is null and id > 200
delete from t using u where u.t_id = t.id and u.name = 'two'
delete from u where t_id not in (select id from t)
delete from t as x where x.id = 15 and x.b = 'p'
delete from t where d = $1 -- 1999-01-01
update t set a = 7 where id = 1 returning id, a
update t set a = a + 1 where id = $1 returning * -- 1
update t set a = 8 where id = 1 and b is not null returning a
delete from t where id = 16 returning id, b
insert into u (id, name) values (1, 'dup') on conflict do nothing
insert into u (id, name) values (1, 'dup') on conflict (id) do nothing
insert into u (id, name) values (60, 'sixty') on conflict (id) do nothing
insert into u (id, name) values (1, 'upd') on conflict (id) do update set name = excluded.name
insert into u (id, name, t_id) values (61, 'n', 4) on conflict (id) do update set name = excluded.name, t_id = excluded.t_id
insert into u (id, name, t_id) values ($1, $2, 5) on conflict (id) do update set name = excluded.name, t_id = excluded.t_id -- 61|again
insert into u (id, name, t_id) values (61, 'n', 4) on conflict (id) do update set t_id = u.t_id + 1
insert into u (id, name) values (62, 'a'), (63, 'b'), (1, 'c') on conflict (id) do nothing
insert into u (id, name) values (64, 'a'), (1, 'cc') on conflict (id) do update set name = excluded.name
insert into u (id, name) values (1, 'z') on conflict (id) do update set name = excluded.name returning id, name
insert into u (id, name) select id, 'from t' from t where id > 30
insert into t (id, b) values (300, 'm'), (301, 'n') returning id, b
insert into t (id, b, a) select p0::int, p1::varchar, 5 from (values (310, 'q', 0), (311, 'r', 1)) as s (p0, p1, counter) order by counter returning t.id
insert into t (id, b) select * from unnest('{320,321}'::int[], '{a,null}'::text[])
insert into t (id, a, b) values (340, 1, 'k1'), (341, 2, 'k2'), (342, 3, 'k3')
update t set a = a + 10 where id between 340 and 341 returning id, a
update t x set a = x.a + $1, b = 'k' where x.b like 'k%' returning x.id, x.a + 1 as more -- 5
update t set a = 0 where id < 0 returning *
delete from t where b = 'k' and id > 340 returning t.id, b
insert into t (id, a) values (340, 9), (343, 9) on conflict (id) do update set a = excluded.a returning id, a
insert into t (id, a) values (340, 8), (344, 8) on conflict do nothing returning id, a
insert into t (id, a) select id + 1000, a from t where id between 343 and 344 returning id, a
delete from t where id in (select id from t where id > 1300) returning id
insert into t (id, a) values (330, 1) on conflict do nothing returning id
insert into t (id, a) values (330, 1) on conflict do nothing returning id
truncate u
