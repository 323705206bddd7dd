-- VALUES of numbers whose decimals are each row's own.
select v from (values (0.0::numeric), (1.50)) t(v);
select v, round(v), v + 1 from (values (0.0::numeric), (1.50), (2)) t(v);
select v from (values (0.0), (0.5)) t(v);
select v, v * 2 from (values (1.50), (2.00), (null)) t(v) order by v;
select max(v), sum(v), count(v) from (values (1.50), (2.0)) t(v);
select avg(v) from (values (1.50), (2.0)) t(v);
select w from (select v + 1 as w from (values (1.50), (2.0)) t(v)) s;
select v from (values (1.5), (2)) t(v) where v > 1.7;
select * from (values (1, 1.50), (2, 2)) t(a, b) order by a;
select b.x from (select 1.10 as x union all select 2) b order by 1;
select 1.10 union all select 2;
values (1.0), (2.50);
values (1.0), (2.5);
select sum(x) from (select 1.10 as x union all select 2) b;
with w(x) as (values (1.10), (2)) select x from w order by x;
select case when v > 1 then v else 0 end from (values (1.50), (2.0)) t(v);
