-- What a web framework's backend for IRIS sends: migrations, bulk inserts as UNION ALL, savepoints, introspection.

CREATE TABLE auth_user (id INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY, username VARCHAR(150) NOT NULL UNIQUE, is_staff BIT NOT NULL, joined TIMESTAMP NOT NULL) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1

CREATE TABLE auth_group (id INTEGER AUTO_INCREMENT PRIMARY KEY, user_id INTEGER NOT NULL, name VARCHAR(150))

ALTER TABLE auth_group ADD CONSTRAINT group_user_fk FOREIGN KEY (user_id) REFERENCES auth_user (id) ON DELETE NO ACTION

CREATE UNIQUE INDEX group_name_uniq ON auth_group (name)

INSERT INTO auth_user (username, is_staff, joined) SELECT * FROM (SELECT 'ann', 1, '2024-05-01 10:00:00' UNION ALL SELECT 'bob', 0, '2024-05-02 11:30:00.5')
# 2

INSERT INTO auth_group (user_id, name) VALUES (1, 'Admins')

INSERT INTO auth_group (user_id, name) VALUES (1, 'admins')
! -119

START TRANSACTION

SAVEPOINT s1

UPDATE auth_user SET is_staff = 0 WHERE username = 'ANN'
# 1

ROLLBACK TO SAVEPOINT s1

COMMIT

SELECT username, is_staff FROM auth_user WHERE username LIKE 'A%'
= [('ann', 1)]

SELECT username FROM auth_user WHERE %EXACT(username) LIKE 'A%'
= []

SELECT DATEPART('year', joined), TO_CHAR(joined, 'YYYY-MM-01'), {fn HOUR(joined)} FROM auth_user ORDER BY id
= [(2024, '2024-05-01', 10), (2024, '2024-05-01', 11)]

SELECT DATEDIFF('ss', {ts '2024-05-01 10:00:00'}, joined), DATEADD('dd', 1, joined) FROM auth_user WHERE id = 2
= [(91800, '2024-05-03 11:30:00.5')]

SELECT * FROM (SELECT U.id, ROW_NUMBER() OVER (ORDER BY U.username DESC) AS row_number FROM auth_user U) WHERE row_number BETWEEN 1 AND 1 ORDER BY row_number
= [(2, 1)]

SELECT COUNT(*) FROM (SELECT DISTINCT is_staff FROM auth_user) subquery
= [(2,)]

SELECT TABLE_SCHEMA,TABLE_NAME FROM information_schema.tables WHERE TABLE_TYPE = 'BASE TABLE' AND NOT (TABLE_SCHEMA %STARTSWITH 'Ens') ORDER BY TABLE_NAME
= [('SQLUser', 'auth_group'), ('SQLUser', 'auth_user')]

SELECT kc.constraint_name, kc.column_name, kc.referenced_table_name, c.constraint_type FROM information_schema.key_column_usage AS kc, information_schema.table_constraints AS c
 WHERE kc.table_schema = 'SQLUser' AND kc.table_name = 'auth_group' AND c.table_schema = kc.table_schema AND c.constraint_name = kc.constraint_name AND c.constraint_type != 'CHECK'
 ORDER BY kc.ordinal_position, kc.constraint_name
= [('auth_group_PKEY1', 'id', None, 'PRIMARY KEY'), ('group_user_fk', 'user_id', 'auth_user', 'FOREIGN KEY')]

SELECT cc.constraint_name, cc.check_clause FROM information_schema.check_constraints AS cc, information_schema.table_constraints AS tc WHERE cc.constraint_name = tc.constraint_name
= []

SELECT INDEX_NAME, COLUMN_NAME, PRIMARY_KEY, NON_UNIQUE, ASC_OR_DESC FROM INFORMATION_SCHEMA. INDEXES WHERE TABLE_SCHEMA = 'SQLUser' AND TABLE_NAME = 'auth_group' ORDER BY INDEX_NAME
= [('auth_group_PKEY1', 'id', 1, 0, 'A'), ('group_name_uniq', 'name', 0, 0, 'A')]

ALTER TABLE auth_group ALTER COLUMN name RENAME title

ALTER TABLE auth_group ALTER COLUMN title DEFAULT 'none'

ALTER TABLE auth_group ALTER COLUMN title NOT NULL

DELETE FROM auth_user WHERE id = 1
! -124

DELETE %NOCHECK FROM auth_user WHERE id = 1
# 1

TRUNCATE TABLE auth_group

ALTER TABLE auth_group DROP CONSTRAINT group_user_fk

DROP TABLE auth_group CASCADE
