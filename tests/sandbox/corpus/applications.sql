-- Everyday IRIS SQL of applications: lists, predicates, pieces, dates, aggregates beside fields, views, locks.

CREATE TABLE Clinic.Patient (Name VARCHAR(50) COLLATE EXACT, Dob DATE, Colors VARCHAR(200), Salary NUMERIC(10,2), Home VARCHAR(2), Title VARCHAR(30), Ssn VARCHAR(11) UNIQUE)

INSERT INTO Clinic.Patient SET Name='Adams,Jo', Dob={d '1960-03-04'}, Colors=$LISTBUILD('Red','Blue'), Salary=50000, Home='MA', Ssn='1'

INSERT Clinic.Patient (Name, Dob, Salary, Home, Title, Ssn) VALUES ('Baker,Al', '1985-07-30', 30000, 'NY', 'Clerk', '2')

INSERT INTO Clinic.Patient (Name, Salary, Home, Ssn) VALUES ('Clay,Bo', 75000.555, 'ma', '3')

INSERT OR UPDATE INTO Clinic.Patient (Name, Salary, Home, Ssn) VALUES ('Clay,Bob', 80000, 'MA', '3')

SELECT $PIECE(Name, ',', 1) AS Family, UPPER($PIECE(Name, ',', 2)) FROM Clinic.Patient WHERE Name %STARTSWITH 'B'
= [('Baker', 'AL')]

SELECT TOP 1 %ID, Name FROM Clinic.Patient WHERE Salary BETWEEN 40000 AND 90000 ORDER BY Salary DESC
= [(3, 'Clay,Bob')]

SELECT Name FROM Clinic.Patient WHERE Name %MATCHES '[A-B]*' AND Name [ ',' AND Name %PATTERN '1U.L1","1U.L' ORDER BY Name
= [('Adams,Jo',), ('Baker,Al',)]

SELECT DISTINCT Home FROM Clinic.Patient ORDER BY Home
= [('MA',), ('NY',)]

SELECT DISTINCT BY (Home) Home, Name FROM Clinic.Patient ORDER BY Name
= [('MA', 'Adams,Jo'), ('NY', 'Baker,Al')]

SELECT Name, Salary - AVG(Salary) AS Diff FROM Clinic.Patient ORDER BY Diff
= [('Baker,Al', '-23333.33333333333333'), ('Adams,Jo', '-3333.33333333333333'), ('Clay,Bob', '26666.66666666666667')]

SELECT Name, AVG(Salary %FOREACH(Home)) AS HomeAvg FROM Clinic.Patient WHERE Salary > 0 ORDER BY Name
= [('Adams,Jo', '65000'), ('Baker,Al', '30000'), ('Clay,Bob', '65000')]

SELECT Home, LIST(Name) AS Everybody, COUNT(*) FROM Clinic.Patient GROUP BY Home HAVING COUNT(*) > 1
= [('MA', 'Adams,Jo,Clay,Bob', 2)]

SELECT JSON_ARRAYAGG(Name) FROM Clinic.Patient WHERE Home = 'ny'
= [('["Baker,Al"]',)]

SELECT JSON_OBJECT('name':Name, 'title':Title ABSENT ON NULL) FROM Clinic.Patient WHERE Ssn = '1'
= [('{"name":"Adams,Jo"}',)]

SELECT $LISTGET(Colors, 2, 'none'), $LISTLENGTH(Colors), $LISTTOSTRING(Colors, '/') FROM Clinic.Patient WHERE Ssn = '1'
= [('Blue', 2, 'Red/Blue')]

SELECT NVL(Title, 'no title'), ISNULL(Title, '-'), {fn IFNULL(Title, 'x')}, COALESCE(Title, Home) FROM Clinic.Patient WHERE Ssn = '1'
= [('no title', '-', 'x', 'MA')]

SELECT DATENAME('dw', Dob), DATEDIFF('yyyy', Dob, {d '2024-01-01'}), LAST_DAY(Dob), TO_CHAR(Dob, 'DD MON YYYY') FROM Clinic.Patient WHERE Ssn = '1'
= [('Friday', 64, '1960-03-31', '04 Mar 1960')]

SELECT 7 / 2, 7 \ 2, 7 # 4, 2 + 3 * 4, -7 # 4, 'a' || 1 || NULL
= [('3.5', 3, 3, 14, 1, None)]

SELECT CAST('12abc' AS INTEGER), CAST('no' AS DATE), CAST(42.9 AS INTEGER), CAST('Hello' AS CHAR), CONVERT(VARCHAR(3), 'Hello'), {fn CONVERT('5', SQL_INTEGER)}
= [(12, '1840-12-31', 42, 'H', 'Hel', 5)]

SELECT Name FROM Clinic.Patient WHERE FOR SOME (Clinic.Patient AS q)(q.Home = Patient.Home AND q.Name <> Patient.Name) ORDER BY Name
= [('Adams,Jo',), ('Clay,Bob',)]

SELECT Name FROM Clinic.Patient HAVING Salary > AVG(Salary)
= [('Clay,Bob',)]

SELECT Name, %EXACT Home, %SQLUPPER Home FROM Clinic.Patient WHERE %EXACT Home = 'MA' ORDER BY Name
= [('Adams,Jo', 'MA', ' MA'), ('Clay,Bob', 'MA', ' MA')]

SELECT * FROM (SELECT TOP ALL Name FROM Clinic.Patient ORDER BY Salary DESC) AS p WHERE %VID BETWEEN 2 AND 3
= [('Adams,Jo',), ('Baker,Al',)]

CREATE VIEW Clinic.Rich AS SELECT Name, Salary FROM Clinic.Patient WHERE Salary > 40000 WITH CHECK OPTION

UPDATE Clinic.Rich SET Salary = 10 WHERE Name = 'Adams,Jo'
! -137

UPDATE Clinic.Patient (Title, Home) VALUES ('Boss', 'VT') WHERE Ssn = '3'
# 1

START TRANSACTION %COMMITMODE EXPLICIT

LOCK TABLE Clinic.Patient IN EXCLUSIVE MODE WAIT 1

UNLOCK TABLE Clinic.Patient IN EXCLUSIVE MODE

ROLLBACK

SELECT USER, $NAMESPACE, $TLEVEL
= [('tester', 'USER', 0)]

SELECT Spouse->Name FROM Clinic.Patient
! -29

CALL Clinic.Totals('x')
! -428

GRANT SELECT ON Clinic.Patient TO somebody
! -118

LOAD DATA FROM FILE '/tmp/x.csv' INTO Clinic.Patient
! 0A000
