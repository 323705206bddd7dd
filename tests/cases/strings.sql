select length(b), b || vc, a || b, concat(a, b), lower(b) from t
=> SELECT CHAR_LENGTH(b), b || vc, CAST(a AS VARCHAR(20)) || b, (COALESCE(CAST(a AS VARCHAR(20)), '') || COALESCE(b, '')), LOWER(b) FROM SQLUser.t

select substr(b, 2), substr(b, 0, 2), substring(b from 2 for 3), left(b, 2), right(b, -1), left(b, $1) from t
=> SELECT SUBSTRING(b, 2), SUBSTRING(b, 1, 1), SUBSTRING(b, 2, 3), SUBSTRING(b, 1, 2), SUBSTRING(b, 2), SUBSTRING(b, 1, CASE WHEN ? IS NULL THEN NULL WHEN ? >= 0 THEN ? WHEN CHAR_LENGTH(b) + ? > 0 THEN CHAR_LENGTH(b) + ? ELSE 0 END) FROM SQLUser.t

select position('x' in b), strpos(b, 'x'), split_part(b, ',', 2), replace(b, 'a', 'b'), reverse(b), repeat(b, 2) from t
=> SELECT CHARINDEX('x', b), CHARINDEX('x', b), COALESCE($PIECE(b, ',', 2), CASE WHEN b IS NULL THEN NULL ELSE '' END), REPLACE(b, 'a', 'b'), REVERSE(b), REPEAT(b, 2) FROM SQLUser.t

select trim(b), trim(both 'x' from b), ltrim(b, 'x'), rtrim(b), lpad(b, 5), overlay(b placing 'x' from 2 for 1) from t
=> SELECT TRIM(b), TRIM(BOTH 'x' FROM b), TRIM(LEADING 'x' FROM b), RTRIM(b), LPAD(b, 5), STUFF(b, 2, 1, 'x') FROM SQLUser.t

select b from t where b like 'a%'
=> SELECT b FROM SQLUser.t WHERE b LIKE ?

select b from t where b like 'a\_%'
=> SELECT b FROM SQLUser.t WHERE b LIKE ? ESCAPE '\'

select b from t where b like $1
=> SELECT b FROM SQLUser.t WHERE b LIKE ? ESCAPE '\'

select b from t where b ilike 'a%'
=> SELECT b FROM SQLUser.t WHERE UPPER(b) LIKE UPPER('a%')

select b from t where b like 'a!_' escape '!'
=> SELECT b FROM SQLUser.t WHERE b LIKE ? ESCAPE '!'

select string_agg(b, ',') from t
=> SELECT LIST(b) FROM SQLUser.t

select string_agg(b, ';') from t
=> SELECT CAST(JSON_ARRAYAGG(JSON_ARRAY(b NULL ON NULL)) AS {TEXT}) FROM SQLUser.t
=* gathered(column 1, '{"name":"string_agg","values":1,"order":[],"distinct":false,"filtered":false}', cell 1, $1)

select b ~ 'x' from t
=> SELECT b FROM SQLUser.t
=* (column 1 ~ $1)
