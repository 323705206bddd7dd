-- schema: shop
-- Distances of window frames that PostgreSQL refuses.
SELECT sum(id) OVER (ORDER BY id ROWS $1 PRECEDING) FROM shop_orders; -- with: -1
SELECT sum(id) OVER (ORDER BY id ROWS $1 PRECEDING) FROM shop_orders; -- with: NULL
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND $1 FOLLOWING) FROM shop_orders; -- with: NULL
SELECT sum(id) OVER (ORDER BY id ROWS true PRECEDING) FROM shop_orders;
SELECT sum(id) OVER (ORDER BY id ROWS -1 PRECEDING) FROM shop_orders;
SELECT sum(id) OVER (ORDER BY id ROWS NULL PRECEDING) FROM shop_orders;
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND -1 FOLLOWING) FROM shop_orders;
