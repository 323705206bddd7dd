-- schema: shop
-- character(n): blanks at the end do not count where values are compared, and are shown.
CREATE TABLE shop_codes (code char(5), label varchar(5));
INSERT INTO shop_codes VALUES ('ab ', 'ab'), ('c', 'c '), ('ab', 'ab '), (NULL, NULL);
SELECT code = 'ab   ', code <> 'c ', code = label, code IN ('c  ', 'x'), code < label || 'z' FROM shop_codes ORDER BY code, label;
SELECT label::char(5) = code, code = label::char(3), label::char(4) IN (SELECT code FROM shop_codes) FROM shop_codes ORDER BY code, label;
SELECT label::char(5) FROM shop_codes UNION SELECT code FROM shop_codes ORDER BY 1;
SELECT code FROM shop_codes EXCEPT SELECT label::char(5) FROM shop_codes;
SELECT code FROM shop_codes INTERSECT SELECT label::char(5) FROM shop_codes ORDER BY 1;
SELECT label::char(4), count(*) FROM shop_codes GROUP BY label::char(4) ORDER BY 1;
SELECT count(DISTINCT label::char(5)), count(DISTINCT label) FROM shop_codes;
SELECT max(code), min(code) FROM shop_codes;
SELECT lag(code) OVER (ORDER BY code, label), first_value(code) OVER (ORDER BY code, label) FROM shop_codes ORDER BY code, label;
SELECT array_agg(code ORDER BY code, label), json_agg(code ORDER BY code, label) FROM shop_codes;
SELECT to_json(code), code || '|', length(code) FROM shop_codes ORDER BY code, label;
SELECT mode() WITHIN GROUP (ORDER BY code) FROM shop_codes;
SELECT country, country::char(4), upper(country) FROM shop_customers WHERE country = 'DE ' ORDER BY id;
SELECT a.label, b.code FROM shop_codes a JOIN shop_codes b ON a.label = b.code ORDER BY 1, 2;
SELECT 'ab '::char(4) = 'ab', 'ab  '::char(5) || 'x', 'ab'::char(3);
DROP TABLE shop_codes;
