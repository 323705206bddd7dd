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
