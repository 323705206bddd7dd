-- A unique index is what ON CONFLICT looks for, as a unique constraint is.
CREATE TABLE oracle_tags (id serial PRIMARY KEY, label varchar(20) NOT NULL, lang text, uses int DEFAULT 1);
CREATE UNIQUE INDEX oracle_tags_label ON oracle_tags (label, lang);
INSERT INTO oracle_tags (label, lang) VALUES ('a', 'en'), ('b', 'en'), ('c', NULL);
INSERT INTO oracle_tags (label, lang) VALUES ('a', 'en') ON CONFLICT (label, lang) DO NOTHING;
INSERT INTO oracle_tags (label, lang, uses) VALUES ('b', 'en', 5) ON CONFLICT (lang, label) DO UPDATE SET uses = oracle_tags.uses + EXCLUDED.uses;
INSERT INTO oracle_tags (label, lang) VALUES ('c', NULL) ON CONFLICT (label, lang) DO NOTHING;
INSERT INTO oracle_tags (label, lang) VALUES ('a', 'en') ON CONFLICT DO NOTHING;
INSERT INTO oracle_tags (label, lang) VALUES ('a', 'en') ON CONFLICT (label) DO NOTHING;
SELECT label, lang, uses FROM oracle_tags ORDER BY label, uses;
DROP INDEX oracle_tags_label;
INSERT INTO oracle_tags (label, lang) VALUES ('a', 'en') ON CONFLICT (label, lang) DO NOTHING;
DROP TABLE oracle_tags;
