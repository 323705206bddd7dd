select top 5 a from t
=> select top 5 a from t

select %ID, a from t where b %STARTSWITH $1
=> select %ID, a from t where b %STARTSWITH ?

select {fn now()}
=> select {fn now()}

call p($1)
=> call p(?)

create table n (a longvarchar)
=> create table n (a longvarchar)

selec 1
=! 42601 syntax error at or near "selec"
