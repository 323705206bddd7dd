-- Casts to real.
create table oracle_singles (id int primary key, g real, h bigint, n numeric(10,3));
insert into oracle_singles values (1, 0.1, 4567890123456789, 1.234), (2, 1e20, 1, 2.5);
select h::float4, h::float8, g::float8, g, id::float4 / 3, cast(h as real) * 2, n::real from oracle_singles order by id;
select id from oracle_singles where h::real > 100 order by id;
select sum(n::real), avg(n::real), max(h::real) from oracle_singles;
select n::real as x, count(*) from oracle_singles group by 1 order by 1;
select id from oracle_singles order by n::real desc;
select avg(g), sum(g) from oracle_singles where id = 1;
insert into oracle_singles select id + 10, n::real, h, n from oracle_singles;
select id, g from oracle_singles order by id;
update oracle_singles set g = n::real * 2 where id = 1;
select id, g, g = 2.468::real from oracle_singles where id = 1;
