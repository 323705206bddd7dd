-- Views that rows are changed through, and what the catalogs say of them.
CREATE TABLE changed_views_base (id int PRIMARY KEY, a text);
CREATE VIEW changed_views_plain AS SELECT id, a FROM changed_views_base WHERE id > 0;
CREATE VIEW changed_views_count AS SELECT count(*) AS c FROM changed_views_base;
CREATE VIEW changed_views_checked AS SELECT id FROM changed_views_base WHERE id > 0 WITH CHECK OPTION;
CREATE VIEW changed_views_local AS SELECT id FROM changed_views_base WHERE id > 0 WITH LOCAL CHECK OPTION;
INSERT INTO changed_views_plain VALUES (1, 'x');
UPDATE changed_views_plain SET a = 'y' WHERE id = 1;
SELECT * FROM changed_views_base;
DELETE FROM changed_views_plain;
SELECT table_name, is_updatable, is_insertable_into, check_option FROM information_schema.views WHERE table_name LIKE 'changed\_views\_%' ORDER BY 1;
SELECT table_name, is_insertable_into FROM information_schema.tables WHERE table_name LIKE 'changed\_views\_%' ORDER BY 1;
SELECT table_name, column_name, is_updatable FROM information_schema.columns WHERE table_name LIKE 'changed\_views\_%' ORDER BY 1, 2;
SELECT relname, reloptions, pg_relation_is_updatable(oid, false), pg_column_is_updatable(oid, 1::int2, false) FROM pg_class WHERE relname LIKE 'changed\_views\_%' AND relkind IN ('r', 'v') ORDER BY 1;
SELECT 1259::regtype, 1259::regtype::text, 4294967000::regclass, 4294967000::regproc, 4294967000::regrole::text, 4294967000::regnamespace, 0::regtype, format_type(1259, NULL);
DROP VIEW changed_views_plain, changed_views_count, changed_views_checked, changed_views_local;
DROP TABLE changed_views_base;
