-- Arrays of arrays, slices, documents put together.
select ('{{1,2,3},{4,5,6},{7,8,9}}'::int[])[1:2][2], ('{{1,2,3},{4,5,6},{7,8,9}}'::int[])[2:][2:3], ('{{1,2,3},{4,5,6}}'::int[])[1:1][5:6], ('{1,2}'::int[])[1:2][1:1], ('{{1,2,3},{4,5,6}}'::int[])[2:2];
select '["c"]' || '["a", "b"]'::jsonb, '{"a":1}' || '"a"'::jsonb;
select * from jsonb_each('{"a":{"b":"c","c":"b","1":"first"},"b":[1,2]}');
select * from jsonb_each_text('{"a":{"b":"c","c":"b","1":"first"},"b":[1,2]}') q;
select array[1.1] || array[2,3];
select '[]'::jsonb #- '{a}', '{}'::jsonb #- '{a,b}', '[1]'::jsonb #- '{0}', '{"a":1}'::jsonb #- '{a,b}';
select array_agg(ar) from (values ('{1,2}'::int[]), ('{3,4}'::int[])) v(ar);
select array_agg(array[i::text, 'a']) from generate_series(1,3) g(i);
select array_agg(array[id, id+1]) from (select 1 as id union all select 2) s;
SELECT '2011-03-27 02:00:00 MSK'::timestamptz, '2014-10-25 22:00:00 UTC'::timestamptz AT TIME ZONE 'MSK', '2014-10-25 21:30:00 UTC'::timestamptz AT TIME ZONE 'MSK', '2014-10-26 01:30:00 MSK'::timestamptz;
