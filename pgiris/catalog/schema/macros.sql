-- Helpers of the views. One statement per paragraph.

CREATE MACRO pgx.role_name(o) AS (SELECT rolname FROM pgc.pg_authid WHERE oid = o);

CREATE MACRO pgx.yes_or_no(condition) AS CASE WHEN condition THEN 'YES' ELSE 'NO' END;

CREATE MACRO pgx.quoted(name) AS
    CASE WHEN regexp_full_match(name, '[a-z_][a-z0-9_$]*') THEN name ELSE '"' || replace(name, '"', '""') || '"' END;

-- The session's search_path, as the Python functions take it.
CREATE MACRO pgx.path() AS array_to_string(coalesce(getvariable('pgiris_path')::VARCHAR[], ['public']), ',');

-- Whether the session finds a schema's relations without naming it.
CREATE MACRO pgx.in_path(schema) AS list_contains(coalesce(getvariable('pgiris_path')::VARCHAR[], ['public']), schema);

-- Schemas that information_schema is silent about: of the temporary tables of others.
CREATE MACRO pgx.is_hidden(schema) AS schema = 'pg_toast' OR (starts_with(schema, 'pg_temp_') AND NOT pgx.in_path(schema));

-- information_schema's facts of a type and its modifier

CREATE MACRO pgx.character_length(type, modifier) AS CASE
    WHEN type IN (1042, 1043) AND modifier <> -1 THEN modifier - 4
    WHEN type IN (1560, 1562) AND modifier <> -1 THEN modifier END;

CREATE MACRO pgx.octet_length(type, modifier) AS CASE
    WHEN type IN (25, 1042, 1043) AND modifier = -1 THEN 1073741824
    WHEN type IN (1042, 1043) THEN (modifier - 4) * 4 END;

CREATE MACRO pgx.numeric_precision(type, modifier) AS CASE type
    WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24 WHEN 701 THEN 53
    WHEN 1700 THEN CASE WHEN modifier <> -1 THEN ((modifier - 4) >> 16) & 65535 END END;

CREATE MACRO pgx.numeric_radix(type) AS CASE WHEN type IN (21, 23, 20, 700, 701) THEN 2 WHEN type = 1700 THEN 10 END;

CREATE MACRO pgx.numeric_scale(type, modifier) AS CASE
    WHEN type IN (21, 23, 20) THEN 0
    WHEN type = 1700 AND modifier <> -1 THEN (modifier - 4) & 65535 END;

CREATE MACRO pgx.datetime_precision(type, modifier) AS CASE
    WHEN type = 1082 THEN 0
    WHEN type IN (1083, 1114, 1184, 1266) THEN CASE WHEN modifier < 0 THEN 6 ELSE modifier END
    WHEN type = 1186 THEN CASE WHEN modifier < 0 OR modifier & 65535 = 65535 THEN 6 ELSE modifier & 65535 END END;

-- Types as information_schema shows them: a domain by its base type, an array as ARRAY, what is not in pg_catalog as USER-DEFINED.
CREATE VIEW pgx.shown_type AS
    SELECT t.oid, t.typname, t.typnamespace, b.oid AS base, b.typname AS base_name, n.nspname AS base_schema,
           t.typtype = 'd' AS is_domain, t.typtypmod, t.typcollation, d.nspname AS domain_schema,
           CASE WHEN b.typelem <> 0 AND b.typlen = -1 THEN 'ARRAY'
                WHEN n.nspname = 'pg_catalog' THEN s.name ELSE 'USER-DEFINED' END AS data_type
    FROM pgc.pg_type t
    JOIN pgc.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    JOIN pgc.pg_namespace n ON n.oid = b.typnamespace
    JOIN pgc.pg_namespace d ON d.oid = t.typnamespace
    LEFT JOIN pgx.type_name s ON s.oid = b.oid;

-- Whether the session's user has but what was granted.
CREATE MACRO pgx.is_held_back() AS coalesce(getvariable('pgiris_held_back')::BOOLEAN, false);

-- Roles that the session's user is; all of them where the backend tells of roles and it is none that is held back.
CREATE VIEW pgx.enabled_role AS
    WITH RECURSIVE held (oid) AS (
        SELECT oid FROM pgc.pg_authid WHERE rolname = getvariable('pgiris_user')::VARCHAR
        UNION SELECT m.roleid FROM pgc.pg_auth_members m JOIN held h ON h.oid = m.member
    )
    SELECT a.rolname AS name FROM pgc.pg_authid a
    WHERE a.oid IN (SELECT oid FROM held)
       OR EXISTS (SELECT 1 FROM pgc.pg_authid s WHERE s.rolsuper AND s.rolname = getvariable('pgiris_user')::VARCHAR)
       OR (EXISTS (SELECT 1 FROM pgx.told_role) AND NOT pgx.is_held_back());

-- Whether information_schema shows what the one has granted to the other.
CREATE MACRO pgx.shows(grantor, grantee) AS NOT pgx.is_held_back() OR grantee = 'PUBLIC'
    OR grantor IN (SELECT name FROM pgx.enabled_role) OR grantee IN (SELECT name FROM pgx.enabled_role);

