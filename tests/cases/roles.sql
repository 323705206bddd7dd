CREATE ROLE bob LOGIN PASSWORD 'secret'
=> CREATE USER bob IDENTIFY BY 'secret'

create user "Bob" with encrypted password 'secret' nocreatedb nosuperuser inherit connection limit -1 valid until 'infinity'
=> CREATE USER Bob IDENTIFY BY 'secret'

CREATE ROLE accountants
=> CREATE ROLE accountants

CREATE USER accountants NOLOGIN
=> CREATE ROLE accountants

CREATE ROLE chief WITH SUPERUSER IN ROLE accountants, clerks ROLE bob ADMIN ann
=> CREATE ROLE chief
=> GRANT %All TO chief
=> GRANT accountants TO chief
=> GRANT clerks TO chief
=> GRANT chief TO bob
=> GRANT chief TO ann WITH ADMIN OPTION

CREATE ROLE clerks PASSWORD 'secret'
=> CREATE ROLE clerks
=~ NOTICE PASSWORD is ignored: a role of IRIS's has none

CREATE USER bob
=! 0A000 a role with LOGIN and without a password is not supported

CREATE ROLE bob LOGIN PASSWORD NULL
=! 0A000 a role with LOGIN and without a password is not supported

CREATE USER bob PASSWORD 'md50123456789abcdef0123456789abcdef'
=! 0A000 an encrypted password is not supported

CREATE USER bob PASSWORD 'it''s'
=! 0A000 a password with a quote is not supported

CREATE ROLE bob CREATEROLE
=! 0A000 CREATEROLE is not supported

CREATE ROLE bob CONNECTION LIMIT 5
=! 0A000 CONNECTION LIMIT is not supported

CREATE ROLE bob VALID UNTIL '2030-01-01'
=! 0A000 VALID UNTIL is not supported

CREATE USER bob IDENTIFY BY secret
=> CREATE USER bob IDENTIFY BY secret

ALTER ROLE bob PASSWORD 'other'
=> ALTER USER bob IDENTIFY BY 'other'

ALTER USER bob WITH SUPERUSER
=> GRANT %All TO bob

ALTER ROLE bob NOSUPERUSER NOCREATEDB
=> REVOKE %All FROM bob

ALTER ROLE bob NOCREATEDB
=. NOTHING

ALTER ROLE bob NOLOGIN
=! 0A000 ALTER ROLE ... NOLOGIN is not supported

ALTER ROLE bob SET search_path = s
=! 0A000 ALTER ROLE ... SET is not supported

ALTER ROLE bob RENAME TO ann
=! 0A000 ALTER ROLE ... RENAME is not supported

ALTER ROLE CURRENT_USER PASSWORD 'x'
=! 0A000 ALTER ROLE CURRENT_USER is not supported

DROP ROLE IF EXISTS a, "B b"
=> DROP ROLE IF EXISTS a
=> DROP ROLE IF EXISTS "B b"

DROP USER bob
=> DROP USER bob

grant select, insert (a, b), update on table t, u to bob, "Some Role" with grant option
=> GRANT SELECT, INSERT(a, b), UPDATE ON SQLUser.t TO bob, "Some Role" WITH GRANT OPTION
=> GRANT SELECT, INSERT(a, b), UPDATE ON SQLUser.u TO bob, "Some Role" WITH GRANT OPTION

grant all privileges on t to bob
=> GRANT ALL ON SQLUser.t TO bob

grant accountants to bob with admin option
=> GRANT accountants TO bob WITH ADMIN OPTION

revoke admin option for accountants, clerks from bob restrict
=> REVOKE ADMIN OPTION FOR accountants, clerks FROM bob

revoke accountants from bob cascade
=! 0A000 REVOKE ... CASCADE of a role is not supported

grant accountants to public
=! 42704 role "public" does not exist

grant select on t to public
=> GRANT SELECT ON SQLUser.t TO _PUBLIC

grant select on schema public, other to bob
=> GRANT SELECT ON SCHEMA SQLUser TO bob
=> GRANT SELECT ON SCHEMA other TO bob

grant usage on schema public to bob
=. NOTHING
=~ NOTICE GRANT ON SCHEMA is ignored: IRIS has no privileges on it

grant all on all sequences in schema public to bob
=. NOTHING
=~ NOTICE GRANT ON SEQUENCE is ignored: IRIS has no privileges on it

grant all privileges on database app to bob
=. NOTHING
=~ NOTICE GRANT ON DATABASE is ignored: IRIS has no privileges on it

revoke create on schema public from public
=. NOTHING
=~ NOTICE REVOKE ON SCHEMA is ignored: IRIS has no privileges on it

revoke all on schema public from public
=! 0A000 REVOKE ON SCHEMA is not supported

revoke connect on database app from public
=! 0A000 REVOKE ON DATABASE is not supported

grant create on schema public to bob
=! 0A000 the privilege CREATE is not supported

grant execute on all functions in schema public to bob
=! 0A000 GRANT ON ALL FUNCTIONS is not supported

grant truncate on t to bob
=! 0A000 the privilege TRUNCATE is not supported

grant select on nope to bob
=! 42P01 relation "nope" does not exist

grant select on t to current_user
=! 0A000 GRANT for CURRENT_USER is not supported

GRANT %CREATE_TABLE, %DROP_TABLE TO bob WITH ADMIN OPTION
=> GRANT %CREATE_TABLE, %DROP_TABLE TO bob WITH ADMIN OPTION

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO bob
=! 0A000 ALTER DEFAULT PRIVILEGES is not supported

REASSIGN OWNED BY bob TO ann
=! 0A000 REASSIGN OWNED is not supported

DROP OWNED BY bob
=! 0A000 DROP OWNED is not supported

revoke select, delete on u from bob
=> REVOKE SELECT, DELETE ON SQLUser.u FROM bob
=> REVOKE SELECT(id, t_id, name) ON SQLUser.u FROM bob

revoke grant option for all on u from bob cascade
=> REVOKE GRANT OPTION FOR ALL ON SQLUser.u FROM bob CASCADE
=> REVOKE GRANT OPTION FOR SELECT(id, t_id, name), INSERT(id, t_id, name), UPDATE(id, t_id, name), REFERENCES(id, t_id, name) ON SQLUser.u FROM bob CASCADE

revoke update (name) on u from bob
=> REVOKE UPDATE(name) ON SQLUser.u FROM bob

grant select on all tables in schema public to bob, public
=> GRANT SELECT ON SQLUser.t TO bob, _PUBLIC
=> GRANT SELECT ON SQLUser.u TO bob, _PUBLIC
=> GRANT SELECT ON SQLUser.accounts TO bob, _PUBLIC
=> GRANT SELECT ON SQLUser.items TO bob, _PUBLIC
=> GRANT SELECT ON SQLUser.v TO bob, _PUBLIC

grant select on all tables in schema nowhere to bob
=. NOTHING

grant all (a, b) on t to bob
=> GRANT SELECT(a, b), INSERT(a, b), UPDATE(a, b), REFERENCES(a, b) ON SQLUser.t TO bob

grant delete (a) on t to bob
=! 0LP01 invalid privilege type DELETE for column
