select a from t where ok
=> SELECT a FROM SQLUser.t WHERE ok = 1

select a from t where not ok
=> SELECT a FROM SQLUser.t WHERE ok = 0

select a from t where ok = true and not (a > 1)
=> SELECT a FROM SQLUser.t WHERE ok = 1 AND NOT (a > ?)

select a from t where true
=> SELECT a FROM SQLUser.t WHERE 1 = 1

-- A condition shown as a value knows NULL.
select a > 1, a is null, not ok, exists (select 1 from u) from t
=> SELECT CASE WHEN a > 1 THEN 1 WHEN NOT (a > 1) THEN 0 ELSE NULL END, CASE WHEN a IS NULL THEN 1 ELSE 0 END, CASE WHEN ok = 0 THEN 1 WHEN NOT (ok = 0) THEN 0 ELSE NULL END, CASE WHEN EXISTS(SELECT 1 FROM SQLUser.u) THEN 1 ELSE 0 END FROM SQLUser.t

select a from t where ok is true
=> SELECT a FROM SQLUser.t WHERE ok = 1

select a from t where not (ok is true)
=> SELECT a FROM SQLUser.t WHERE NOT (CASE WHEN ok = 1 THEN 1 ELSE 0 END = 1)

select a from t where ok is not false
=> SELECT a FROM SQLUser.t WHERE NOT (CASE WHEN ok = 0 THEN 1 ELSE 0 END = 1)

select case when ok then 1 else 0 end from t
=> SELECT CASE WHEN ok = 1 THEN 1 ELSE 0 END FROM SQLUser.t

select a from t where (a > 1) = ok
=> SELECT a FROM SQLUser.t WHERE (CASE WHEN a > 1 THEN 1 WHEN NOT (a > 1) THEN 0 ELSE NULL END) = ok

update t set ok = a > 1
=> UPDATE SQLUser.t SET ok = CASE WHEN a > 1 THEN 1 WHEN NOT (a > 1) THEN 0 ELSE NULL END
