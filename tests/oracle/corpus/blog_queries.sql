-- schema: blog
-- As ORMs and their users write: joins, counts, filters, windows, documents.
SELECT "u"."id", "u"."username", COUNT("p"."id") AS "num_posts" FROM "users" "u" LEFT OUTER JOIN "posts" "p" ON ("u"."id" = "p"."author_id") GROUP BY "u"."id" ORDER BY "num_posts" DESC, "u"."id";
SELECT "users"."id", (SELECT COUNT(*) FROM "posts" U0 WHERE U0."author_id" = ("users"."id")) AS "cnt" FROM "users" WHERE (SELECT COUNT(*) FROM "posts" U0 WHERE U0."author_id" = ("users"."id")) > 0 ORDER BY 1;
SELECT DISTINCT "tags"."name" FROM "tags" INNER JOIN "posts_tags" ON ("tags"."id" = "posts_tags"."tag_id") INNER JOIN "posts" ON ("posts_tags"."post_id" = "posts"."id") WHERE "posts"."published" = true ORDER BY "tags"."name" ASC;
SELECT anon_1.username, anon_1.total FROM (SELECT users.username AS username, sum(posts.views) AS total FROM users JOIN posts ON posts.author_id = users.id GROUP BY users.username) AS anon_1 WHERE anon_1.total > 50 ORDER BY anon_1.total DESC;
SELECT posts.id, posts.title, users_1.id AS id_1, users_1.username FROM posts LEFT OUTER JOIN users AS users_1 ON users_1.id = posts.author_id ORDER BY posts.id LIMIT 2 OFFSET 1;
SELECT count(*) AS count_1 FROM (SELECT DISTINCT posts.author_id AS author_id FROM posts) AS anon_1;
SELECT EXISTS (SELECT * FROM posts WHERE posts.views > 100) AS anon_1;
SELECT EXISTS(SELECT 1 AS "a" FROM "users" WHERE "users"."username" = 'bob' LIMIT 1) AS "exists";
SELECT (1) AS "a" FROM "users" WHERE "users"."id" = 1 LIMIT 1;
SELECT 1 AS one FROM "users" WHERE "users"."username" = 'bob' LIMIT 1;
SELECT COUNT(*) FROM (SELECT 1 AS one FROM "posts" LIMIT 2 OFFSET 1) subquery_for_count;
SELECT "posts".* FROM "posts" WHERE "posts"."published_at" BETWEEN '2023-01-01 00:00:00' AND '2023-12-31 23:59:59' ORDER BY "posts"."published_at" DESC NULLS LAST;
SELECT MAX("posts"."views") AS max_views, MIN("posts"."rating"), AVG("posts"."rating"), SUM("posts"."views") FROM "posts";
SELECT "posts"."author_id", COUNT(*) AS count_all, MAX("posts"."views") FROM "posts" GROUP BY "posts"."author_id" HAVING (COUNT(*) > 1);
SELECT "posts"."id", "posts"."meta" ->> 'lang' AS lang FROM "posts" WHERE "posts"."meta" ->> 'lang' = 'en' ORDER BY "posts"."id";
SELECT "posts"."id" FROM "posts" WHERE ("posts"."meta" -> 'words')::int > 4 ORDER BY 1;
SELECT "posts"."id" FROM "posts" WHERE "posts"."meta" @> '{"lang": "en"}' ORDER BY 1;
SELECT "posts"."id" FROM "posts" WHERE "posts"."meta" ? 'tags';
SELECT "posts"."id", jsonb_array_length("posts"."meta" -> 'tags') FROM "posts" WHERE "posts"."meta" ? 'tags';
SELECT id, meta -> 'tags' -> 0 AS first, meta #>> '{tags,1}' AS second FROM posts WHERE id = 2;
SELECT id, jsonb_array_length(meta -> 'tags') FROM posts ORDER BY id;
SELECT id FROM posts WHERE meta IS NULL;
SELECT u.username, p.title, c.content FROM comments c JOIN posts p ON p.id = c.post_id LEFT JOIN users u ON u.id = c.user_id ORDER BY c.id;
SELECT p.title, array_agg(t.name ORDER BY t.name) AS tags FROM posts p JOIN posts_tags pt ON pt.post_id = p.id JOIN tags t ON t.id = pt.tag_id GROUP BY p.id, p.title ORDER BY p.title;
SELECT p.title, string_agg(t.name, ', ' ORDER BY t.name) FROM posts p LEFT JOIN posts_tags pt ON pt.post_id = p.id LEFT JOIN tags t ON t.id = pt.tag_id GROUP BY p.id ORDER BY p.id;
SELECT p.id, coalesce(json_agg(json_build_object('id', c.id, 'content', c.content) ORDER BY c.id) FILTER (WHERE c.id IS NOT NULL), '[]') AS comments FROM posts p LEFT JOIN comments c ON c.post_id = p.id GROUP BY p.id ORDER BY p.id;
SELECT username, email IS NULL AS no_email, coalesce(nullif(email, ''), 'n/a') AS mail FROM users ORDER BY id;
SELECT username, CASE WHEN karma >= 50 THEN 'gold' WHEN karma > 0 THEN 'silver' ELSE 'none' END AS level FROM users ORDER BY id;
SELECT upper(left(username, 1)) || substr(username, 2) AS nice FROM users ORDER BY lower(username);
SELECT id, joined_at::date, joined_at AT TIME ZONE 'America/New_York' AS ny, extract(year FROM joined_at)::int AS y FROM users ORDER BY joined_at;
SELECT date_trunc('month', joined_at) AS m, count(*) FROM users GROUP BY 1 ORDER BY 1;
SELECT id, now() - joined_at > interval '1 day' AS old FROM users ORDER BY id;
SELECT id, age(timestamptz '2024-06-01 00:00+00', joined_at) FROM users ORDER BY id;
SELECT id, published_at, published_at + interval '1 month' AS next, published_at - interval '1 week 2 days' AS prev FROM posts WHERE published_at IS NOT NULL ORDER BY id;
SELECT id, to_char(published_at, 'YYYY"W"IW') AS week, to_char(views, 'FM000000') AS v FROM posts ORDER BY id;
SELECT title, length(title), char_length(body), octet_length(title), position('o' in title), strpos(title, 'SQL') FROM posts ORDER BY id;
SELECT title FROM posts WHERE title ILIKE '%sql%' OR body LIKE '%todo%' ORDER BY id;
SELECT title FROM posts WHERE title ~* '^(hello|draft)' ORDER BY id;
SELECT title FROM posts WHERE title SIMILAR TO '%(World|tips)' ORDER BY id;
SELECT title, views, rank() OVER (ORDER BY views DESC), sum(views) OVER (ORDER BY id) AS running, round(100.0 * views / sum(views) OVER (), 2) AS pct FROM posts ORDER BY id;
SELECT author_id, title, row_number() OVER (PARTITION BY author_id ORDER BY published_at DESC NULLS LAST) AS rn FROM posts ORDER BY author_id, rn;
SELECT DISTINCT ON (author_id) author_id, title, views FROM posts ORDER BY author_id, views DESC;
SELECT author_id, max(views) FILTER (WHERE published) AS best, count(*) FILTER (WHERE NOT published) AS drafts FROM posts GROUP BY author_id ORDER BY author_id;
SELECT * FROM (SELECT id, title, ntile(2) OVER (ORDER BY id) AS half FROM posts) q WHERE half = 1 ORDER BY id;
WITH ranked AS (SELECT p.*, rank() OVER (PARTITION BY author_id ORDER BY views DESC) AS r FROM posts p) SELECT id, title, r FROM ranked WHERE r = 1 ORDER BY id;
WITH active AS (SELECT id FROM users WHERE karma > 0), stats AS (SELECT author_id, count(*) AS n, avg(views) AS v FROM posts GROUP BY author_id) SELECT a.id, s.n, s.v FROM active a LEFT JOIN stats s ON s.author_id = a.id ORDER BY a.id;
SELECT u.id, u.username, s.* FROM users u LEFT JOIN LATERAL (SELECT p.id AS post_id, p.title FROM posts p WHERE p.author_id = u.id ORDER BY p.views DESC LIMIT 1) s ON true ORDER BY u.id;
SELECT id FROM users WHERE id IN (SELECT author_id FROM posts WHERE published) AND id NOT IN (SELECT user_id FROM comments WHERE user_id IS NOT NULL) ORDER BY id;
SELECT id FROM users EXCEPT SELECT author_id FROM posts ORDER BY 1;
SELECT id FROM users INTERSECT SELECT user_id FROM comments ORDER BY 1;
(SELECT 'user' AS kind, username AS name FROM users ORDER BY id LIMIT 1) UNION ALL (SELECT 'tag', name FROM tags ORDER BY id DESC LIMIT 1) ORDER BY kind;
SELECT 'post' AS kind, count(*)::int AS n FROM posts UNION ALL SELECT 'comment', count(*)::int FROM comments ORDER BY kind;
SELECT u.username, p.title FROM users u CROSS JOIN LATERAL (VALUES (1, 'a'), (2, 'b')) AS v(n, l) JOIN posts p ON p.id = v.n WHERE u.id = 1 ORDER BY p.id;
SELECT greatest(views, 100), least(rating, 4.0), coalesce(rating, 0), round(rating::numeric, 1), rating * 2, views / 7, views % 7, views / 7.0 FROM posts ORDER BY id;
SELECT count(*), count(rating), count(DISTINCT author_id), sum(views::bigint), avg(views), bool_or(published), bool_and(published), every(published) FROM posts;
SELECT uid, uid IS NOT NULL, uid::text FROM posts ORDER BY id;
SELECT id FROM posts WHERE uid = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
SELECT * FROM posts WHERE id = $1 AND published = $2; -- with: 1 | true
SELECT id, title FROM posts WHERE author_id = $1 ORDER BY id LIMIT $2 OFFSET $3; -- with: 1 | 10 | 0
SELECT id FROM posts WHERE published_at >= $1 AND published_at < $2 ORDER BY id; -- with: 2023-01-01 | 2024-01-01
SELECT id FROM posts WHERE title = ANY($1::text[]) ORDER BY id; -- with: {"Hello World",draft}
SELECT id FROM posts WHERE id = ANY($1) AND NOT (author_id = ANY($2)) ORDER BY id; -- with: {1,2,3} | {2}
SELECT id FROM posts WHERE ($1::bool IS NULL OR published = $1) AND ($2::text IS NULL OR title ILIKE $2) ORDER BY id; -- with: NULL | %a%
SELECT id, views + $1 AS more, title || $2 AS t, coalesce(rating, $3) AS r FROM posts ORDER BY id; -- with: 1 | ! | 0.5
SELECT id FROM posts WHERE meta ->> $1 = $2 ORDER BY id; -- with: lang | en
SELECT id FROM posts WHERE meta @> $1 ORDER BY id; -- with: {"lang": "en"}
SELECT count(*) FROM posts WHERE views BETWEEN $1 AND $2; -- with: 0 | 200
SELECT CASE WHEN $1 = 1 THEN 'one' ELSE $2 END; -- with: 1 | x
SELECT id FROM users WHERE (username, karma) = ($1, $2); -- with: alice | 100
SELECT id FROM users WHERE lower(username) = lower($1); -- with: CAROL
SELECT id FROM users WHERE karma > ALL (SELECT karma FROM users WHERE karma IS NOT NULL AND id > 1);
SELECT id FROM users WHERE karma IN (5, -7, NULL) ORDER BY id;
SELECT id FROM users WHERE karma NOT IN (5, -7) ORDER BY id;
SELECT id FROM users WHERE NOT (karma > 0) OR karma IS NULL ORDER BY id;
SELECT id FROM users ORDER BY karma NULLS FIRST, id DESC;
SELECT id FROM users ORDER BY karma DESC, id;
SELECT id FROM users ORDER BY email;
SELECT email FROM users ORDER BY email NULLS FIRST;
SELECT is_staff, count(*) FROM users GROUP BY is_staff ORDER BY is_staff DESC;
SELECT id FROM users WHERE is_staff IS NOT TRUE ORDER BY id;
SELECT id FROM users WHERE joined_at >= '2024-01-01' ORDER BY id;
SELECT id FROM users WHERE joined_at::date = date '2024-02-29';
SELECT id FROM users WHERE extract(month FROM joined_at) = 3 ORDER BY id;
SELECT id FROM users WHERE date_part('year', joined_at) = 2024 ORDER BY id;
SELECT id FROM users WHERE joined_at > now() - interval '100 years' ORDER BY id;
SELECT u1.username, u2.username FROM users u1 JOIN users u2 ON u1.id < u2.id WHERE u1.karma IS NOT DISTINCT FROM u2.karma OR u1.id = 1 ORDER BY 1, 2;
SELECT id::text || '-' || username AS key FROM users ORDER BY key;
SELECT id, karma, karma::numeric(10,2), karma::text, karma::float8 / 3 FROM users ORDER BY id;
SELECT avg(karma)::numeric(10,2), round(avg(karma), 3), sum(karma) * 1.0 / count(*) FROM users;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('users', 'posts') ORDER BY 1;
SELECT md5(username), encode(username::bytea, 'hex'), repeat('*', length(username)::int) FROM users WHERE id = 1;
SELECT username, row_number() OVER w AS rn, lag(username) OVER w AS prev FROM users WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id FROM posts ORDER BY views DESC FETCH FIRST 2 ROWS ONLY;
SELECT p.id FROM posts p WHERE p.views > (SELECT avg(views) FROM posts) ORDER BY 1;
SELECT p.id, p.views - (SELECT avg(views) FROM posts) AS diff FROM posts p ORDER BY 1;
SELECT author_id, avg(views)::int, avg(views) > 100 FROM posts GROUP BY author_id ORDER BY avg(views) DESC;
SELECT author_id FROM posts GROUP BY author_id ORDER BY count(*) DESC, author_id LIMIT 1;
SELECT a.id, b.id FROM posts a, posts b WHERE a.author_id = b.author_id AND a.id <> b.id ORDER BY 1, 2;
SELECT concat_ws(' ', username, email, karma::text) FROM users ORDER BY id;
SELECT split_part(email, '@', 2) AS domain, count(*) FROM users WHERE email LIKE '%@%' GROUP BY 1 ORDER BY 1;
SELECT substring(email FROM '@(.*)$') AS domain FROM users ORDER BY id;
SELECT regexp_replace(title, '\s+', '-', 'g') AS slug, lower(regexp_replace(title, '[^a-zA-Z]+', '_', 'g')) FROM posts ORDER BY id;
SELECT count(*) FROM users u WHERE u.username IN ('alice', 'bob') OR EXISTS (SELECT 1 FROM comments c WHERE c.user_id = u.id AND c.content IS NULL);
SELECT title, published::int, published::text, NOT published AS draft FROM posts ORDER BY id;
SELECT sum(CASE WHEN published THEN 1 ELSE 0 END) AS pub, sum(published::int), count(NULLIF(published, false)) FROM posts;
SELECT id, array_length(string_to_array(body, ' '), 1) AS words FROM posts ORDER BY id;
SELECT json_build_object('id', id, 'title', title, 'views', views, 'published', published, 'rating', rating, 'at', published_at) FROM posts ORDER BY id;
SELECT jsonb_build_object('user', username, 'karma', karma) || '{"x": 1}' FROM users WHERE id = 1;
SELECT jsonb_object_agg(username, karma ORDER BY id) FROM users;
SELECT to_jsonb(username), to_json(karma), to_jsonb(joined_at) FROM users WHERE id = 1;
SELECT row_to_json(u) FROM (SELECT id, username FROM users ORDER BY id) u;
SELECT json_agg(u) FROM (SELECT id, username FROM users ORDER BY id) u;
SELECT to_jsonb(t) FROM tags t WHERE id = 1;
SELECT jsonb_agg(to_jsonb(t) - 'id' ORDER BY t.id) FROM tags t;
SELECT u.id, json_agg(p ORDER BY p.id) FROM users u JOIN (SELECT id, author_id, title FROM posts) p ON p.author_id = u.id GROUP BY u.id ORDER BY u.id;
SELECT users.*, posts.title FROM users, posts WHERE posts.author_id = users.id AND posts.id = 1;
SELECT COUNT(*) AS "__count" FROM "posts" WHERE ("posts"."title" LIKE '%a%' ESCAPE '\' AND UPPER("posts"."body"::text) LIKE UPPER('%TODO%'));
SELECT "users"."id" FROM "users" WHERE ("users"."karma" + 1) * 2 > 10 ORDER BY "users"."id" ASC LIMIT 21;
SELECT CAST("posts"."views" AS varchar) AS v, CAST("posts"."published_at" AS date) AS d FROM "posts" ORDER BY "posts"."id";
SELECT TRUE AS "t", NULL::text AS n, '' AS e, 'NULL' AS s FROM users WHERE id = 1;
SELECT id, username FROM users WHERE username > 'b' ORDER BY username COLLATE "C";
SELECT username FROM users ORDER BY username COLLATE "C" DESC;
SELECT id FROM users WHERE username COLLATE "C" < 'b' ORDER BY id;
SELECT max(username COLLATE "C") FROM users;
SELECT username FROM users GROUP BY username COLLATE "C", username ORDER BY username COLLATE "C";
SELECT row_number() OVER (ORDER BY username COLLATE "C"), username FROM users ORDER BY 1;
