-- Times with zones and intervals, refused.
select extract(day from timetz '10:20+01');
select extract(fortnight from timetz '10:20+01');
select interval '2147483648 months';
select interval '-2147483648 years';
select interval '0.1 yrs 2147483647 months';
select parse_ident('foo.boo[]');
select parse_ident('1020');
select to_timestamp('nan'::float8);
