insert into t (id, a, b) values (1, 2, 'x')
=> INSERT INTO SQLUser.t (id, a, b) VALUES (?, ?, ?)

insert into t (id, a) values (1, 1.6), (2, 3)
=+ cast($2 as integer)
=> INSERT INTO SQLUser.t (id, a) VALUES (?, ?)

insert into t default values
=> INSERT INTO SQLUser.t DEFAULT VALUES

insert into t (id, a) values (1, default)
=> INSERT INTO SQLUser.t (id) VALUES (?)

insert into t (id, b) values (1, 'x') returning *
=> INSERT INTO SQLUser.t (id, b) VALUES (?, ?)
=> SELECT id, a, s2, i8, n, f, r, b, vc, ok, d, tm, ts, tz, u, j, "by" FROM SQLUser.t WHERE %ID = ?

insert into u (t_id, name) values (1, 'x'), (2, 'y') returning id
=> INSERT INTO SQLUser.u (t_id, name) VALUES (?, ?)
=> SELECT id FROM SQLUser.u WHERE %ID IN (?, ?) ORDER BY CASE %ID WHEN ? THEN 1 WHEN ? THEN 2 END ASC

insert into t (id, a) select id, t_id from u where name = 'x'
=> INSERT INTO SQLUser.t (id, a) SELECT id, t_id FROM SQLUser.u WHERE name = ?

insert into t (id, a) values (1, (select max(id) from u))
=> INSERT INTO SQLUser.t (id, a) SELECT ?, (SELECT MAX(id) FROM SQLUser.u)

insert into u (id, name) values (1, 'x') on conflict (id) do nothing
=> INSERT INTO SQLUser.u (id, name) SELECT ?, ? WHERE NOT EXISTS(SELECT 1 FROM SQLUser.u AS u WHERE u.id = ?)

insert into u (id, name) values (1, 'x') on conflict (id) do update set name = excluded.name || 'y'
=+ (cast($2 as text) || $3)
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.id = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.id = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)

insert into u (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name returning id
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.id = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.id = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)
=> SELECT id FROM SQLUser.u AS u WHERE u.id = ?

insert into u (id, name) values (1, 'x') on conflict (name) do nothing
=! 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification

update t set a = a + 1, b = default where id = 5
=> UPDATE SQLUser.t SET a = a + ?, b = NULL WHERE id = ?

update t x set b = lower(x.b) where x.ok
=> UPDATE SQLUser.t AS x SET b = LOWER(x.b) WHERE x.ok = 1

update t set a = 1 where id = $1 returning a
=> UPDATE SQLUser.t SET a = ? WHERE id = ?
=> SELECT a FROM SQLUser.t WHERE id = ?

update t set a = 1 where b = 'x' returning a
=> SELECT t.%ID FROM SQLUser.t WHERE b = ?
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID FROM SQLUser.t WHERE t.%ID %INLIST ? AND (b = ?)
=> UPDATE SQLUser.t SET a = ? WHERE t.%ID %INLIST ? AND (b = ?)
=> SELECT a FROM SQLUser.t WHERE t.%ID %INLIST ? ORDER BY t.%ID

insert into u (t_id, name) select id, b from t returning id
=> SELECT id, b FROM SQLUser.t
=> INSERT INTO SQLUser.u (t_id, name) VALUES (?, ?)
=> SELECT id FROM SQLUser.u WHERE u.%ID %INLIST ? ORDER BY u.%ID

update t set a = u.t_id from u where u.id = t.id
=> UPDATE SQLUser.t SET a = u.t_id FROM SQLUser.u WHERE u.id = t.id

delete from t where id = 5
=> DELETE FROM SQLUser.t WHERE id = ?

delete from t using u where u.id = t.id
=> DELETE FROM SQLUser.t WHERE EXISTS(SELECT 1 FROM SQLUser.u WHERE u.id = t.id)

delete from t where id = 5 returning *
=> UPDATE SQLUser.t SET a = a WHERE id = ?
=> SELECT id, a, s2, i8, n, f, r, b, vc, ok, d, tm, ts, tz, u, j, "by" FROM SQLUser.t WHERE id = ?
=> DELETE FROM SQLUser.t WHERE id = ?

truncate t, u
=> DELETE FROM SQLUser.t
=> DELETE FROM SQLUser.u

truncate t cascade
=> DELETE FROM SQLUser.t

insert into u (id, name) values (1, 'x'), (2, 'y') on conflict (id) do update set name = excluded.name where u.t_id > 3
=> SELECT u.%ID FROM SQLUser.u AS u WHERE u.id = ?
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.%ID = ? AND (u.t_id > ?)
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)

insert into u (id, name) select id, b from t on conflict (id) do update set name = excluded.name returning id
=> SELECT id, b FROM SQLUser.t
=> SELECT u.%ID FROM SQLUser.u AS u WHERE u.id = ?
=> UPDATE SQLUser.u AS u SET name = ? WHERE u.%ID = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)
=> SELECT id FROM SQLUser.u AS u WHERE u.%ID = ?

insert into u (id, name) select id, b from t on conflict do nothing
=> SELECT id, b FROM SQLUser.t
=> SELECT u.%ID FROM SQLUser.u AS u WHERE u.id = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)

insert into u (id, name) values (1, 'x') on conflict on constraint u_nokey do nothing
=! 42704 constraint "u_nokey" for table "u" does not exist

