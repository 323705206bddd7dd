select embedding <=> '[1,2,3]' from items
=> SELECT (1 - VECTOR_COSINE(embedding, TO_VECTOR(?, FLOAT))) FROM SQLUser.items

select embedding <#> $1, embedding <-> $1 from items
=> SELECT (-VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT))), SQRT(CASE WHEN VECTOR_DOT_PRODUCT(embedding, embedding) + VECTOR_DOT_PRODUCT(TO_VECTOR(?, FLOAT), TO_VECTOR(?, FLOAT)) - 2 * VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT)) < 0 THEN 0 ELSE VECTOR_DOT_PRODUCT(embedding, embedding) + VECTOR_DOT_PRODUCT(TO_VECTOR(?, FLOAT), TO_VECTOR(?, FLOAT)) - 2 * VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT)) END) FROM SQLUser.items

select id from items order by embedding <=> $1 limit 5
=> SELECT TOP ? id FROM SQLUser.items ORDER BY VECTOR_COSINE(embedding, TO_VECTOR(?, FLOAT)) DESC

select id from items order by embedding <#> '[1,2,3]' limit 5
=> SELECT TOP ? id FROM SQLUser.items ORDER BY VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT)) DESC

select id from items order by precise <=> '[1,2,3]' limit 5
=> SELECT TOP ? id FROM SQLUser.items ORDER BY VECTOR_COSINE(precise, TO_VECTOR(?, DOUBLE)) DESC

select id from items order by embedding <-> '[1,2,3]' limit 5
=> SELECT TOP ? id FROM SQLUser.items ORDER BY CASE WHEN embedding IS NULL THEN 1 ELSE 0 END ASC, SQRT(CASE WHEN VECTOR_DOT_PRODUCT(embedding, embedding) + VECTOR_DOT_PRODUCT(TO_VECTOR(?, FLOAT), TO_VECTOR(?, FLOAT)) - 2 * VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT)) < 0 THEN 0 ELSE VECTOR_DOT_PRODUCT(embedding, embedding) + VECTOR_DOT_PRODUCT(TO_VECTOR(?, FLOAT), TO_VECTOR(?, FLOAT)) - 2 * VECTOR_DOT_PRODUCT(embedding, TO_VECTOR(?, FLOAT)) END) ASC

select embedding <+> '[1,2,3]' from items
=> SELECT embedding FROM SQLUser.items
=* (column 1 <+> $1)

select embedding <=> '[1,2]' from items
=! 22000 different vector dimensions 3 and 2

insert into items (embedding, precise) values ('[1,2,3]', $1)
=> INSERT INTO SQLUser.items (embedding, precise) VALUES (TO_VECTOR(?, FLOAT), TO_VECTOR(?, DOUBLE))

select cosine_distance(embedding, '[1,2,3]'), vector_dims(embedding), vector_norm(embedding) from items
=> SELECT (1 - VECTOR_COSINE(embedding, TO_VECTOR(?, FLOAT))), CASE WHEN embedding IS NULL THEN NULL ELSE 3 END, SQRT(VECTOR_DOT_PRODUCT(embedding, embedding)) FROM SQLUser.items

select id from items order by embedding <=> embedding($1, 'my-config') limit 5
=> SELECT TOP ? id FROM SQLUser.items ORDER BY VECTOR_COSINE(embedding, EMBEDDING(?, 'my-config')) DESC

select id from items order by half::halfvec(3) <=> $1::halfvec(3) limit 5
=+ cast($1 as halfvec(3))
=> SELECT TOP ? id FROM SQLUser.items ORDER BY VECTOR_COSINE(half, TO_VECTOR(?, FLOAT)) DESC

select id, half <#> '[1,2,3]'::vector from items
=+ cast($1 as halfvec)
=> SELECT id, (-VECTOR_DOT_PRODUCT(half, TO_VECTOR(?, FLOAT))) FROM SQLUser.items

select id from items order by embedding::halfvec(3) <=> $1::halfvec(3) limit 5
=> SELECT id, embedding FROM SQLUser.items
=* column 1
=< (cast(column 2 as halfvec(3)) <=> cast($1 as halfvec(3)))

select half::vector, half::halfvec(3) from items
=> SELECT half, half FROM SQLUser.items

select half <-> '[1,2]' from items
=! 22000 different halfvec dimensions 3 and 2

insert into items (half) values ('[1,2,3]'::vector), (array[1,2,3])
=+ cast($1 as halfvec)
=+ cast(array($2, $3, $4) as halfvec)
=> INSERT INTO SQLUser.items (half) VALUES (TO_VECTOR(?, FLOAT))

update items set embedding = half, half = $1
=> UPDATE SQLUser.items SET embedding = half, half = TO_VECTOR(?, FLOAT)

select half + '[1,2,3]' from items where embedding - half = '[0,0,0]'
=> SELECT half, embedding FROM SQLUser.items
=* (column 1 + $1)
=? and(((cast(column 2 as halfvec) - column 1) = $2))

select id from items order by sparse <=> $1 limit 5
=> SELECT id, sparse FROM SQLUser.items
=* column 1
=< (column 2 <=> $1)

insert into items (sparse) values ($1)
=> INSERT INTO SQLUser.items (sparse) VALUES (?)

select id from items where sparse = '{1:2}/5' and sparse <-> '{1:2}/5' < 1
=> SELECT id, sparse FROM SQLUser.items WHERE sparse = ?
=* column 1
=? and(((column 2 <-> $1) < cast($2 as double precision)))

select sparse <-> '{1:2}/4' from items
=! 22000 different sparsevec dimensions 5 and 4

create view near as select id, embedding <=> '[1,2,3]'::vector(3) as d, half <#> '[0.1,0,0]' as i from items
=> CREATE VIEW SQLUser.near (id, d, i) AS SELECT id, (1 - VECTOR_COSINE(embedding, TO_VECTOR('1,2,3', FLOAT))) AS d, (-VECTOR_DOT_PRODUCT(half, TO_VECTOR('0.0999755859,0,0', FLOAT))) AS i FROM SQLUser.items

create view near as select id, embedding <=> '[1,2]'::vector(3) as d from items
=! 22000 expected 3 dimensions, not 2

select half from items union select embedding from items
=! 0A000 comparing rows of vector with halfvec is not supported here

select id from items where half in (select embedding from items)
=! 0A000 comparing rows of vector with halfvec is not supported here
