-- Types of labels, and tables that have them.

CREATE TYPE oracle_mood AS ENUM ('sad', 'ok', 'happy', '10', '9', 'A', 'a');
CREATE TYPE oracle_quoted AS ENUM ('it''s', 'two words', '{b}', 'a,"c"', 'zwölf');
CREATE TABLE oracle_people (
    id int PRIMARY KEY,
    name text NOT NULL,
    mood oracle_mood NOT NULL DEFAULT 'ok',
    was oracle_mood,
    moods oracle_mood[],
    odd oracle_quoted
);
INSERT INTO oracle_people VALUES
    (1, 'Ann', 'happy', 'sad', '{sad,ok}', 'it''s'),
    (2, 'Bob', 'sad', NULL, '{}', '{b}'),
    (3, 'Cid', 'ok', 'ok', NULL, 'a,"c"'),
    (4, 'Dan', '9', '10', '{10,NULL,9}', 'zwölf'),
    (5, 'Eve', '10', 'happy', '{a,A}', 'two words'),
    (6, 'Fay', 'a', 'A', '{happy}', NULL),
    (7, 'Gil', 'A', 'a', NULL, NULL),
    (8, 'Hal', 'sad', 'sad', '{ok}', 'it''s');
