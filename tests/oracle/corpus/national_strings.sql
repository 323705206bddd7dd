-- N'...' is of type character: its blanks at the end are no part of it.
CREATE TABLE national_strings (id int PRIMARY KEY, t text, v varchar(20), c char(6));
INSERT INTO national_strings VALUES (1, N'Rock', N'it''s', N'x'), (2, N'Jazz ', N'blanks  ', N'y '), (3, n'', N' a', NULL);
UPDATE national_strings SET t = N'Blues ' WHERE v = N'blanks ';
SELECT id, t, length(t), v, length(v), c FROM national_strings ORDER BY id;
SELECT id FROM national_strings WHERE t = N'Rock' OR v LIKE N'bl%' ORDER BY id;
SELECT N'a ' = 'a';
SELECT length(N'a ');
SELECT N'a ' || 'x';
SELECT id, v = c, c = v, t = c, c || '|', v = 'x '::bpchar, 'x '::bpchar = c, 'it''s '::bpchar = v FROM national_strings ORDER BY id;
SELECT id, v = c, c = v, t = c, v = 'x '::bpchar, 'x '::bpchar = c, N'it''s ' = v FROM national_strings ORDER BY id;
SELECT id FROM national_strings WHERE 'it''s '::bpchar = v OR N'Jazz ' = t ORDER BY id;
