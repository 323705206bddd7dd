select d + 1, d - 1, d - d, d + interval '1 month 2 days', ts - interval '90 minutes' from t
=> SELECT CAST(DATEADD('dd', (1), d) AS DATE), CAST(DATEADD('dd', -(1), d) AS DATE), DATEDIFF('dd', d, d), DATEADD('dd', 2, DATEADD('mm', 1, CAST(d AS TIMESTAMP))), DATEADD('ss', -5400, ts) FROM SQLUser.t

select extract(year from d), extract(dow from d), extract(epoch from ts), date_part('hour', ts) from t
=> SELECT DATEPART('yyyy', d), MOD(DATEDIFF('dd', CAST('1899-12-31' AS DATE), d), 7), UNIX_TIMESTAMP(ts), DATEPART('hh', ts) FROM SQLUser.t

select date_trunc('month', ts), date_trunc('week', ts) from t
=> SELECT CAST(TO_CHAR(ts, 'YYYY-MM-01 00:00:00') AS TIMESTAMP), DATEADD('dd', -MOD(DATEDIFF('dd', CAST('1900-01-01' AS DATE), ts), 7), CAST(TO_CHAR(ts, 'YYYY-MM-DD 00:00:00') AS TIMESTAMP)) FROM SQLUser.t

select to_char(ts, 'YYYY-MM-DD HH24:MI') from t
=> SELECT TO_CHAR(ts, 'YYYY-MM-DD HH24:MI') FROM SQLUser.t

select to_char(ts, 'Day') from t
=> SELECT ts FROM SQLUser.t
=* to_char(column 1, $1)

select ts - ts from t
=> SELECT ts FROM SQLUser.t
=* (column 1 - column 1)

select a from t where d > '2020-01-01' and tz < $1
=> SELECT a FROM SQLUser.t WHERE d > ? AND tz < ?

select a from t where d < ts
=> SELECT a FROM SQLUser.t WHERE CAST(d AS TIMESTAMP) < ts

select now()::date, a from t
=+ cast($1 as date)
=> SELECT ?, a FROM SQLUser.t

select ts at time zone 'UTC', tz at time zone 'Europe/Berlin' from t
=> SELECT ts, tz FROM SQLUser.t
=* timezone($1, column 1)
=* timezone($2, column 2)
