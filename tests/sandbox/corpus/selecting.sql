-- SELECT in all its clauses, as the manual shows them: items, DISTINCT, TOP and LIMIT, joins, grouping, set operations, subqueries.

CREATE TABLE Sample.Person (Name VARCHAR(50), Age INTEGER, DOB DATE, Home_City VARCHAR(30), Home_State VARCHAR(2), Office_State VARCHAR(2), Spouse INTEGER)

CREATE TABLE Sample.Employee (Name VARCHAR(50), Title VARCHAR(30), Salary INTEGER, CompanyId INTEGER, Notes LONGVARCHAR)

CREATE TABLE Sample.Company (CompanyId INTEGER, Company VARCHAR(30), Revenue NUMERIC(12,2))

INSERT INTO Sample.Person (Name, Age, DOB, Home_City, Home_State, Office_State, Spouse) SELECT 'Adams,Jo', 64, '1960-03-04', 'Boston', 'MA', 'MA', 2 UNION ALL SELECT 'Baker,Al', 39, '1985-07-30', 'Nashua', 'NH', 'MA', 1 UNION ALL SELECT 'Clay,Bo', 17, '2007-01-15', 'Boston', 'MA', NULL, NULL UNION ALL SELECT 'Dow,Cy', 71, '1953-11-30', 'Albany', 'NY', 'NY', NULL UNION ALL SELECT 'Evans,Di', 17, '2007-08-01', 'albany', 'NY', 'VT', NULL

INSERT INTO Sample.Company SELECT 1, 'Acme', 1000.5 UNION ALL SELECT 2, 'Bits', 200 UNION ALL SELECT 3, 'Cogs', NULL

INSERT INTO Sample.Employee (Name, Title, Salary, CompanyId, Notes) SELECT 'Adams,Jo', 'Clerk', 30000, 1, 'first' UNION ALL SELECT 'Baker,Al', 'Boss', 90000, 2, NULL UNION ALL SELECT 'Fox,Ed', NULL, 50000, 1, NULL

SELECT Name FROM Sample.Person WHERE Age > 40 AND Home_State = 'ma'
= [('Adams,Jo',)]

SELECT Home_State, COUNT(Home_State) AS N FROM Sample.Person GROUP BY Home_State ORDER BY Home_State
= [('MA', 2), ('NH', 1), ('NY', 2)]

SELECT Name, AVG(Age %AFTERHAVING) FROM Sample.Person HAVING Age > AVG(Age) ORDER BY Name
= [('Adams,Jo', '41.6'), ('Dow,Cy', '41.6')]

SELECT DISTINCT Home_City FROM Sample.Person ORDER BY Home_City
= [('ALBANY',), ('BOSTON',), ('NASHUA',)]

SELECT DISTINCT %EXACT(Home_City) AS City FROM Sample.Person ORDER BY City
= [('Albany',), ('Boston',), ('Nashua',), ('albany',)]

SELECT DISTINCT BY (Home_State) Home_State, Name FROM Sample.Person ORDER BY Name
= [('MA', 'Adams,Jo'), ('NH', 'Baker,Al'), ('NY', 'Dow,Cy')]

SELECT DISTINCT TOP 2 Age FROM Sample.Person ORDER BY Age DESC
= [(71,), (64,)]

SELECT TOP 2 Name AS PersonName FROM Sample.Person ORDER BY Name DESC
= [('Evans,Di',), ('Dow,Cy',)]

SELECT TOP ALL Name FROM Sample.Person WHERE Age < 18 ORDER BY Name
= [('Clay,Bo',), ('Evans,Di',)]

SELECT Name FROM Sample.Person ORDER BY Name LIMIT 2
= [('Adams,Jo',), ('Baker,Al',)]

SELECT Name FROM Sample.Person ORDER BY Name LIMIT 2 OFFSET 3
= [('Dow,Cy',), ('Evans,Di',)]

SELECT Name FROM Sample.Person ORDER BY Name OFFSET 3 ROWS FETCH NEXT 1 ROWS ONLY
= [('Dow,Cy',)]

SELECT Name FROM Sample.Person ORDER BY Name FETCH FIRST 1 ROW ONLY
= [('Adams,Jo',)]

SELECT TOP 2 Name FROM Sample.Person LIMIT 1
! -386

SELECT P.Name, E.Title FROM Sample.Person AS P, Sample.Employee AS E WHERE P.Name = E.Name ORDER BY 1
= [('Adams,Jo', 'Clerk'), ('Baker,Al', 'Boss')]

SELECT p.Name, e.Title FROM Sample.Person p LEFT JOIN Sample.Employee e ON p.Name = e.Name WHERE p.Age > 60 ORDER BY p.Name
= [('Adams,Jo', 'Clerk'), ('Dow,Cy', None)]

SELECT p.Name, e.Name FROM Sample.Person p RIGHT OUTER JOIN Sample.Employee e ON p.Name = e.Name ORDER BY e.Name
= [('Adams,Jo', 'Adams,Jo'), ('Baker,Al', 'Baker,Al'), (None, 'Fox,Ed')]

