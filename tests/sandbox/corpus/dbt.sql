-- What a transformation tool sends: seeds, models as views and tables, CTEs on CTEs, snapshots, statistics.

CREATE SCHEMA IF NOT EXISTS raw

CREATE TABLE raw.seed (id BIGINT PRIMARY KEY AUTO_INCREMENT, first_name VARCHAR(50), "GenDEr" VARCHAR(10), amount INTEGER, ordered DATE)

INSERT INTO raw.seed (first_name, "GenDEr", amount, ordered) SELECT * FROM (SELECT 'Jo', 'Male', 100, {d '2024-01-05'} UNION ALL SELECT 'Kim', 'Female', 250, {d '2024-02-06'} UNION ALL SELECT 'Lee', 'Female', 50, {d '2024-02-07'})
# 3

ALTER TABLE raw.seed ALTER COLUMN "GenDEr" VARCHAR(300)

/* a model as a view */ CREATE OR REPLACE VIEW raw.people AS SELECT * FROM raw.seed

WITH users AS (SELECT * FROM raw.people) SELECT gender, COUNT(*) AS ct FROM users GROUP BY gender ORDER BY ct
= [('MALE', 1), ('FEMALE', 2)]

WITH orders AS (SELECT id, first_name, amount / 100 AS amount FROM raw.seed), totals AS (SELECT first_name, SUM(CASE WHEN amount > 1 THEN amount ELSE 0 END) AS big,
 SUM(amount) AS total FROM orders GROUP BY first_name), final AS (SELECT o.id, t.big, t.total FROM orders o LEFT JOIN totals t ON o.first_name = t.first_name)
 SELECT * FROM final ORDER BY id
= [(1, '0', '1'), (2, '2.5', '2.5'), (3, '0', '0.5')]

CREATE TABLE raw.model AS SELECT id, first_name, MIN(ordered) AS first_order FROM raw.seed GROUP BY id, first_name
# 3

SELECT *, CAST(NULL AS TIMESTAMP) AS dbt_valid_to FROM (SELECT id, amount FROM raw.seed WHERE id = 1) sbq
= [(1, 100, None)]

SELECT * FROM (SELECT 'update' AS change_type, s.* FROM (SELECT id, amount, id AS dbt_key FROM raw.seed) AS s JOIN (SELECT id AS dbt_key, first_name FROM raw.model) AS t
 ON t.dbt_key = s.dbt_key WHERE s.amount > 60) AS updates UNION ALL SELECT * FROM (SELECT 'insert', id, amount, id FROM raw.seed WHERE amount < 60) AS inserts ORDER BY 2
= [('update', 1, 100, 1), ('update', 2, 250, 2), ('insert', 3, 50, 3)]

SELECT * FROM raw.seed WHERE ordered > (SELECT MIN(first_order) FROM raw.model) ORDER BY id DESC
= [(3, 'Lee', 'Female', 50, '2024-02-07'), (2, 'Kim', 'Female', 250, '2024-02-06')]

DELETE FROM raw.model WHERE id IN (SELECT id FROM raw.seed WHERE amount > 200)
# 1

ALTER TABLE raw.model ADD COLUMN "note" VARCHAR(20)

SELECT VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = 'raw' AND TABLE_NAME = 'people'
= [('SELECT * FROM raw.seed',)]

TUNE TABLE raw.seed

BUILD INDEX FOR TABLE raw.seed

DROP VIEW IF EXISTS raw.people CASCADE

DROP SCHEMA raw CASCADE
