-- Constants of timestamptz beside the catalogs are read in the session's time zone.
SET TimeZone = 'America/New_York';
SELECT '2020-01-01'::timestamptz, '2020-01-01 10:00+00'::timestamptz FROM pg_class LIMIT 1;
SELECT coalesce(rolvaliduntil, '2020-07-01 12:00') FROM pg_roles WHERE rolname = 'pg_monitor';
SELECT '{2020-01-01,"2020-01-02 00:00+00",NULL}'::timestamptz[] FROM pg_class LIMIT 1;
SELECT ARRAY['2020-01-01', '2020-01-02 00:00+00']::timestamptz[] FROM pg_class LIMIT 1;
SELECT ARRAY['2020-01-01 03:00+00'::timestamptz]::text[], ARRAY['2020-01-01 03:00+00'::timestamptz]::date[] FROM pg_class LIMIT 1;
SELECT '2020-01-01'::timestamptz = '2020-01-01 05:00+00'::timestamptz FROM pg_class LIMIT 1;
RESET TimeZone;