SELECT p.Name, e.Name FROM Sample.Person p FULL OUTER JOIN Sample.Employee e ON p.Name = e.Name AND p.Age > 60 ORDER BY p.Name, e.Name
= [(None, 'Baker,Al'), (None, 'Fox,Ed'), ('Adams,Jo', 'Adams,Jo'), ('Baker,Al', None), ('Clay,Bo', None), ('Dow,Cy', None), ('Evans,Di', None)]

SELECT COUNT(*) FROM Sample.Person CROSS JOIN Sample.Company
= [(15,)]

SELECT Name, Company FROM Sample.Employee NATURAL JOIN Sample.Company ORDER BY Name
= [('Adams,Jo', 'Acme'), ('Baker,Al', 'Bits'), ('Fox,Ed', 'Acme')]

SELECT e.Name, c.Company FROM Sample.Employee e INNER JOIN Sample.Company c USING (CompanyId) ORDER BY e.Name
= [('Adams,Jo', 'Acme'), ('Baker,Al', 'Bits'), ('Fox,Ed', 'Acme')]

SELECT c.Company, e.Name FROM {oj Sample.Company c LEFT OUTER JOIN Sample.Employee e ON c.CompanyId = e.CompanyId} ORDER BY c.Company, e.Name
= [('Acme', 'Adams,Jo'), ('Acme', 'Fox,Ed'), ('Bits', 'Baker,Al'), ('Cogs', None)]

SELECT c.Company, e.Name FROM %INORDER Sample.Company c JOIN Sample.Employee e ON c.CompanyId = e.CompanyId WHERE e.Salary > 40000 ORDER BY 2
= [('Bits', 'Baker,Al'), ('Acme', 'Fox,Ed')]

SELECT Name, (SELECT AVG(Age) FROM Sample.Person) AS Mean, Age - AVG(Age) AS Off FROM Sample.Person WHERE Age < 18
= [('Clay,Bo', '41.6', '0'), ('Evans,Di', '41.6', '0')]

SELECT Age AS Decade, COUNT(Age) FROM Sample.Person GROUP BY ROUND(Age, -1) ORDER BY 1
= [(17, 2), (39, 1), (64, 1), (71, 1)]

SELECT Home_State, AVG(Age) AS A FROM Sample.Person GROUP BY Home_State HAVING COUNT(*) > 1 ORDER BY A
= [('MA', '40.5'), ('NY', '44')]

