-- schema: blog
-- Names that IRIS does not take: with dots, commas, carets, arrows; a star first.
SELECT "posts"."id" AS "posts.id", "title" AS "posts.title" FROM "posts" ORDER BY "posts.id";
SELECT "posts"."id" AS "posts.id" FROM "posts" ORDER BY "posts"."id" DESC LIMIT 2;
SELECT "p.q"."id" AS "*", "p.q"."id" + 1 AS "a->b", "p.q"."id" - 1 AS "^" FROM "posts" AS "p.q" WHERE "p.q"."id" > 1 ORDER BY 1;
SELECT * FROM (SELECT "id" AS "a.b", "views" AS "c,d" FROM "posts") AS "s.t" ORDER BY "a.b";
SELECT "s.t"."a.b", count(*) AS "n.n" FROM (SELECT "author_id" AS "a.b" FROM "posts") AS "s.t" GROUP BY "s.t"."a.b" HAVING count(*) > 0 ORDER BY "n.n", "a.b";
WITH "w.x" AS (SELECT "id" AS "->" FROM "users") SELECT "->" FROM "w.x" ORDER BY "->";
SELECT "id" AS "x.y" FROM "users" UNION SELECT "id" FROM "posts" ORDER BY "x.y";
SELECT max("views") AS "max.views", min("views") AS "min.views" FROM "posts";
SELECT "id" AS "%vid" FROM "users" ORDER BY "%vid";
SELECT "User"."id", "posts"."id" AS "posts.id", "posts->tags"."tag_id" AS "posts.tags.id" FROM "users" AS "User" LEFT OUTER JOIN "posts" AS "posts" ON "User"."id" = "posts"."author_id" LEFT OUTER JOIN "posts_tags" AS "posts->tags" ON "posts->tags"."post_id" = "posts"."id" ORDER BY 1, 2, 3;
