-- schema: blog
-- As ORMs write: Django, SQLAlchemy, ActiveRecord, Hibernate, Prisma, TypeORM, Sequelize.
SELECT "users"."id", "users"."username", "users"."email", "users"."is_staff", "users"."joined_at", "users"."karma" FROM "users" WHERE "users"."id" = 1 LIMIT 21;
SELECT "users".* FROM "users" WHERE "users"."username" = $1 LIMIT $2; -- with: bob | 1
SELECT "posts"."id", "posts"."title", "users"."username" FROM "posts" INNER JOIN "users" ON ("posts"."author_id" = "users"."id") WHERE ("posts"."published" AND "users"."is_staff") ORDER BY "posts"."id" ASC;
SELECT COUNT(*) AS "__count" FROM "posts" WHERE "posts"."published";
SELECT COUNT("posts"."id") AS "posts__count", AVG("posts"."views") AS "avg_views", MAX("posts"."rating") AS "best" FROM "posts";
SELECT 1 AS one FROM "posts" WHERE "posts"."author_id" = $1 LIMIT $2; -- with: 1 | 1
SELECT (1) AS "a" FROM "users" WHERE "users"."email" IS NULL LIMIT 1;
SELECT EXISTS(SELECT 1 FROM "posts" WHERE "author_id" = 2) AS "exists";
SELECT "users"."username", COUNT("posts"."id") AS "num_posts" FROM "users" LEFT OUTER JOIN "posts" ON ("users"."id" = "posts"."author_id") GROUP BY "users"."id" ORDER BY "num_posts" DESC, "users"."username" ASC;
SELECT "users"."username" FROM "users" WHERE UPPER("users"."username"::text) LIKE UPPER('%CAR%');
SELECT "users"."username" FROM "users" WHERE "users"."username"::text LIKE 'a%' OR UPPER("users"."email"::text) = UPPER('CAROL@example.com') ORDER BY 1;
SELECT "posts"."title" FROM "posts" WHERE "posts"."published_at" BETWEEN '2023-01-01'::timestamp AND '2023-12-31 23:59:59.999999'::timestamp ORDER BY "posts"."id";
SELECT "posts"."title" FROM "posts" WHERE EXTRACT(MONTH FROM "posts"."published_at") = 6;
SELECT "users"."id" FROM "users" WHERE EXTRACT(YEAR FROM "users"."joined_at" AT TIME ZONE 'UTC') = 2024 ORDER BY "users"."id";
SELECT ("users"."joined_at" AT TIME ZONE 'UTC')::date AS "day", COUNT(*) FROM "users" GROUP BY 1 ORDER BY 1;
SELECT DATE_TRUNC('month', "users"."joined_at" AT TIME ZONE 'UTC') AS "month", COUNT("users"."id") AS "c" FROM "users" GROUP BY 1 ORDER BY 1 ASC;
SELECT "posts"."id", CASE WHEN "posts"."views" > 100 THEN 'hot' WHEN "posts"."views" > 10 THEN 'warm' ELSE 'cold' END AS "heat" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id", ("posts"."views" * 2 + 1) AS "twice", ("posts"."rating" / 2) AS "half" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id", COALESCE("posts"."rating", 0.0) AS "r", GREATEST("posts"."views", 50) AS "g" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id", (SELECT COUNT(*) FROM "comments" U0 WHERE U0."post_id" = ("posts"."id")) AS "n" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id", EXISTS(SELECT 1 AS "a" FROM "comments" U0 WHERE U0."post_id" = ("posts"."id") LIMIT 1) AS "has" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id" FROM "posts" WHERE NOT EXISTS(SELECT 1 FROM "comments" U0 WHERE U0."post_id" = "posts"."id") ORDER BY 1;
SELECT "posts"."id", (SELECT U0."content" FROM "comments" U0 WHERE U0."post_id" = "posts"."id" ORDER BY U0."created_at" DESC LIMIT 1) AS "last" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id", ROW_NUMBER() OVER (PARTITION BY "posts"."author_id" ORDER BY "posts"."views" DESC) AS "rank" FROM "posts" ORDER BY "posts"."id" ASC;
SELECT "posts"."title" FROM "posts" WHERE "posts"."id" IN (SELECT U0."post_id" FROM "posts_tags" U0 INNER JOIN "tags" U1 ON (U0."tag_id" = U1."id") WHERE U1."name" = 'intro') ORDER BY "posts"."title";
SELECT DISTINCT "users"."username" FROM "users" INNER JOIN "posts" ON "users"."id" = "posts"."author_id" ORDER BY "users"."username";
SELECT "t"."name", "pt"."post_id" FROM "tags" "t" LEFT JOIN "posts_tags" "pt" ON "pt"."tag_id" = "t"."id" ORDER BY "t"."name", "pt"."post_id";
SELECT "posts"."title" FROM "posts" WHERE ("posts"."meta" ->> 'lang') = 'de';
SELECT "posts"."id", ("posts"."meta" -> 'words') AS "w", ("posts"."meta" #>> '{tags,0}') AS "t" FROM "posts" ORDER BY "posts"."id";
SELECT "posts"."id" FROM "posts" WHERE "posts"."meta" @> '{"lang": "en"}'::jsonb ORDER BY "posts"."id";
SELECT "posts"."id" FROM "posts" WHERE "posts"."uid" = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid;
SELECT "posts"."id" FROM "posts" ORDER BY "posts"."published_at" DESC NULLS LAST, "posts"."id" DESC LIMIT 2 OFFSET 1;
SELECT COUNT(*) FROM (SELECT DISTINCT "posts"."author_id" AS "col1" FROM "posts") subquery;
SELECT COUNT(*) FROM (SELECT "posts"."id" AS "col1" FROM "posts" GROUP BY 1 HAVING COUNT(*) > 0) subquery;
(SELECT "users"."username" AS "name" FROM "users" WHERE "users"."is_staff") UNION (SELECT "tags"."name" AS "name" FROM "tags") ORDER BY (1) ASC LIMIT 3;
SELECT posts_1.id AS posts_1_id, posts_1.title AS posts_1_title, anon_1.n AS anon_1_n FROM (SELECT comments.post_id AS post_id, count(*) AS n FROM comments GROUP BY comments.post_id) AS anon_1 JOIN posts AS posts_1 ON anon_1.post_id = posts_1.id ORDER BY posts_1.id;
SELECT users.id, users.username, posts_1.id AS id_1, posts_1.title FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.author_id WHERE users.id IN ($1::BIGINT, $2::BIGINT) ORDER BY users.id, posts_1.id; -- with: 1 | 4
select u1_0.id,u1_0.username,u1_0.karma from users u1_0 where u1_0.karma>$1 order by u1_0.karma desc fetch first $2 rows only; -- with: 0 | 5
select count(u1_0.id) from users u1_0 where lower(u1_0.username) like $1 escape '\'; -- with: %a%
select p1_0.id,p1_0.title,a1_0.id,a1_0.username from posts p1_0 join users a1_0 on a1_0.id=p1_0.author_id where p1_0.views between $1 and $2 order by p1_0.id; -- with: 10 | 200
SELECT "public"."users"."id", "public"."users"."username" FROM "public"."users" WHERE ("public"."users"."username" = $1 AND 1=1) ORDER BY "public"."users"."id" ASC LIMIT $2 OFFSET $3; -- with: alice | 1 | 0
SELECT "public"."posts"."id" FROM "public"."posts" WHERE ("public"."posts"."title"::text ILIKE $1 AND "public"."posts"."id" NOT IN ($2,$3)) ORDER BY "public"."posts"."id"; -- with: %l% | 3 | 4
SELECT "User"."id", "User"."username", "posts"."id" AS "posts.id" FROM "users" AS "User" LEFT OUTER JOIN "posts" AS "posts" ON "User"."id" = "posts"."author_id" AND "posts"."published" = true ORDER BY "User"."id", "posts"."id";
SELECT count(*) AS "count" FROM "users" AS "User" WHERE "User"."karma" > 0 AND ("User"."is_staff" = true OR "User"."email" IS NOT NULL);
SELECT "users"."is_staff", count(*) AS count_all FROM "users" GROUP BY "users"."is_staff" ORDER BY 1;
SELECT SUM("posts"."views") FROM "posts" WHERE "posts"."published" = TRUE;
SELECT "posts"."title" FROM "posts" WHERE "posts"."published" IS TRUE AND "posts"."rating" IS NOT NULL ORDER BY "posts"."rating" DESC, 1;
SELECT "users"."username" FROM "users" WHERE NOT ("users"."karma" > 0 AND "users"."karma" IS NOT NULL) ORDER BY "users"."id";
SELECT "users"."username" FROM "users" WHERE "users"."email" = '' OR "users"."email" IS NULL ORDER BY "users"."username";
SELECT CONCAT("users"."username", ' <', "users"."email", '>') AS "full" FROM "users" ORDER BY "users"."id";
SELECT LENGTH("posts"."title") AS "l", UPPER("posts"."title"), SUBSTRING("posts"."body", 1, 5), REPLACE("posts"."body", 'e', 'E') FROM "posts" ORDER BY "posts"."id";
SELECT md5("users"."username"), LEFT("users"."username", 2), RIGHT("users"."username", 2), REVERSE("users"."username"), STRPOS("users"."username", 'a') FROM "users" ORDER BY "users"."id";
INSERT INTO "tags" ("name") VALUES ('new') RETURNING "tags"."id";
INSERT INTO "tags" ("name") VALUES ('x'), ('y') RETURNING "id", "name";
INSERT INTO "tags" ("name") VALUES ('db') ON CONFLICT ("name") DO UPDATE SET "name" = EXCLUDED."name" RETURNING "id";
INSERT INTO "posts_tags" ("post_id", "tag_id") VALUES (1, 1), (1, 2) ON CONFLICT DO NOTHING;
INSERT INTO "users" ("username", "joined_at") VALUES ($1, $2) RETURNING "id"; -- with: erin | 2024-04-01T10:00:00Z
INSERT INTO "posts" ("author_id", "title", "body") SELECT "id", 'Welcome ' || "username", '' FROM "users" WHERE "karma" < 0 RETURNING "title", "published", "views";
INSERT INTO "comments" ("post_id", "content", "created_at") VALUES (1, E'line\nbreak', '2024-01-01'), (1, 'quote '' and "double"', '2024-01-02') RETURNING "id", "content";
UPDATE "users" SET "karma" = ("users"."karma" + 1) WHERE "users"."id" = 1;
UPDATE "users" SET "karma" = COALESCE("karma", 0) + $1, "email" = $2 WHERE "id" = $3 RETURNING "karma", "email"; -- with: 10 | c@x.org | 3
UPDATE "posts" SET "views" = CASE WHEN ("posts"."id" = 1) THEN 10 WHEN ("posts"."id" = 2) THEN 20 ELSE NULL END WHERE "posts"."id" IN (1, 2);
UPDATE "posts" SET "meta" = '{"a": [1, 2, {"b": null}]}'::jsonb, "published_at" = '2024-05-05 05:05:05.123456' WHERE "id" = 3 RETURNING "meta", "published_at";
UPDATE "posts" SET "published" = false WHERE "id" IN (SELECT "post_id" FROM "posts_tags" WHERE "tag_id" = 3);
UPDATE "comments" SET "content" = u."username" FROM "users" u WHERE u."id" = "comments"."user_id" AND "comments"."post_id" = 1;
SELECT "id", "views", "published", "meta" FROM "posts" ORDER BY "id";
SELECT * FROM "comments" ORDER BY "id";
DELETE FROM "users" WHERE "users"."id" IN (4) AND NOT EXISTS (SELECT 1 FROM "posts" WHERE "posts"."author_id" = 4);
DELETE FROM "posts" WHERE "posts"."id" = 1;
SELECT COUNT(*) FROM "comments";
DELETE FROM "comments" WHERE "comments"."id" IN (SELECT "id" FROM "comments" ORDER BY "id" LIMIT 1) RETURNING "id";