update t set b = md5(b), a = default where b ~ 'x'
=> SELECT t.%ID, b FROM SQLUser.t
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID, b FROM SQLUser.t WHERE t.%ID %INLIST ?
=> SELECT t.%ID, b FROM SQLUser.t WHERE t.%ID %INLIST ?
=> UPDATE SQLUser.t SET b = ?, a = NULL WHERE t.%ID = ?

update t set a = x.id from (select id, t_id from u) x where x.t_id = t.id
=> SELECT t.%ID FROM SQLUser.t, (SELECT id, t_id FROM SQLUser.u) AS x WHERE x.t_id = t.id
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID FROM SQLUser.t, (SELECT id, t_id FROM SQLUser.u) AS x WHERE t.%ID %INLIST ? AND (x.t_id = t.id)
=> SELECT t.%ID, x.id FROM SQLUser.t, (SELECT id, t_id FROM SQLUser.u) AS x WHERE t.%ID %INLIST ? AND (x.t_id = t.id)
=> UPDATE SQLUser.t SET a = ? WHERE t.%ID = ?

delete from t using u where u.t_id = t.id returning t.id, u.name
=> SELECT t.%ID FROM SQLUser.t, SQLUser.u WHERE u.t_id = t.id
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID FROM SQLUser.t, SQLUser.u WHERE t.%ID %INLIST ? AND (u.t_id = t.id)
=> SELECT t.%ID, u.name FROM SQLUser.t, SQLUser.u WHERE t.%ID %INLIST ? AND (u.t_id = t.id)
=> SELECT t.id, CAST(? AS VARCHAR(3641144)) FROM SQLUser.t WHERE t.%ID = ?
=> DELETE FROM SQLUser.t WHERE t.%ID = ?

insert into u (id, name) select * from unnest($1::int[], $2::text[])
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)

with a as (select id from u) insert into t (id) select id + 1 from a
=> INSERT INTO SQLUser.t (id) SELECT id + 1 FROM (SELECT id FROM SQLUser.u) AS a

merge into u using t on u.id = t.id when matched and t.a < 0 then delete when matched then update set name = t.b when not matched then insert (id, name) values (t.id, t.b)
=> SELECT u.%ID FROM SQLUser.u, SQLUser.t WHERE (u.id = t.id)
=> UPDATE SQLUser.u SET t_id = t_id WHERE u.%ID %INLIST ?
=> SELECT u.%ID FROM SQLUser.u, SQLUser.t WHERE u.%ID %INLIST ? AND ((u.id = t.id))
=> SELECT u.%ID FROM SQLUser.u, SQLUser.t WHERE u.%ID %INLIST ? AND ((u.id = t.id) AND (t.a < 0))
=> SELECT u.%ID, t.b FROM SQLUser.u, SQLUser.t WHERE u.%ID %INLIST ? AND ((u.id = t.id) AND NOT (CASE WHEN (CASE WHEN t.a < 0 THEN 1 WHEN NOT (t.a < 0) THEN 0 ELSE NULL END) = 1 THEN 1 ELSE 0 END = 1))
=> SELECT t.id, t.b FROM SQLUser.t WHERE NOT EXISTS(SELECT 1 FROM SQLUser.u WHERE (u.id = t.id))
=> DELETE FROM SQLUser.u WHERE u.%ID = ?
=> UPDATE SQLUser.u SET name = ? WHERE u.%ID = ?
=> INSERT INTO SQLUser.u (id, name) VALUES (?, ?)

merge into u using t on u.id = t.id when not matched by source then delete
=! 0A000 WHEN NOT MATCHED BY SOURCE is not supported

with x as (insert into u (t_id, name) values (1, 'x') on conflict (id) do nothing returning id) select id from x union all select id from u where name = 'x'
=> INSERT INTO SQLUser.u (t_id, name) VALUES (?, ?)
=> SELECT id FROM (SELECT id FROM SQLUser.u WHERE u.%ID %INLIST ?) AS x UNION ALL SELECT id FROM (SELECT id, t_id, name FROM SQLUser.u WHERE NOT (u.%ID %INLIST ?)) AS u WHERE name = ?

with x as (delete from u where t_id = 1 returning id, name) insert into t (id, b) select id, name from x
=> SELECT u.%ID FROM SQLUser.u WHERE t_id = ?
=> UPDATE SQLUser.u SET t_id = t_id WHERE u.%ID %INLIST ?
=> SELECT u.%ID FROM SQLUser.u WHERE u.%ID %INLIST ? AND (t_id = ?)
=> INSERT INTO SQLUser.t (id, b) SELECT id, name FROM (SELECT id, name FROM SQLUser.u WHERE u.%ID %INLIST ?) AS x
=> DELETE FROM SQLUser.u WHERE u.%ID %INLIST ?

with x as (update u set name = 'x' returning id) select name from u
=! 0A000 reading "u", which another part of the WITH updates, is not supported

with x as (update u set name = 'x' returning id), y as (delete from u where id = 1) select 1
=! 0A000 changing "u" in several parts of a WITH is not supported

insert into t (id, j) values (1, '{}') on conflict (id) do update set j = t.j || excluded.j where t.b ~ 'x'
=> UPDATE SQLUser.t AS t SET a = a WHERE t.id = ?
=> SELECT t.%ID, t.j, t.b FROM SQLUser.t AS t WHERE t.id = ?
=> UPDATE SQLUser.t AS t SET j = ? WHERE t.%ID = ? AND CAST(? AS INTEGER) = 1
=> INSERT INTO SQLUser.t (id, j) VALUES (?, ?)
