insert into stock values (1, 2, 'A', null)
=> INSERT INTO SQLUser.stock (id, n, code, note) VALUES (?, ?, ?, NULL)
=> SELECT code, n, id, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ?
=* case(not((cast(column 1 as text) ~ $4)), $5, not((column 2 < column 3)), $6, not(or((column 2 > $7), is null(column 2))), $8, NULL)
=? and(not(and(and((cast(column 1 as text) ~ $9), (column 2 < column 3)), or((column 2 > $10), is null(column 2)))))

insert into stock (id, n) values (1, 2), (3, 4)
=> INSERT INTO SQLUser.stock (id, n) VALUES (?, ?)
=> SELECT code, n, id, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ?
=* case(not((cast(column 1 as text) ~ $5)), $6, not((column 2 < column 3)), $7, not(or((column 2 > $8), is null(column 2))), $9, NULL)
=? and(not(and(and((cast(column 1 as text) ~ $10), (column 2 < column 3)), or((column 2 > $11), is null(column 2)))))

insert into stock (id, n) select id, t_id from u
=> SELECT id, t_id FROM SQLUser.u
=> INSERT INTO SQLUser.stock (id, n) VALUES (?, ?)
=> SELECT code, n, id, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ?
=* case(not((cast(column 1 as text) ~ $1)), $2, not((column 2 < column 3)), $3, not(or((column 2 > $4), is null(column 2))), $5, NULL)
=? and(not(and(and((cast(column 1 as text) ~ $6), (column 2 < column 3)), or((column 2 > $7), is null(column 2)))))

update stock set n = 5 where id = 1
=> UPDATE SQLUser.stock SET n = ? WHERE id = ?
=> SELECT CASE WHEN NOT (n < id) THEN 'stock_check' WHEN NOT (n > 0 OR n IS NULL) THEN 'stock_n_check' END, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE id = ? AND (NOT ((n < id) AND (n > 0 OR n IS NULL)))

update stock set n = n + 1 where note = 'x'
=> SELECT stock.%ID FROM SQLUser.stock WHERE note = ?
=> UPDATE SQLUser.stock SET n = n WHERE stock.%ID %INLIST ?
=> SELECT stock.%ID FROM SQLUser.stock WHERE stock.%ID %INLIST ? AND (note = ?)
=> UPDATE SQLUser.stock SET n = n + ? WHERE stock.%ID %INLIST ? AND (note = ?)
=> SELECT CASE WHEN NOT (n < id) THEN 'stock_check' WHEN NOT (n > 0 OR n IS NULL) THEN 'stock_n_check' END, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ? AND (NOT ((n < id) AND (n > 0 OR n IS NULL)))

update stock set note = 'x'
=> UPDATE SQLUser.stock SET note = ?

update stock set code = 'x' where id in (1, 2) returning id
=> UPDATE SQLUser.stock SET code = ? WHERE id IN (?, ?)
=> SELECT code, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE id IN (?, ?)
=* case(not((cast(column 1 as text) ~ $4)), $5, NULL)
=? and(not((cast(column 1 as text) ~ $6)))
=> SELECT id FROM SQLUser.stock WHERE id IN (?, ?)

insert into stock (id, n) values (1, 2) on conflict (id) do update set n = 3
=> SELECT stock.%ID FROM SQLUser.stock AS stock WHERE stock.id = ?
=> UPDATE SQLUser.stock AS stock SET n = ? WHERE stock.%ID = ?
=> INSERT INTO SQLUser.stock (id, n) VALUES (?, ?)
=> SELECT code, n, id, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ?
=* case(not((cast(column 1 as text) ~ $4)), $5, not((column 2 < column 3)), $6, not(or((column 2 > $7), is null(column 2))), $8, NULL)
=? and(not(and(and((cast(column 1 as text) ~ $9), (column 2 < column 3)), or((column 2 > $10), is null(column 2)))))

delete from stock where n = 1
=> DELETE FROM SQLUser.stock WHERE n = ?

update shelf set n = 1
=! 0A000 changing rows through view "shelf" is not supported

alter table stock rename column n to amount
=> ALTER TABLE SQLUser.stock ALTER COLUMN n RENAME amount
=; set_check ('SQLUser', 'stock', 'stock_check', 'amount < id', ['amount', 'id'], True, '')
=; set_check ('SQLUser', 'stock', 'stock_n_check', 'amount > 0 OR amount IS NULL', ['amount'], True, '')

