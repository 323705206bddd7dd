-- Columns that hold references to rows of other tables, and what follows them; columns that SELECT * does not show or UPDATE renews.

CREATE TABLE Sample.Company (Name VARCHAR(30), City VARCHAR(20))

CREATE TABLE Sample.Person (Name VARCHAR(30), Spouse INTEGER, Secret VARCHAR(12) PRIVATE)

CREATE TABLE Sample.Employee (Name VARCHAR(30), Company Sample.Company, Boss Sample.Person)

ALTER TABLE Sample.Company ADD COLUMN Owner Sample.Person

CREATE TABLE Sample.Wrong (Company Sample.company)
! -400

INSERT INTO Sample.Person (Name, Secret) VALUES ('Pat', 'x')

INSERT INTO Sample.Company (Name, City, Owner) VALUES ('Acme', 'Rome', 1)

INSERT INTO Sample.Company (Name, City) VALUES ('bee', 'Oslo')

INSERT INTO Sample.Employee (Name, Company) SELECT 'A', 1 UNION ALL SELECT 'B', 2 UNION ALL SELECT 'C', NULL UNION ALL SELECT 'D', 1
# 4

SELECT Name, Company, Company->Name AS CompName FROM Sample.Employee
= [('A', 1, 'Acme'), ('B', 2, 'bee'), ('C', None, None), ('D', 1, 'Acme')]

SELECT Name, Company->Name AS CompName FROM Sample.Employee WHERE Company->Name %STARTSWITH 'A'
= [('A', 'Acme'), ('D', 'Acme')]

SELECT Company->Name, COUNT(*) AS Heads FROM Sample.Employee GROUP BY Company->Name ORDER BY Heads, Company->Name
= [(None, 1), ('BEE', 1), ('ACME', 2)]

SELECT Name FROM Sample.Employee ORDER BY Company->Name DESC, Name DESC
= [('B',), ('D',), ('A',), ('C',)]

SELECT Name, Company->Owner, Company->Owner->Name, E.Company->%ID FROM Sample.Employee AS E WHERE Company->City = 'ROME'
= [('A', 1, 'Pat', 1), ('D', 1, 'Pat', 1)]

SELECT MAX(Company->City), COUNT(DISTINCT Company->City) FROM Sample.Employee
= [('ROME', 2)]

SELECT Name FROM Sample.Employee E JOIN Sample.Company C ON E.Company->Name = C.Name
! -67

SELECT Company->Nothing FROM Sample.Employee
! -29

SELECT Spouse->Name FROM Sample.Person
! -1

UPDATE Sample.Employee SET Name = Company->Name WHERE Company->City = 'Oslo'
# 1

DELETE FROM Sample.Employee WHERE Company->Owner->Name = 'PAT'
# 2

SELECT * FROM Sample.Person
= [('Pat', None)]

SELECT P.*, Secret FROM Sample.Person P
= [('Pat', None, 'x')]

CREATE TABLE Audited (Id2 INT, Changes TINYINT DEFAULT 0 ON UPDATE 1, Who VARCHAR(48) DEFAULT CURRENT_USER ON UPDATE SYSTEM_USER, Stamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))

INSERT INTO Audited (Id2) VALUES (1)

SELECT Id2, Changes, Who FROM Audited
= [(1, 0, 'tester')]

UPDATE Audited SET Id2 = 2
# 1

UPDATE Audited SET Changes = 7
# 1

UPDATE Audited SET Changes = 'many'
! -105

SELECT Id2, Changes, Who FROM Audited WHERE Stamp IS NOT NULL
= [(2, 1, 'tester')]

CREATE TABLE Stock (Code VARCHAR(5) PRIMARY KEY, Amount INT, Changes INT DEFAULT 0 ON UPDATE 5)

INSERT OR UPDATE Stock (Code, Amount) VALUES ('a', 1)

INSERT OR UPDATE INTO Stock SET Code = 'A', Amount = 2
# 1

SELECT Code, Amount, Changes FROM Stock
= [('A', 2, 5)]

INSERT OR UPDATE Stock DEFAULT VALUES
! -108
