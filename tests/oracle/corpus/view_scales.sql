-- Numbers that views compute, with PostgreSQL's decimals.
CREATE TABLE sold (id int PRIMARY KEY, price numeric(10,2), qty int, tax numeric(5,4), note text, wide numeric(21,2));
INSERT INTO sold VALUES (1, 1.50, 3, 0.1900, 'a', 1), (2, 20, 2, 0.07, 'b', 2.50), (3, 7.25, 1, 0, 'a', 3), (4, NULL, 5, NULL, 'c', NULL);
CREATE VIEW sold_rows AS SELECT id, price, price * qty AS t, price * tax AS taxed, round(price / 3, 2) AS third, note, price + 1.125 AS more, -price AS less FROM sold;
SELECT * FROM sold_rows ORDER BY id;
SELECT sum(t), max(t), avg(taxed), sum(price) FROM sold_rows;
SELECT t * 2, t + taxed, t::text, 'is ' || t FROM sold_rows WHERE id < 4 ORDER BY id;
SELECT id FROM sold_rows WHERE t > 4 AND third < 5 ORDER BY t;
CREATE VIEW sold_sums AS SELECT note, sum(price) AS total, count(*) AS n, max(price * qty) AS most, sum(qty) * 1.5 AS weighed FROM sold GROUP BY note;
SELECT * FROM sold_sums ORDER BY note;
SELECT note, total / 2, coalesce(total, 0.00) FROM sold_sums WHERE n > 1;
CREATE VIEW sold_again AS SELECT note, total * 2 AS twice, total FROM sold_sums WHERE total IS NOT NULL;
SELECT * FROM sold_again ORDER BY note;
SELECT column_name, data_type, numeric_precision, numeric_scale FROM information_schema.columns WHERE table_name = 'sold_rows' AND column_name IN ('t', 'price') ORDER BY 1;
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'sold_sums'::regclass AND attnum > 0 ORDER BY attnum;
CREATE TABLE sold_copy AS SELECT * FROM sold_again;