alter table stock drop constraint capitals
=; drop_check ('SQLUser', 'stock', 'capitals')

alter table stock drop constraint if exists nothing
=. NOTHING
=~ NOTICE constraint "nothing" of relation "stock" does not exist, skipping

alter table stock validate constraint capitals
=. NOTHING

alter table stock rename constraint capitals to letters
=; set_check ('SQLUser', 'stock', 'letters', "code ~ '^[A-Z]+$'", ['code'], True, 'capitals')

create table other (like stock including constraints)
=> CREATE TABLE SQLUser.other (id INTEGER NOT NULL, n INTEGER, code VARCHAR(10) COLLATE EXACT, note VARCHAR(10) COLLATE EXACT)
=; set_check ('SQLUser', 'other', 'capitals', "code ~ '^[A-Z]+$'", ['code'], True, '')
=; set_check ('SQLUser', 'other', 'stock_check', 'n < id', ['n', 'id'], True, '')
=; set_check ('SQLUser', 'other', 'stock_n_check', 'n > 0 OR n IS NULL', ['n'], True, '')

create table other (a int check (a > (select 1)))
=! 0A000 cannot use subquery in check constraint

create table other (a int check (sum(a) > 1))
=! 42803 aggregate functions are not allowed in check constraints

create table other (a int check (a + 1))
=! 42804 argument of CHECK must be type boolean, not type integer

create table other (a int check (b > 1))
=! 42703 column "b" does not exist

insert or update stock (id, n) values (1, 2)
=! 0A000 changing table "stock", which has CHECK constraints, by IRIS SQL is not supported

insert %nocheck into SQLUser.stock (id, n) values (1, 2)
=! 0A000 changing table "stock", which has CHECK constraints, by IRIS SQL is not supported

update shelf set %id = 1
=! 0A000 changing rows through view "shelf" is not supported

create table other (a longvarbinary, b int check (b > 1))
=! 0A000 CHECK in a definition that only IRIS knows is not supported

alter table stock alter column n type bigint
=> SELECT CASE WHEN NOT ((n) < id) THEN 'stock_check' END, stock.%ID FROM SQLUser.stock WHERE NOT (((n) < id))
=> SELECT CASE WHEN NOT ((n) > 0 OR (n) IS NULL) THEN 'stock_n_check' END, stock.%ID FROM SQLUser.stock WHERE NOT (((n) > 0 OR (n) IS NULL))
=> ALTER TABLE SQLUser.stock ALTER COLUMN n BIGINT

merge into stock using u on u.id = stock.id when matched then update set n = 1
=> SELECT stock.%ID FROM SQLUser.stock, SQLUser.u WHERE (u.id = stock.id)
=> UPDATE SQLUser.stock SET n = n WHERE stock.%ID %INLIST ?
=> SELECT stock.%ID FROM SQLUser.stock, SQLUser.u WHERE stock.%ID %INLIST ? AND ((u.id = stock.id))
=> SELECT stock.%ID, 1 FROM SQLUser.stock, SQLUser.u WHERE stock.%ID %INLIST ? AND ((u.id = stock.id))
=> UPDATE SQLUser.stock SET n = ? WHERE stock.%ID = ?
=> SELECT code, n, id, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ?
=* case(not((cast(column 1 as text) ~ $1)), $2, not((column 2 < column 3)), $3, not(or((column 2 > $4), is null(column 2))), $5, NULL)
=? and(not(and(and((cast(column 1 as text) ~ $6), (column 2 < column 3)), or((column 2 > $7), is null(column 2)))))

with x as (update stock set n = 1 where id = 2 returning id) select * from x
=> SELECT stock.%ID FROM SQLUser.stock WHERE id = ?
=> UPDATE SQLUser.stock SET n = n WHERE stock.%ID %INLIST ?
=> SELECT stock.%ID FROM SQLUser.stock WHERE stock.%ID %INLIST ? AND (id = ?)
=> UPDATE SQLUser.stock SET n = ? WHERE stock.%ID %INLIST ? AND (id = ?)
=> SELECT CASE WHEN NOT (n < id) THEN 'stock_check' WHEN NOT (n > 0 OR n IS NULL) THEN 'stock_n_check' END, stock.%ID, id, n, code, note FROM SQLUser.stock WHERE stock.%ID %INLIST ? AND (NOT ((n < id) AND (n > 0 OR n IS NULL)))
=> SELECT id FROM (SELECT id FROM SQLUser.stock WHERE stock.%ID %INLIST ?) AS x
