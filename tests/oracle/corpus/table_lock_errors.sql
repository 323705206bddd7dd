-- schema: shop
-- LOCK TABLE, in and out of transaction blocks.
LOCK TABLE shop_orders;
LOCK shop_orders IN ACCESS SHARE MODE;
LOCK TABLE shop_orders IN SHARE MODE NOWAIT;
LOCK TABLE shop_missing;
BEGIN;
LOCK TABLE shop_orders;
LOCK TABLE ONLY shop_orders, shop_products IN SHARE ROW EXCLUSIVE MODE;
LOCK shop_orders IN ROW SHARE MODE NOWAIT;
SELECT count(*) FROM shop_orders;
UPDATE shop_orders SET status = status;
SAVEPOINT s;
LOCK shop_missing;
ROLLBACK TO s;
LOCK TABLE shop_orders IN NO MODE;
ROLLBACK;
BEGIN READ ONLY;
LOCK TABLE shop_orders IN ACCESS SHARE MODE;
LOCK TABLE shop_orders IN EXCLUSIVE MODE;
LOCK TABLE shop_orders IN ACCESS SHARE MODE;
COMMIT;
LOCK TABLE shop_orders IN EXCLUSIVE MODE;
