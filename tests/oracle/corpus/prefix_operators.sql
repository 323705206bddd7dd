-- schema: shop
-- Operators that stand before their operand, and bind less than + and -.
SELECT @ -5, @ -5.5, @ -2.5::float8, @ '-3', @ (-5) + 1, @ -5 * 2, 2 * @ -5;
SELECT ~5, ~ 5 + 1, ~ -1, - ~ 5, ~ ~ 7, ~ 5 & 3, ~ 1::bigint << 2;
SELECT |/ 9 + 16, |/ 25.0 + 1, 2 * |/ 16, ||/ 27, ||/ 20 + 7, ||/ -8.0, |/ 4 || 'a';
SELECT @ (-7) > 6, @ -7 = 7, NOT @ -1 = 2, @ NULL, |/ NULL;
SELECT id, @ (price - 20), @ (stock - 100), |/ stock, ||/ stock, ~ stock, - @ stock FROM shop_products ORDER BY id;
SELECT id FROM shop_products WHERE @ (stock - 50) < 30 ORDER BY @ (stock - 50), id;
SELECT @ (stock - 50) AS d, count(*) FROM shop_products GROUP BY @ (stock - 50) ORDER BY 1;
SELECT @ $1::int, |/ $2, ~ $3::int, @ $4::numeric + 1; -- with: -4 | 16 | 5 | -2.50
SELECT |/ stock AS r, count(*) FROM shop_products GROUP BY |/ stock ORDER BY |/ stock;
SELECT DISTINCT @ (stock - 50) FROM shop_products ORDER BY @ (stock - 50) DESC;
