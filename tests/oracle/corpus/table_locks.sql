-- schema: shop
-- LOCK TABLE in transaction blocks.
BEGIN;
LOCK TABLE shop_orders;
LOCK TABLE ONLY shop_orders, shop_products IN SHARE ROW EXCLUSIVE MODE;
LOCK shop_orders IN ROW SHARE MODE NOWAIT;
UPDATE shop_orders SET status = status;
SAVEPOINT s;
LOCK TABLE shop_products IN SHARE MODE;
ROLLBACK TO s;
LOCK TABLE shop_products IN ACCESS EXCLUSIVE MODE NOWAIT;
COMMIT;
BEGIN READ ONLY;
LOCK TABLE shop_orders IN ACCESS SHARE MODE;
COMMIT;