SELECT Home_State, LIST(Name) FROM Sample.Person GROUP BY Home_State HAVING LIST(Name) [ 'Jo'
= [('MA', 'Adams,Jo,Clay,Bo')]

SELECT Name, Age, AVG(Age %FOREACH(Home_State)) AS StateMean FROM Sample.Person ORDER BY Name
= [('Adams,Jo', 64, '40.5'), ('Baker,Al', 39, '39'), ('Clay,Bo', 17, '40.5'), ('Dow,Cy', 71, '44'), ('Evans,Di', 17, '44')]

SELECT COUNT(DISTINCT Home_State), COUNT(DISTINCT BY (Home_City) Age), SUM(DISTINCT Age), MAX(Name) FROM Sample.Person
= [(3, 3, 191, 'EVANS,DI')]

SELECT STDDEV_POP(Age), VAR_POP(Age), MIN(DOB) FROM Sample.Person WHERE Age IN (17, 71)
= [(25.45584412271571, 648.0, '1953-11-30')]

SELECT Name FROM Sample.Person WHERE Age IN (SELECT TOP 1 Age FROM Sample.Person ORDER BY Age DESC)
= [('Dow,Cy',)]

SELECT Name FROM Sample.Person WHERE Age >= ALL (SELECT Age FROM Sample.Person)
= [('Dow,Cy',)]

SELECT Name FROM Sample.Person WHERE Age = ANY (SELECT 2 * Age + 5 FROM Sample.Person) OR Age < SOME (SELECT 20 FROM Sample.Company) ORDER BY Name
= [('Baker,Al',), ('Clay,Bo',), ('Evans,Di',)]

SELECT Name FROM Sample.Person p WHERE EXISTS (SELECT 1 FROM Sample.Employee e WHERE e.Name = p.Name AND e.Salary > 50000)
= [('Baker,Al',)]

SELECT Name, Age FROM (SELECT Name, Age, AVG(Age) AS Mean FROM Sample.Person) WHERE Age < Mean ORDER BY Name
= [('Baker,Al', 39), ('Clay,Bo', 17), ('Evans,Di', 17)]

SELECT Name FROM Sample.Employee WHERE Salary > 40000 UNION SELECT Name FROM Sample.Person WHERE Age > 70 ORDER BY Name
= [('BAKER,AL',), ('DOW,CY',), ('FOX,ED',)]

SELECT Name FROM Sample.Employee UNION ALL %PARALLEL SELECT Name FROM Sample.Person WHERE Age > 60 ORDER BY 1
= [('Adams,Jo',), ('Adams,Jo',), ('Baker,Al',), ('Dow,Cy',), ('Fox,Ed',)]

SELECT Name FROM Sample.Employee INTERSECT SELECT Name FROM Sample.Person ORDER BY Name
= [('ADAMS,JO',), ('BAKER,AL',)]

SELECT Name FROM Sample.Employee EXCEPT SELECT Name FROM Sample.Person
= [('FOX,ED',)]

SELECT Name, Age FROM Sample.Person UNION SELECT Name FROM Sample.Employee
! -9

WITH Old AS (SELECT Name, Age FROM Sample.Person WHERE Age > 60), Paid AS (SELECT o.Name, e.Salary FROM Old o JOIN Sample.Employee e ON e.Name = o.Name) SELECT * FROM Paid
= [('Adams,Jo', 30000)]

SELECT %ID, Name FROM Sample.Person WHERE %ID BETWEEN 2 AND 3
= [(2, 'Baker,Al'), (3, 'Clay,Bo')]

SELECT ID, Name FROM Sample.Person WHERE ID = 1
= [(1, 'Adams,Jo')]

SELECT *, %VID FROM (SELECT TOP ALL Name FROM Sample.Person ORDER BY Age) WHERE %VID < 3
= [('Clay,Bo', 1), ('Evans,Di', 2)]

SELECT ROW_NUMBER() OVER (PARTITION BY Home_State ORDER BY Age, Name) AS N, Name FROM Sample.Person ORDER BY Home_State, N
= [(1, 'Clay,Bo'), (2, 'Adams,Jo'), (1, 'Baker,Al'), (1, 'Evans,Di'), (2, 'Dow,Cy')]

SELECT Name, RANK() OVER (ORDER BY Age) AS R, DENSE_RANK() OVER (ORDER BY Age) AS D FROM Sample.Person ORDER BY R, Name
= [('Clay,Bo', 1, 1), ('Evans,Di', 1, 1), ('Baker,Al', 3, 2), ('Adams,Jo', 4, 3), ('Dow,Cy', 5, 4)]

SELECT Name, SUM(Age) OVER (ORDER BY Name ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS S, LEAD(Name, 1, '-') OVER (ORDER BY Name) FROM Sample.Person ORDER BY Name
= [('Adams,Jo', 64, 'Baker,Al'), ('Baker,Al', 103, 'Clay,Bo'), ('Clay,Bo', 56, 'Dow,Cy'), ('Dow,Cy', 88, 'Evans,Di'), ('Evans,Di', 88, '-')]

SELECT Name, FIRST_VALUE(Name) OVER (PARTITION BY Home_State ORDER BY Age DESC) AS Eldest, NTILE(2) OVER (ORDER BY Name) AS Half FROM Sample.Person ORDER BY Name
= [('Adams,Jo', 'Adams,Jo', 1), ('Baker,Al', 'Baker,Al', 1), ('Clay,Bo', 'Adams,Jo', 1), ('Dow,Cy', 'Dow,Cy', 2), ('Evans,Di', 'Dow,Cy', 2)]

SELECT Name, CASE WHEN Age > 60 THEN 'old' WHEN Age < 18 THEN 'young' ELSE 'between' END FROM Sample.Person ORDER BY Name
= [('Adams,Jo', 'old'), ('Baker,Al', 'between'), ('Clay,Bo', 'young'), ('Dow,Cy', 'old'), ('Evans,Di', 'young')]

SELECT Name, CASE Home_State WHEN 'MA' THEN 'Mass' WHEN 'NY' THEN 'York' END AS State FROM Sample.Person WHERE Age <> 17 ORDER BY 1
= [('Adams,Jo', 'Mass'), ('Baker,Al', None), ('Dow,Cy', 'York')]

SELECT DECODE(Home_State, 'MA', 1, 'NY', 2, 0) AS Code, COUNT(*) FROM Sample.Person GROUP BY DECODE(Home_State, 'MA', 1, 'NY', 2, 0) ORDER BY Code
= [(0, 1), (1, 2), (2, 2)]

SELECT Name, CHAR_LENGTH(Notes) FROM Sample.Employee WHERE Notes IS NOT NULL
= [('Adams,Jo', 5)]

SELECT Name FROM Sample.Employee WHERE Notes = 'first'
! -313

SELECT Nme FROM Sample.Person
! -29

SELECT x.Name FROM Sample.Person
! -23

SELECT Name FROM Sample.Persons
! -30

SELECT Name FROM Sample.Person, Sample.Employee
! -27

SELECT Name, FROM Sample.Person
! -12

SELECT Name FROM Sample.Person WHERE
! -12

SELECT Name FROM Sample.Person ORDER BY Age Name
! -25

SELECT Name FROM Sample.Person GROUP BY COUNT(*)
! -19

SELECT Name FROM Sample.Person WHERE Age = 1 = 2
! -25
