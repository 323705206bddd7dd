-- What an ORM with an IRIS dialect sends: DDL with identity, TOP and numbered pages, %EXACT on ordered strings, introspection.

CREATE TABLE app.account (id INTEGER IDENTITY NOT NULL, email VARCHAR(80) NOT NULL, nick VARCHAR(65535), active BIT,
 balance NUMERIC(10, 2), "level" SMALLINT DEFAULT 1, born DATE, seen TIMESTAMP, CONSTRAINT pk_account PRIMARY KEY (id),
 CONSTRAINT uq_email UNIQUE (email)) WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1

CREATE TABLE app.note (id BIGINT AUTO_INCREMENT, account_id INTEGER, body LONGVARCHAR, PRIMARY KEY (id),
 CONSTRAINT fk_note FOREIGN KEY (account_id) REFERENCES app.account (id) ON DELETE CASCADE)

CREATE INDEX ix_nick ON app.account (nick)

INSERT INTO app.account (email, nick, active, balance, born, seen) VALUES ('a@x.org', 'Ann', 1, 10.5, '2000-02-29', '2024-01-02 03:04:05.678')

INSERT INTO app.account (email, nick, active, balance) VALUES ('b@x.org', 'bob', 0, 7)

INSERT INTO app.account (email, nick, active) VALUES ('c@x.org', NULL, NULL)

SELECT LAST_IDENTITY()
= [(3,)]

INSERT INTO app.account (email) VALUES ('A@X.org')
! -119

INSERT INTO app.note (account_id, body) VALUES (1, 'first')

INSERT INTO app.note (account_id, body) VALUES (99, 'none')
! -121

SELECT TOP 2 account.id, account.email FROM app.account AS account WHERE account.active = 1 OR account.active IS NULL ORDER BY account.id DESC
= [(3, 'c@x.org'), (1, 'a@x.org')]

SELECT id, email FROM (SELECT account.id AS id, account.email AS email, ROW_NUMBER() OVER (ORDER BY account.id) AS iris_rn
 FROM app.account AS account) AS anon_1 WHERE iris_rn > 1 AND iris_rn <= 1 + 1
= [(2, 'b@x.org')]

SELECT %EXACT(account.nick) AS nick FROM app.account AS account WHERE account.nick IS NOT NULL ORDER BY nick
= [('Ann',), ('bob',)]

SELECT account.id FROM app.account AS account ORDER BY account.id LIMIT 2 OFFSET 1
= [(2,), (3,)]

SELECT CASE WHEN EXISTS(SELECT 1 FROM app.note WHERE note.account_id = 1) THEN 1 ELSE 0 END AS anon_1
= [(1,)]

SELECT (SELECT 1 WHERE EXISTS(SELECT note.id FROM app.note WHERE note.account_id = account.id)) AS has, account.id FROM app.account ORDER BY account.id
= [(1, 1), (None, 2), (None, 3)]

SELECT 1 WHERE 1!=1
= []

SELECT account."level", CAST(account.balance AS VARCHAR(20)) FROM app.account AS account WHERE account.email = 'a@x.org'
= [(1, '10.5')]

UPDATE app.account SET balance = account.balance + 1.25, "level" = 2 WHERE account.id = 1
# 1

DELETE FROM app.account WHERE account.id = 1
# 1

SELECT COUNT(*) AS count_1 FROM app.note
= [(0,)]

SELECT TABLES.TABLE_NAME FROM INFORMATION_SCHEMA.TABLES AS TABLES WHERE TABLES.TABLE_SCHEMA = 'App' AND TABLES.TABLE_TYPE = 'BASE TABLE'
 ORDER BY TABLES.TABLE_NAME
= [('account',), ('note',)]

SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, IS_NULLABLE, IS_IDENTITY, AUTO_INCREMENT
 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'app' AND TABLE_NAME = 'account' AND ORDINAL_POSITION IN (1, 2, 5) ORDER BY ORDINAL_POSITION
= [('id', 'integer', None, 10, 0, 'NO', 'YES', 'YES'), ('email', 'varchar', 80, None, None, 'NO', 'NO', 'NO'), ('balance', 'numeric', None, 10, 2, 'YES', 'NO', 'NO')]

SELECT kcu.CONSTRAINT_NAME, kcu.COLUMN_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS kcu JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS tc
 ON tc.CONSTRAINT_NAME = kcu.CONSTRAINT_NAME AND tc.TABLE_NAME = kcu.TABLE_NAME WHERE kcu.TABLE_SCHEMA = 'app' AND kcu.TABLE_NAME = 'account'
 AND tc.CONSTRAINT_TYPE = 'PRIMARY KEY'
= [('pk_account', 'id')]

SELECT CONSTRAINT_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE WHERE TABLE_SCHEMA = 'app' ORDER BY CONSTRAINT_NAME, COLUMN_NAME
= [('fk_note', 'id'), ('note_PKEY1', 'id'), ('pk_account', 'id'), ('uq_email', 'email')]

SELECT rc.CONSTRAINT_NAME, rc.UNIQUE_CONSTRAINT_TABLE, rc.DELETE_RULE FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS AS rc WHERE rc.CONSTRAINT_TABLE_NAME = 'note'
= [('fk_note', 'account', 'CASCADE')]

SELECT %SYSTEM_SQL.Util_GetOption('IsolationMode')
= [('0',)]

%CHECKPRIV SELECT ON app.account

%CHECKPRIV SELECT ON app.nothing
! -30

DROP TABLE app.account
! -320

DROP TABLE app.note

DROP TABLE IF EXISTS app.account CASCADE
