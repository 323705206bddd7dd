-- Lists as PostgreSQL shows those of a varchar column in views and constraints.
CREATE TABLE cast_list_items (id integer PRIMARY KEY, status varchar(10), price numeric(8,2));
INSERT INTO cast_list_items VALUES (1, 'new', 1.50), (2, 'paid', 2.00), (3, NULL, NULL), (4, 'old', 3.00);
SELECT id FROM cast_list_items WHERE (status)::text = ANY ((ARRAY['new'::character varying, 'paid'::character varying])::text[]) ORDER BY id;
SELECT id FROM cast_list_items WHERE (status)::text <> ALL ((ARRAY['new'::character varying, 'paid'::character varying])::text[]) ORDER BY id;
SELECT id FROM cast_list_items WHERE id = ANY ((ARRAY[1, 2])::bigint[]) ORDER BY id;
SELECT id FROM cast_list_items WHERE price = ANY (ARRAY['1.50', '3']::numeric[]) ORDER BY id;
CREATE VIEW cast_list_view AS SELECT id FROM cast_list_items WHERE (status)::text = ANY ((ARRAY['new'::character varying, 'old'::character varying])::text[]);
SELECT id FROM cast_list_view ORDER BY id;
