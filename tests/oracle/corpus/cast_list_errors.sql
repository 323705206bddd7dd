CREATE TABLE cast_list_errors (id integer PRIMARY KEY);
SELECT id FROM cast_list_errors WHERE id = ANY (ARRAY['a', 'b']::int[]);
