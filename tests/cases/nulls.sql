select coalesce(a, 0), nullif(a, 1), greatest(a, s2), least(a, 1), greatest(id, 1) from t
=> SELECT COALESCE(a, 0), NULLIF(a, 1), GREATEST(COALESCE(a, s2), COALESCE(s2, a)), LEAST(COALESCE(a, 1), COALESCE(1, a)), GREATEST(id, 1) FROM SQLUser.t

select a from t where a is distinct from 1
=> SELECT a FROM SQLUser.t WHERE (CASE WHEN a = 1 THEN 1 ELSE 0 END = 0)

delete from t where a is not distinct from b::text::int
=> SELECT t.%ID, a, b FROM SQLUser.t
=> UPDATE SQLUser.t SET a = a WHERE t.%ID %INLIST ?
=> SELECT t.%ID, a, b FROM SQLUser.t WHERE t.%ID %INLIST ?
=> DELETE FROM SQLUser.t WHERE t.%ID %INLIST ?

select a from t where a is not distinct from null
=> SELECT a FROM SQLUser.t WHERE a IS NULL
