-- Defaults that are refused, and those that cannot be computed.
CREATE TABLE cde_columns (id int DEFAULT x + 1, x int);
CREATE TABLE cde_query (id int DEFAULT (SELECT 1));
CREATE TABLE cde_text (id int DEFAULT 'a' || 'b');
CREATE TABLE cde_moment (id int DEFAULT now());
CREATE TABLE cde_number (at timestamptz DEFAULT 1 + 1);
CREATE TABLE cde_failing (id int, d int DEFAULT 1/0);
INSERT INTO cde_failing (id) VALUES (1);
ALTER TABLE cde_failing ALTER d SET DEFAULT current_date;
ALTER TABLE cde_failing ALTER d SET DEFAULT id + 1;
DROP TABLE cde_failing;
