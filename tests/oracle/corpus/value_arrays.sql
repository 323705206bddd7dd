-- Arrays, of constants and parameters.
SELECT ARRAY[1, 2, 3], ARRAY['a', 'b'], '{1,2}'::int[], '{a,"b c",NULL}'::text[], ARRAY[]::int[], ARRAY[1.5, 2], ARRAY[[1, 2], [3, 4]];
SELECT array_length(ARRAY[1, 2, 3], 1), array_length(ARRAY[1], 2), cardinality(ARRAY[[1, 2], [3, 4]]), array_upper(ARRAY[1, 2], 1), array_lower(ARRAY[1, 2], 1), array_ndims(ARRAY[[1]]), array_dims(ARRAY[1, 2]), array_length('{}'::int[], 1), cardinality('{}'::int[]);
SELECT ARRAY[1, 2] || 3, 0 || ARRAY[1, 2], ARRAY[1] || ARRAY[2, 3], ARRAY['a'] || 'b'::text, array_append(ARRAY[1], 2), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2]), NULL || ARRAY[1], ARRAY[1] || '{2,3}';
SELECT array_remove(ARRAY[1, 2, 1], 1), array_replace(ARRAY[1, 2], 2, 5), array_position(ARRAY['a', 'b'], 'b'), array_positions(ARRAY[1, 2, 1], 1), array_to_string(ARRAY['a', NULL, 'b'], ','), string_to_array('1,2,3', ',')::int[], trim_array(ARRAY[1, 2, 3], 1);
SELECT 1 = ANY(ARRAY[1, 2]), 3 = ANY('{1,2}'::int[]), 1 <> ALL(ARRAY[2, 3]), 5 > ALL(ARRAY[1, 2]), 5 < ANY(ARRAY[1, 9]), 1 = ANY(ARRAY[2, NULL]), NULL = ANY(ARRAY[1]), 'a' = ANY(ARRAY['a', 'b']);
SELECT ARRAY[1, 2, 3] @> ARRAY[1], ARRAY[1] <@ ARRAY[1, 2], ARRAY[1, 2] && ARRAY[2, 3], ARRAY['a'] @> '{a}', ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, 2] < ARRAY[1, 3], ARRAY[1] <> '{2}';
SELECT (ARRAY[10, 20, 30])[2], (ARRAY[10, 20])[5], (ARRAY[[1, 2], [3, 4]])[2][1], (ARRAY[1, 2, 3, 4])[2:3], ('{a,b}'::text[])[1], (string_to_array('a.b.c', '.'))[2];
SELECT ARRAY[1, 2]::text[], ARRAY['1', '2']::int[], ARRAY[1, 2]::text, '{1,2}'::text::int[], ARRAY[1.55, 2.345]::numeric(3,1)[];
SELECT $1::int[], $2::text[], array_length($1::int[], 1), 5 = ANY($1::int[]); -- with: {5,6} | {a,"b c"}
SELECT $1 = ANY('{1,2}'::int[]), $2::int = ANY($3); -- with: 1 | 5 | {5,6}
SELECT array_fill(0, ARRAY[3]), num_nulls(1, NULL), num_nonnulls(1, NULL);
