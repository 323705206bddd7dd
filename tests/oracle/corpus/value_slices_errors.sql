-- Arrays of arrays, slices, documents put together, refused.
select json_build_object(array[1], 2);
select json_build_object(json '{}', 2);
select jsonb_build_object('{1,2,3}'::int[], 3);
select '"a"'::jsonb #- '{a}';
select array_agg('{}'::int[]) from generate_series(1,2);
select array_agg(null::int[]) from generate_series(1,2);
select array_agg(x) from (values ('{1,2}'::int[]), ('{3}'::int[])) v(x);
