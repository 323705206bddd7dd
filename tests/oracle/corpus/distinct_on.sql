-- DISTINCT ON with values in the select list that IRIS cannot say, as Prisma's distinct asks beside joined relations.
create table first_users (id int primary key, name text not null, meta jsonb);
create table first_posts (id int primary key, author_id int references first_users(id), title text not null, published boolean, rating float8, made timestamptz(3));
insert into first_users values (1, 'Ann', '{"a": 1}'), (2, 'Bob', null);
insert into first_posts values (1, 1, 'Hello', true, 4.5, '2024-02-01 10:00+00'), (2, 1, 'Again', false, null, '2024-02-02 11:30:00.5+00'), (3, 2, 'Bobs', true, 1, '2024-02-03 10:00+00'), (4, 1, 'Third', true, 0.1, '2024-02-04 10:00+00'), (5, null, 'Orphan', true, 2.25, '2024-02-05 10:00+00');
SELECT DISTINCT ON (t0.author_id) t0.id, a.d FROM first_posts t0 LEFT JOIN LATERAL (SELECT JSONB_BUILD_OBJECT('id', t1.id) d FROM first_users t1 WHERE t0.author_id = t1.id LIMIT 1) a ON true ORDER BY t0.author_id, t0.id DESC;
SELECT DISTINCT ON (author_id) regexp_replace(title, 'o', '0') AS t, to_char(made, 'YYYY-MM') m FROM first_posts ORDER BY author_id, rating DESC LIMIT 2;
SELECT DISTINCT ON (author_id) json_build_object('a', author_id, 't', title) FROM first_posts ORDER BY author_id DESC NULLS LAST, id OFFSET 1;
SELECT DISTINCT ON (a) author_id AS a, regexp_replace(title, 'o', '0') AS t FROM first_posts ORDER BY a, id;
SELECT DISTINCT ON (2) regexp_replace(title, 'o', '0') AS t, author_id FROM first_posts ORDER BY 2, id DESC;
SELECT DISTINCT ON (author_id, published) md5(title), author_id, upper(title) || '!' AS shout FROM first_posts ORDER BY author_id NULLS FIRST, published, id DESC;
SELECT DISTINCT ON (up) upper(title) AS up, md5(title), made FROM first_posts ORDER BY up DESC, id DESC LIMIT 3;
SELECT DISTINCT ON (p.author_id) to_char(p.made, 'DD.MM') AS d, u.meta->>'a' AS a, p.rating FROM first_posts p JOIN first_users u ON u.id = p.author_id ORDER BY p.author_id, p.rating DESC NULLS LAST;
SELECT DISTINCT ON (author_id) author_id, row_number() OVER (ORDER BY id) AS n, md5(title) FROM first_posts ORDER BY author_id, id DESC;
SELECT DISTINCT ON (author_id) md5(title) FROM first_posts WHERE id > $1 ORDER BY author_id, id DESC LIMIT $2;  -- with: 1 | 2
SELECT p.*, t.name, r.id FROM first_posts p LEFT JOIN (first_users t JOIN first_posts r ON r.author_id = t.id AND r.id < 3) ON p.author_id = t.id ORDER BY p.id, r.id;
