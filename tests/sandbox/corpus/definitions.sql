-- Definitions: tables with all column options, constraints, indexes, views, what ALTER and DROP do, and what is refused.

CREATE TABLE Def.Country (Code CHAR(2) NOT NULL PRIMARY KEY, Name VARCHAR(40) NOT NULL UNIQUE, Area NUMERIC(12,2) DEFAULT 0)

CREATE TABLE IF NOT EXISTS Def.Country (Code CHAR(3))

CREATE TABLE Def.Country (Code CHAR(3))
! -201

CREATE TABLE Def.Town (%DESCRIPTION 'Towns', %EXTENTSIZE 500, Id2 INTEGER IDENTITY, Name %Library.String(MAXLEN = 30) NOT NULL %DESCRIPTION 'what it is called', Country CHAR(2) DEFAULT 'US', Founded DATE, People BIGINT DEFAULT 1, Rate DOUBLE PRECISION, Flag BIT DEFAULT 0, Blob1 LONGVARBINARY, Made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, Ver ROWVERSION, Cnt SERIAL, CONSTRAINT TownCountry FOREIGN KEY (Country) REFERENCES Def.Country (Code) ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT TownName UNIQUE (Name, Country))

CREATE TABLE Def.Auto (n INTEGER AUTO_INCREMENT, m BIGINT, PRIMARY KEY (n)) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1

CREATE TABLE Def.Cols (a INTEGER, b VARCHAR(20)) WITH STORAGETYPE = COLUMNAR

CREATE GLOBAL TEMPORARY TABLE Def.Scratch (a INT, b VARCHAR(20))

CREATE TABLE Def.Copy AS SELECT Code, Name AS Label FROM Def.Country

INSERT INTO Def.Country (Code, Name) VALUES ('US', 'America')

INSERT INTO Def.Country (Code, Name) VALUES ('us', 'Other')
! -119

INSERT INTO Def.Town (Name) VALUES ('Springfield')

INSERT INTO Def.Town (Name, Country) VALUES ('Nowhere', 'XX')
! -121

INSERT INTO Def.Town (Name, Country) VALUES (NULL, 'US')
! -108

INSERT INTO Def.Town (Name) VALUES ('springfield')
! -119

SELECT Id2, Name, Country, People, Flag, Cnt FROM Def.Town
= [(1, 'Springfield', 'US', 1, 0, 1)]

CREATE INDEX TownFounded ON TABLE Def.Town (Founded)

CREATE UNIQUE INDEX TownPeople ON Def.Town (People, Name)

CREATE BITMAP INDEX TownFlag ON Def.Town (Flag)

CREATE INDEX TownData ON Def.Town (Country) WITH DATA (Name, People)

CREATE INDEX TownFounded ON Def.Town (People)
! -324

CREATE INDEX Bad ON Def.Town (Nothing)
! -31

ALTER TABLE Def.Town ADD CONSTRAINT Bad UNIQUE (Nothing)
! -31

ALTER TABLE Def.Town ADD COLUMN Mayor VARCHAR(40)

ALTER TABLE Def.Town ADD (Height INTEGER, Zip VARCHAR(10) DEFAULT '0')

ALTER TABLE Def.Town ADD COLUMN Mayor INTEGER
! -306

ALTER TABLE Def.Town ADD Needed INTEGER NOT NULL
! -304

ALTER TABLE Def.Town ALTER COLUMN Mayor RENAME Boss

ALTER TABLE Def.Town ALTER COLUMN Boss VARCHAR(60)

ALTER TABLE Def.Town MODIFY Boss NOT NULL
! -305

ALTER TABLE Def.Town ALTER COLUMN Zip SET DEFAULT '1'

ALTER TABLE Def.Town ALTER COLUMN Zip DROP DEFAULT

ALTER TABLE Def.Town ADD CONSTRAINT TownZip UNIQUE (Zip)

ALTER TABLE Def.Town DROP CONSTRAINT TownZip

ALTER TABLE Def.Town DROP COLUMN Height

ALTER TABLE Def.Town DROP People
! -322

ALTER TABLE Def.Town ADD COLUMN Gone INTEGER UNIQUE

ALTER TABLE Def.Town DROP COLUMN Gone RESTRICT
! -322

ALTER TABLE Def.Town DROP COLUMN Gone CASCADE

ALTER TABLE Def.Copy RENAME Copied

SELECT Code, Label FROM Def.Copied
= []

CREATE VIEW Def.Big (TownName, Inhabitants) AS SELECT Name, People FROM Def.Town WHERE People > 0 WITH CHECK OPTION

SELECT TownName FROM Def.Big WHERE Inhabitants = 1
= [('Springfield',)]

UPDATE Def.Big SET Inhabitants = 5
# 1

UPDATE Def.Big SET Inhabitants = 0
! -137

INSERT INTO Def.Big (TownName, Inhabitants) VALUES ('Ogden', 0)
! -136

INSERT INTO Def.Big (TownName, Inhabitants) VALUES ('Ogden', 7)

CREATE OR REPLACE VIEW Def.Big AS SELECT Name FROM Def.Town

ALTER VIEW Def.Big AS SELECT Name AS N FROM Def.Town

SELECT N FROM Def.Big ORDER BY N
= [('Ogden',), ('Springfield',)]

CREATE VIEW Def.Sorted AS SELECT Name FROM Def.Town ORDER BY Name
! -143

CREATE VIEW Def.Sorted AS SELECT TOP 1 Name FROM Def.Town ORDER BY Name DESC

SELECT * FROM Def.Sorted
= [('Springfield',)]

DROP TABLE Def.Country
! -320

DROP INDEX TownFounded ON TABLE Def.Town

DROP INDEX TownPeople ON Def.Town

DROP INDEX IF EXISTS TownFounded ON Def.Town

DROP INDEX TownFounded ON Def.Town
! -333

DROP VIEW Def.Sorted

DROP VIEW IF EXISTS Def.Sorted

DROP VIEW Def.Sorted
! -30

DELETE FROM Def.Country WHERE Code = 'US'
# 1

SELECT COUNT(*) FROM Def.Town
= [(0,)]

TRUNCATE TABLE Def.Auto

DROP TABLE Def.Town CASCADE %DELDATA

SELECT N FROM Def.Big
! -30

CREATE SCHEMA Extra

CREATE SCHEMA IF NOT EXISTS Extra

CREATE SCHEMA Extra
! -476

DROP SCHEMA Extra

DROP SCHEMA Extra
! -473

CREATE TABLE Def.Group (a INT)
! -312

CREATE TABLE Def."Group" ("Group" INT, "a b" VARCHAR(5))

INSERT INTO Def."Group" ("Group", "a b") VALUES (1, 'x')

SELECT "Group", "A B" FROM Def."GROUP"
= [(1, 'x')]

CREATE TABLE Def.Wrong (a INT, a INT)
! -306

CREATE TABLE Def.Wrong (a INT, PRIMARY KEY (b))
! -86

CREATE TABLE Def.Wrong (a INT REFERENCES Def.Nowhere (b))
! -310

CREATE TABLE Def.Wrong (a INT CHECK (a > 0))
! -1

CREATE TABLE Def.Wrong (a INT, b INT COMPUTECODE { set {b} = {a} * 2 } COMPUTEONCHANGE (a))
! 0A000

CREATE TABLE Def.Wrong (a INT DEFAULT OBJECTSCRIPT '$RANDOM(9)')
! 0A000

CREATE TABLE Def.Wrong (a INT, SHARD KEY (a))
! 0A000

CREATE TABLE Def.Wrong (a EMBEDDING('model', 'a'))
! 0A000
