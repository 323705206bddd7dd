-- Functions of text, of constants.
SELECT length('a b  '), char_length('héllo'), octet_length('héllo'), bit_length('abc');
SELECT upper('aé'), lower('ÀB'), initcap('hello wORLD foo-bar o''neil');
SELECT left('abcde', 2), left('abcde', -2), right('abcde', 2), right('abcde', -2), left('abc', 0), right('abc', 0), left('', 3), right('abc', -5);
SELECT substring('abcdef', 2), substring('abcdef', -1, 4), substring('abcdef' from 2 for 3), substr('abcdef', 0), substr('abc', 5);
SELECT position('c' in 'abcd'), position('x' in 'abcd'), strpos('abcd', 'cd'), strpos('abcd', '');
SELECT trim('  x  '), trim(both 'x' from 'xxaxx'), trim(leading 'x' from 'xxaxx'), trim(trailing from 'a  '), btrim('xyaxy', 'xy'), ltrim('  a'), rtrim('a  ');
SELECT lpad('7', 3, '0'), rpad('7', 3), lpad('abcdef', 3), lpad('a', 5, 'xyz'), rpad('a', 5, ''), lpad('a', -1);
SELECT replace('aXbX', 'X', '--'), replace('abc', '', 'x'), translate('12345', '143', 'ax'), reverse('abc'), repeat('ab', 3), repeat('a', -1);
SELECT split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), split_part('a,b,c', ',', 9), split_part('abc', '', 1);
SELECT concat('a', NULL, 1, true, 1.50), concat_ws(', ', 'a', NULL, 'b', 2), concat_ws(NULL, 'a');
SELECT overlay('abcdef' placing 'XX' from 2), overlay('abcdef' placing 'XX' from 2 for 4), overlay('abc' placing 'Z' from 3 for 0);
SELECT ascii('A'), ascii(''), ascii('é'), chr(65), chr(8364);
SELECT md5('abc'), md5(''), sha256('abc'::bytea), encode(sha256('abc'), 'hex');
SELECT encode('abc'::bytea, 'base64'), encode('\x00ff'::bytea, 'hex'), encode('\x0061ff5c'::bytea, 'escape'), decode('YWJj', 'base64'), decode('616263', 'hex');
SELECT format('%s is %I and %L', 'a', 'b c', 'd''e'), format('%2$s %1$s', 'a', 'b'), format('%%'), format('|%10s|%-10s|', 'x', 'y'), format('%s', NULL), format('%L', NULL);
SELECT quote_ident('abc'), quote_ident('A b'), quote_ident('select'), quote_literal('it''s'), quote_literal('a\b'), quote_nullable(NULL);
SELECT starts_with('abc', 'ab'), 'abc' ^@ 'b', to_hex(255), to_hex(-1);
SELECT 'a' || 'b', 'a' || 1, 1 || 'b', 'a' || NULL, 'a' || true, 'x' || 1.50;
SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'abc' NOT LIKE 'b%', 'ABC' ILIKE 'a%', 'a%c' LIKE 'a\%c', 'a_c' LIKE 'a!_c' ESCAPE '!', 'a\c' LIKE 'a\c' ESCAPE '';
SELECT 'abc' ~ '^a.c$', 'ABC' ~* 'abc', 'abc' !~ 'x', 'ABC' !~* 'b', 'foo123' ~ '[0-9]+', 'a.b' ~ 'a\.b';
SELECT regexp_replace('foobarbaz', 'b..', 'X'), regexp_replace('foobarbaz', 'b..', 'X', 'g'), regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g'), regexp_replace('ABC', 'b', 'x', 'i');
SELECT regexp_match('foobarbequebaz', '(bar)(beque)'), regexp_match('abc', 'b'), regexp_match('abc', 'x'), regexp_split_to_array('a1b22c', '\d+');
SELECT substring('foobar' from 'o.b'), substring('foobar' from 'o(.)b'), substring('foo' from 'x');
SELECT 'abc' SIMILAR TO 'abc', 'abc' SIMILAR TO 'a', 'abc' SIMILAR TO '%(b|d)%', 'abc' SIMILAR TO '(b|c)%', 'abc' NOT SIMILAR TO 'x%';
SELECT string_to_array('a,b,c', ','), string_to_array('abc', NULL), string_to_array('', ','), string_to_array('a,,b', ',', ''), array_to_string(ARRAY[1, NULL, 3], ','), array_to_string(ARRAY[1, NULL, 3], ',', '*');
SELECT 'x'::char(3) || 'y', length('x'::char(5)), 'abc'::varchar(2), 'abc'::char(2), 'a '::char(3) = 'a';
SELECT 'a' < 'b', 'a' = 'A', 'abc' BETWEEN 'abb' AND 'abd', 'b' IN ('a', 'b'), 'x' NOT IN ('a');
SELECT greatest('a', 'c', 'b'), least('b', NULL, 'a'), coalesce(NULL, 'x'), nullif('a', 'b'), nullif('a', 'a');
SELECT E'a\tb\\c\u00e9', U&'d\0061t', $$it's$$, 'it''s';
SELECT upper($1), length($2), $3 || 'x'; -- with: abc | hello | y
SELECT lower($1) = $2, $3::text LIKE $4; -- with: ABC | abc | hello | h%
SELECT substring($1, $2, $3), left($1, 2); -- with: hello | 2 | 3
SELECT regexp_replace($1, '[^0-9]', '', 'g'), $1 ~ $2; -- with: +49 (30) 12 | ^\+
SELECT format('%s-%s', $1::text, $2::int); -- with: a | 7