-- What is granted: an entry of an ACL (grantee=letters/grantor, a star after a letter: with grant option), one privilege a row.
CREATE MACRO pgx.privileges(acl, owner, letters) AS list_transform(
    coalesce(acl, [owner || '=' || letters || '/' || owner]), lambda entry: {
        'grantor': regexp_extract(entry, '/"?([^"]*)"?$', 1),
        'grantee': coalesce(nullif(regexp_extract(entry, '^"?([^"=]*)"?=', 1), ''), 'PUBLIC'),
        'letters': regexp_extract(entry, '=([a-zA-Z*]*)/', 1),
        'is_owner': regexp_extract(entry, '^"?([^"=]*)"?=', 1) = owner
    });

-- Relations and columns that something is granted on to the session's user, and relations that the user owns.
CREATE VIEW pgx.granted_relation AS
    SELECT g.oid FROM (SELECT oid, unnest(pgx.privileges(relacl, '', '')) AS entry FROM pgc.pg_class WHERE relacl IS NOT NULL) g
    WHERE g.entry.grantee = 'PUBLIC' OR g.entry.grantee IN (SELECT name FROM pgx.enabled_role)
    UNION ALL
    SELECT c.oid FROM pgc.pg_class c JOIN pgc.pg_authid o ON o.oid = c.relowner
    WHERE c.oid < 16384 OR (c.relacl IS NULL AND o.rolname IN (SELECT name FROM pgx.enabled_role));

CREATE VIEW pgx.granted_column AS
    SELECT g.attrelid, g.attnum
    FROM (SELECT attrelid, attnum, unnest(pgx.privileges(attacl, '', '')) AS entry FROM pgc.pg_attribute WHERE attacl IS NOT NULL) g
    WHERE g.entry.grantee = 'PUBLIC' OR g.entry.grantee IN (SELECT name FROM pgx.enabled_role);

-- Whether information_schema shows the session's user a relation, a column. The lists are those of the views.
CREATE MACRO pgx.sees(relation) AS
    NOT pgx.is_held_back() OR list_contains(getvariable('pgiris_relations')::UINTEGER[], relation)
    OR list_contains(list_transform(getvariable('pgiris_columns')::BIGINT[], lambda c: c // 65536), relation::BIGINT);

CREATE MACRO pgx.sees_column(relation, attribute) AS
    NOT pgx.is_held_back() OR list_contains(getvariable('pgiris_relations')::UINTEGER[], relation)
    OR list_contains(getvariable('pgiris_columns')::BIGINT[], relation::BIGINT * 65536 + attribute);

CREATE MACRO pgx.action(letter) AS CASE letter
    WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END;

CREATE TABLE pgx.privilege AS SELECT * FROM (VALUES ('a', 'INSERT'), ('r', 'SELECT'), ('w', 'UPDATE'), ('d', 'DELETE'),
    ('D', 'TRUNCATE'), ('x', 'REFERENCES'), ('t', 'TRIGGER')) AS p (letter, name);

-- Each argument of each function.
CREATE VIEW pgx.argument AS
    SELECT oid, proname, pronamespace, proargmodes, proargnames, unnest(coalesce(proallargtypes, proargtypes)) AS argument,
           generate_subscripts(coalesce(proallargtypes, proargtypes), 1) AS place
    FROM pgc.pg_proc;

CREATE MACRO pgx.default_of(routine, argument) AS (
    SELECT any_value(d.text) FROM pgx.argument_default d WHERE d.oid = routine AND d.place = argument
);

-- What the parser 'default' of text search tells apart.
CREATE TABLE pgx.token_type AS SELECT * FROM (VALUES
    (1, 'asciiword', 'Word, all ASCII'), (2, 'word', 'Word, all letters'), (3, 'numword', 'Word, letters and digits'),
    (4, 'email', 'Email address'), (5, 'url', 'URL'), (6, 'host', 'Host'), (7, 'sfloat', 'Scientific notation'),
    (8, 'version', 'Version number'), (9, 'hword_numpart', 'Hyphenated word part, letters and digits'),
    (10, 'hword_part', 'Hyphenated word part, all letters'), (11, 'hword_asciipart', 'Hyphenated word part, all ASCII'),
    (12, 'blank', 'Space symbols'), (13, 'tag', 'XML tag'), (14, 'protocol', 'Protocol head'),
    (15, 'numhword', 'Hyphenated word, letters and digits'), (16, 'asciihword', 'Hyphenated word, all ASCII'),
    (17, 'hword', 'Hyphenated word, all letters'), (18, 'url_path', 'URL path'), (19, 'file', 'File or path name'),
    (20, 'float', 'Decimal notation'), (21, 'int', 'Signed integer'), (22, 'uint', 'Unsigned integer'),
    (23, 'entity', 'XML entity')
) AS t (tokid, alias, description);

-- Sessions that hold an advisory lock which this one waits for.
CREATE MACRO pgx.blocking_pids(waiting) AS CASE WHEN waiting IS NOT NULL THEN coalesce((
    SELECT list(DISTINCT h.pid ORDER BY h.pid) FROM pgc.pg_locks w JOIN pgc.pg_locks h
    ON h.granted AND h.pid <> w.pid AND (h.mode = 'ExclusiveLock' OR w.mode = 'ExclusiveLock')
    AND (h.database, h.classid, h.objid, h.objsubid) = (w.database, w.classid, w.objid, w.objsubid)
    WHERE NOT w.granted AND w.pid = waiting), []) END;
