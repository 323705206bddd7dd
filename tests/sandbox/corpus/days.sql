-- Dates with days added to them beside dates; dates and timestamps in IN.
CREATE TABLE Happening (n INTEGER, d DATE, ts TIMESTAMP)

INSERT INTO Happening VALUES (1, '2020-01-01', '2020-01-01 10:00:00')

INSERT INTO Happening VALUES (2, '2021-01-01', '2021-01-01 00:00:00')

SELECT n FROM Happening WHERE d > CURRENT_DATE - 100000
= [(1,), (2,)]

SELECT n FROM Happening WHERE d + 366 = {d '2021-01-01'}
= [(1,)]

SELECT n FROM Happening WHERE d - n = {d '2019-12-31'}
= [(1,)]

SELECT n FROM Happening WHERE d > d - 1 AND d < d + 1
= [(1,), (2,)]

SELECT n FROM Happening WHERE d + 1 > '2020-01-01'
! -378

SELECT n FROM Happening WHERE d + 1 > 65000
! -378

SELECT n FROM Happening WHERE d + 1 > ts
! -378

SELECT d + 1 FROM Happening
! -378

SELECT n FROM Happening WHERE d + 1.5 > d
! -378

SELECT n FROM Happening WHERE d IN ({ts '2020-01-01 02:37:00'}, {ts '1987-02-28 16:58:10'})
= [(1,)]

SELECT n FROM Happening WHERE ts IN ({d '2020-01-01'}, {d '2021-01-01'})
= [(2,)]

SELECT n FROM Happening WHERE d NOT IN ({ts '2020-01-01 02:37:00'}, {d '1987-02-28'})
= [(2,)]

SELECT n FROM Happening WHERE CURRENT_DATE IN (CURRENT_TIMESTAMP)
! -483

SELECT n FROM Happening WHERE d = {ts '2020-01-01 02:37:00'}
! -483

SELECT n FROM Happening WHERE n + 1 = 2 AND 3 - n = 2
= [(1,)]

SELECT d FROM Happening GROUP BY d HAVING d IN ({ts '2020-01-01 02:37:00'})
= [('2020-01-01',)]
