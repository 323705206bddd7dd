-- Predicates beyond SQL's own, each with what it finds.

CREATE TABLE Word (W VARCHAR(20), X VARCHAR(20) COLLATE EXACT, N NUMERIC(6,2), D DATE, T TIMESTAMP, J VARCHAR(50))

INSERT INTO Word (W, X, N, D, T, J) SELECT 'Apple', 'Apple', 1.5, '2020-01-31', '2020-01-31 10:00:00', '{"a":1}' UNION ALL SELECT 'apricot', 'apricot', 10, '2021-06-15', '2021-06-15 00:00:00', '[1,2]' UNION ALL SELECT 'Banana', 'Banana', 100.25, NULL, NULL, 'no' UNION ALL SELECT 'M', 'M', -3, '1999-12-31', '1999-12-31 23:59:59.5', NULL UNION ALL SELECT '10', '10', 0, '2000-02-29', NULL, '{' UNION ALL SELECT '9', '9', 9, '2000-03-01', NULL, ''

SELECT W FROM Word WHERE W %STARTSWITH 'ap' ORDER BY W
= [('Apple',), ('apricot',)]

SELECT X FROM Word WHERE X %STARTSWITH 'ap' ORDER BY X
= [('apricot',)]

SELECT W FROM Word WHERE %EXACT(W) %STARTSWITH 'A'
= [('Apple',)]

SELECT N FROM Word WHERE N %STARTSWITH 10 ORDER BY N
= [('10',), ('100.25',)]

SELECT W FROM Word WHERE D %STARTSWITH '581' ORDER BY D
= [('10',), ('9',)]

SELECT W FROM Word WHERE D LIKE '2000%'
= []

SELECT W FROM Word WHERE %ODBCOUT(D) LIKE '2000%' ORDER BY D
= [('10',), ('9',)]

SELECT W FROM Word WHERE %EXTERNAL(D) %STARTSWITH '2020-01'
= [('Apple',)]

SELECT W FROM Word WHERE D [ '581' ORDER BY D
= [('10',), ('9',)]

SELECT W FROM Word WHERE W %STARTSWITH ''  ORDER BY W
= [('10',), ('9',), ('Apple',), ('apricot',), ('Banana',), ('M',)]

SELECT COUNT(J) FROM Word WHERE J %STARTSWITH NULL
= [(5,)]

SELECT COUNT(*) FROM Word WHERE J %STARTSWITH ' '
= [(5,)]

SELECT COUNT(*) FROM Word WHERE %EXACT(J) %STARTSWITH ' '
= [(0,)]

SELECT W FROM Word WHERE W NOT %STARTSWITH 'a' AND W NOT %STARTSWITH '1' ORDER BY W
= [('9',), ('Banana',), ('M',)]

SELECT W FROM Word WHERE W [ 'an'
= [('Banana',)]

SELECT W FROM Word WHERE W [ 'AN'
= []

SELECT W FROM Word WHERE NOT W [ 'a' ORDER BY W
= [('10',), ('9',), ('Apple',), ('M',)]

SELECT X FROM Word WHERE X ] 'Banana' ORDER BY X
= [('apricot',), ('M',)]

SELECT X FROM Word WHERE '10' ] X
= [('9',)]

SELECT W FROM Word WHERE W %MATCHES 'A*'
= [('Apple',)]

SELECT W FROM Word WHERE W %MATCHES '?[pa]*' ORDER BY W
= [('Apple',), ('apricot',), ('Banana',)]

SELECT W FROM Word WHERE W %MATCHES '[a-b]*'
= [('apricot',)]

SELECT W FROM Word WHERE W %MATCHES '[~A-Z]*' ORDER BY W
= [('10',), ('9',), ('apricot',)]

SELECT W FROM Word WHERE W %PATTERN '1U.L' ORDER BY W
= [('Apple',), ('Banana',), ('M',)]

SELECT W FROM Word WHERE W %PATTERN '1.2N' ORDER BY W
= [('10',), ('9',)]

SELECT W FROM Word WHERE W NOT %PATTERN '.E1"n".E' ORDER BY W
= [('10',), ('9',), ('Apple',), ('apricot',), ('M',)]

SELECT W FROM Word WHERE W LIKE '%A%' ORDER BY W
= [('Apple',), ('apricot',), ('Banana',)]

SELECT X FROM Word WHERE X LIKE 'A_p%'
= [('Apple',)]

SELECT W FROM Word WHERE N LIKE '1%' ORDER BY N
= [('Apple',), ('apricot',), ('Banana',)]

SELECT W FROM Word WHERE '50%' LIKE '50!%' ESCAPE '!' AND N > 9.5 ORDER BY N
= [('apricot',), ('Banana',)]

SELECT W FROM Word WHERE W BETWEEN 'apple' AND 'banana' ORDER BY W
= [('Apple',), ('apricot',), ('Banana',)]

SELECT X FROM Word WHERE X BETWEEN '5' AND '9.5'
= [('9',)]

SELECT W FROM Word WHERE N NOT BETWEEN 0 AND 50 ORDER BY N
= [('M',), ('Banana',)]

SELECT W FROM Word WHERE W IN ('APPLE', 'm') ORDER BY W
= [('Apple',), ('M',)]

SELECT X FROM Word WHERE X IN ('APPLE', 'M')
= [('M',)]

SELECT W FROM Word WHERE %SQLUPPER(X) = 'APPLE'
= [('Apple',)]

SELECT W FROM Word WHERE %SQLSTRING(W) = 'apple'
= []

SELECT W FROM Word WHERE X = 'Apple   '
= []

SELECT W FROM Word WHERE W = 'APPLE   '
= [('Apple',)]

SELECT W FROM Word WHERE D > {d '2000-02-29'} ORDER BY D
= [('9',), ('Apple',), ('apricot',)]

SELECT W FROM Word WHERE D IN ({d '1999-12-31'}, '2000-02-29') ORDER BY D
= [('M',), ('10',)]

SELECT W FROM Word WHERE T < {ts '2020-01-31 10:00:00'}
= [('M',)]

SELECT W FROM Word WHERE D IS NULL OR T IS NULL ORDER BY W
= [('10',), ('9',), ('Banana',)]

SELECT W FROM Word WHERE J IS JSON ORDER BY W
= [('Apple',), ('apricot',)]

SELECT W FROM Word WHERE J IS JSON ARRAY
= [('apricot',)]

SELECT W FROM Word WHERE J IS NOT JSON OBJECT AND J IS NOT NULL ORDER BY W
= [('10',), ('9',), ('apricot',), ('Banana',)]

SELECT W FROM Word WHERE FOR SOME (Word AS o)(o.N > 100) AND W %STARTSWITH 'M'
= [('M',)]

SELECT W FROM Word AS w WHERE NOT FOR SOME (Word AS o)(o.N > w.N)
= [('Banana',)]

SELECT W FROM Word WHERE (N = 9 ! N = 10) & W <> '9'
= [('apricot',)]

SELECT W FROM Word WHERE NOT (N > 1 OR N < 0)
= [('10',)]

SELECT W FROM Word WHERE N * 2 > 15 AND N # 2 = 1 AND N \ 4 = 2
= [('9',)]

SELECT W FROM Word WHERE W %CONTAINS('apple')
! 0A000

SELECT W FROM Word WHERE N
! -14

SELECT W FROM Word WHERE W %STARTSWITH
! -12

SELECT W FROM Word WHERE D = 'nonsense'
! -146

SELECT W FROM Word WHERE D = T
! -483

SELECT W FROM Word WHERE (N, W) = (1, 'x')
! -14
