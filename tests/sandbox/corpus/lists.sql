-- Lists in columns: what predicates make of their elements.

CREATE TABLE Taste (Name VARCHAR(20), Colors VARBINARY(200), Home VARCHAR(2), Born DATE, Score NUMERIC(5,2))

INSERT INTO Taste (Name, Colors, Home, Born, Score) VALUES ('Ann', $LISTBUILD('Red', 'Blue'), 'NH', '1978-01-15', 2.5)

INSERT INTO Taste (Name, Colors, Home) VALUES ('Bob', $LISTFROMSTRING('Green,Yellow,Red'), 'VT')

INSERT INTO Taste (Name, Home) VALUES ('Cy', NULL)

SELECT Name FROM Taste WHERE Home %INLIST $LISTBUILD('VT', 'nH', 'ME')
= [('Bob',)]

SELECT Name FROM Taste WHERE Home %INLIST $LISTFROMSTRING('VT,NH') SIZE ((10)) ORDER BY Name
= [('Ann',), ('Bob',)]

SELECT Name FROM Taste WHERE NOT Home %INLIST $LISTBUILD('VT')
= [('Ann',)]

SELECT Name FROM Taste WHERE NOT Home %INLIST $LISTFROMSTRING('')
= [('Ann',), ('Bob',)]

SELECT Name FROM Taste WHERE 'Red' %INLIST Colors
= [('Ann',), ('Bob',)]

SELECT Name FROM Taste WHERE Born %INLIST $LISTBUILD(50053, 50054)
= [('Ann',)]

SELECT Name FROM Taste WHERE Score %INLIST $LISTBUILD('2.50', 'x')
= [('Ann',)]

SELECT Name FROM Taste WHERE %ID %INLIST $LISTBUILD(1, 3)
= [('Ann',), ('Cy',)]

SELECT Name FROM Taste WHERE Home %INLIST 'VT,NH'
! -400

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) (%VALUE = 'Blue')
= [('Ann',)]

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) (%KEY = 3)
= [('Bob',)]

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) (%VALUE = 'Red' AND %KEY > 1)
= [('Bob',)]

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) (%VALUE = 'Red' AND %VALUE = 'Green')
= []

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) AS fc (fc.%VALUE [ 'l' AND fc.%VALUE [ 'w')
= [('Bob',)]

SELECT Name FROM Taste AS t WHERE FOR SOME %ELEMENT(t.Colors) (%VALUE IN ('Green', 'Blue') AND %VALUE <> Name) ORDER BY Name
= [('Ann',), ('Bob',)]

SELECT Name FROM Taste WHERE FOR SOME %ELEMENT(Colors) (Name = 'Ann')
! -1

SELECT Name FROM Taste GROUP BY Name HAVING FOR SOME %ELEMENT(Colors) (%VALUE = 'Red')
! 0A000
