-- Regular expressions with escapes, "char", rows of strings, numbers of single precision.
select x::float4, x::float8 from (values (4567890123456789::int8), (16777217)) v(x);
select timestamp(2) '2020-01-01 00:00:00.1299', '2020-01-01 00:00:00.1299'::timestamp(1), time(0) '10:00:00.5', timestamptz(1) '2020-01-01 00:00:00.1299Z';
select 'abcdefg' similar to '_bcd\%', 'abcd%' similar to '_bcd\%', 'a' similar to '\', 'abcd%' similar to '_bcd#%' escape '#', 'abcd' similar to '(ab|cd)+', 'abcdefg' similar to 'bcd%';
select '\101'::"char", '\377'::"char", '\000'::"char", 'ab'::"char", '\'::"char", ''::"char";
select v, v is null as n from string_to_table('1|2|3', null) g(v);
select v from string_to_table('abc', '', 'abc') g(v);
select v, v is null as n from string_to_table('1,2,,*,6', ',', '*') g(v);
select unnest('11 22 33'::int2vector);
select unnest('11 22 33'::oidvector);
select parse_ident(' first . "  second  "')::name[];
select parse_ident('a.' || repeat('x', 70))::name[];
select jsonb_path_query('[null, 1, "a\b", "a\\b", "^a\\b$"]', 'lax $[*] ? (@ like_regex "a\\b" flag "")');
select jsonb_path_query('[null, 1, "a\b", "a\\b", "^a\\b$"]', 'lax $[*] ? (@ like_regex "^a\\b$" flag "")');
select regexp_substr('one two three', '\w+', 1, 2), regexp_substr('one two three', '(\w)(\w+)', 5, 1, '', 2), regexp_substr('abc', 'x'), regexp_substr('ABC', 'b', 1, 1, 'i');
select regexp_instr('one two three', '\w+', 1, 2), regexp_instr('one two three', '\w+', 1, 2, 1), regexp_instr('one two three', '(\w)(\w+)', 1, 1, 0, '', 2), regexp_instr('abc', 'x', 2), regexp_count('abcabc', 'B', 1, 'i');
select 'a.b' ~ '\x2e', 'ab' ~ '\u0062', E'a\bc' ~ '\b', 'a\c' ~ '\B', 'x y' ~ '\my', 'tab	' ~ '\x09', 'a' ~ '[\x61]';
select 0.1::float4, 16777217::float4, 1234567.891::float4, 1e-10::float4, (1/3.0)::float4, 123456789::float4 + 1;
