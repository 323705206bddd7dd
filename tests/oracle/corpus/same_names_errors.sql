-- Tables of one name that cannot be told apart.
CREATE SCHEMA oracle_north;
CREATE SCHEMA oracle_south;
CREATE TABLE oracle_north.shops (id int, name text);
CREATE TABLE oracle_south.shops (id int, email text);
SELECT shops.id FROM oracle_north.shops, oracle_south.shops;
SELECT id FROM oracle_north.shops, oracle_south.shops;
SELECT 1 FROM oracle_north.shops shops, oracle_south.shops;
DROP TABLE oracle_north.shops, oracle_south.shops;
DROP SCHEMA oracle_north;
DROP SCHEMA oracle_south;
