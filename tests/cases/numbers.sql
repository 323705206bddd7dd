select a / 2, i8 / a, n / 2, a % 2, a ^ 2 from t
=> SELECT (a \ 2), (i8 \ a), n, MOD(a, 2), POWER(a, 2) FROM SQLUser.t
=* column 1
=* column 2
=* (column 3 / cast($1 as numeric))
=* column 4
=* column 5

select -a, a - -1, -2 ^ 2 from t
=+ (cast($1 as double precision) ^ cast($2 as double precision))
=> SELECT -a, a - -1, ? FROM SQLUser.t

select round(f), round(n, 1), ceil(n), trunc(n), mod(a, 3) from t
=> SELECT CASE WHEN ABS(f - {fn TRUNCATE(f, 0)}) = .5 THEN 2 * ROUND(f / 2, 0) ELSE ROUND(f, 0) END, ROUND(n, 1), CEILING(n), {fn TRUNCATE(n, 0)}, MOD(a, 3) FROM SQLUser.t

select round(var_pop(a), 2), trunc(stddev(n), 3) from t
=> SELECT SUM(a), COUNT(a), SUM((a) * (a)), SUM(n), COUNT(n), SUM((n) * (n)) FROM SQLUser.t
=* round(var_pop(cast(column 1 as numeric), column 3, column 2), $1)
=* trunc(stddev(column 4, column 6, column 5), $2)
