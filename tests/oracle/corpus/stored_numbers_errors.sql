-- Numbers of a text stored into columns of other types, with their signs, roundings and limits.

CREATE TABLE stored_numbers (id int PRIMARY KEY, s smallint, n int, big bigint, r real, f double precision, p numeric(10,2), q numeric, t text, v varchar(5), c char(4));
INSERT INTO stored_numbers VALUES (1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5);
INSERT INTO stored_numbers VALUES (2, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5);
INSERT INTO stored_numbers VALUES (3, 1.5, 2.5, 3.5, 9.80000019, 9.80000019, 1.235, 1.235, 1.50, 1.50, 1.50);
INSERT INTO stored_numbers VALUES (4, -1.5, -2.5, -3.5, -9.80000019, -9.80000019, -1.235, -1.235, -1.50, -1.50, -1.50);
INSERT INTO stored_numbers VALUES (5, -32768, -2147483648, -9223372036854775808, 1e10, 1e10, 1e3, 1e3, 1e3, 1e3, 1e3);
INSERT INTO stored_numbers (id, s) VALUES (6, 32768);
INSERT INTO stored_numbers (id, s) VALUES (6, -32769);
INSERT INTO stored_numbers (id, s) VALUES (6, 32767.5);
INSERT INTO stored_numbers (id, n) VALUES (6, 2147483648);
INSERT INTO stored_numbers (id, n) VALUES (6, -2147483649);
INSERT INTO stored_numbers (id, big) VALUES (6, 9223372036854775808);
INSERT INTO stored_numbers (id, r) VALUES (6, 1e39);
INSERT INTO stored_numbers (id, p) VALUES (6, 123456789);
INSERT INTO stored_numbers (id, p) VALUES (6, -99999999.995);
INSERT INTO stored_numbers (id, v) VALUES (6, 123456);
INSERT INTO stored_numbers (id, v) VALUES (6, -12345);
INSERT INTO stored_numbers (id, c) VALUES (6, 12345);
SELECT id, s, n, big, r, f, p, t, v, c FROM stored_numbers ORDER BY id;
UPDATE stored_numbers SET s = 7.5, n = -7.5, r = 1.1, f = -1.1, p = -0.005, t = -7, v = 1.25 WHERE id = 1;
UPDATE stored_numbers SET s = 8.5, n = -8.5, r = 2.2, f = -2.2, p = -0.015, t = -8, v = 2.25 WHERE id = 2;
UPDATE stored_numbers SET s = 99999 WHERE id = 1;
UPDATE stored_numbers SET s = 32767 + 1 WHERE id = 1;
INSERT INTO stored_numbers (id, r, s) VALUES (1, 3.3, 3) ON CONFLICT (id) DO UPDATE SET r = 4.4, s = -4;
INSERT INTO stored_numbers (id, r, s) SELECT 7, 3.3, 3;
INSERT INTO stored_numbers (id, r, s) VALUES (8, 0.1, -1), (9, 10, 2.5) RETURNING r, s, r + 0.1;
SELECT id, s, n, r, f, p, t, v FROM stored_numbers ORDER BY id;
