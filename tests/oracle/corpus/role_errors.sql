-- Roles and privileges: what is refused.

CREATE TABLE oracle_secret (id int PRIMARY KEY, n int);
CREATE ROLE oracle_clerks;
CREATE ROLE oracle_clerks;
CREATE USER oracle_clerks PASSWORD 'secret';
CREATE ROLE;
CREATE ROLE oracle_other LOGIN LOGIN NONSENSE;
ALTER ROLE oracle_nobody PASSWORD 'secret';
ALTER ROLE oracle_nobody NOCREATEDB;
DROP ROLE oracle_nobody;
DROP ROLE IF EXISTS oracle_nobody;
GRANT SELECT ON oracle_nothing TO oracle_clerks;
GRANT SELECT ON oracle_secret TO oracle_nobody;
GRANT SELECT (missing) ON oracle_secret TO oracle_clerks;
GRANT DELETE (n) ON oracle_secret TO oracle_clerks;
GRANT oracle_nobody TO oracle_clerks;
GRANT oracle_clerks TO oracle_nobody;
GRANT oracle_clerks TO oracle_clerks;
GRANT oracle_clerks TO PUBLIC;
REVOKE SELECT ON oracle_secret FROM oracle_nobody;
REVOKE oracle_nobody FROM oracle_clerks;
SELECT has_table_privilege('oracle_nobody', 'oracle_secret', 'SELECT');
DROP ROLE oracle_clerks;
