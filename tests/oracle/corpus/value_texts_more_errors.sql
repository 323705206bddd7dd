-- Regular expressions with escapes, "char", rows of strings, numbers of single precision, refused.
select 'abcdefg' similar to '_bcd#%' escape '##';
select 'foo'::text = any((select array['abc','def','foo']::text[])::text[]), 'foo'::text = any((select array['abc','def']));
select 33 * any ('{1,2,3}');
select 33 = any (44);
select 'xx' ~ '\xx';
select 'xyz' ~ 'x(\w)(?=\1)';
select regexp_instr('abc', 'b', 0);
select regexp_instr('abc', 'b', 1, 0);
select regexp_instr('abc', 'b', 1, 1, 2);
select regexp_substr('abc', 'b', 1, 1, 'g');
select regexp_substr('abc', 'b', 1, 1, '', -1);
