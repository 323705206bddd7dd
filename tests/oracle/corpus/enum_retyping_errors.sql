-- schema: moods
-- What is refused of ALTER COLUMN TYPE with enums.

CREATE TYPE oracle_less AS ENUM ('sad', 'ok');
CREATE TABLE oracle_retyped (id int PRIMARY KEY, a oracle_mood DEFAULT 'ok', b text, c oracle_mood, d oracle_mood[]);
INSERT INTO oracle_retyped VALUES (1, 'sad', 'nothing', 'happy', '{ok}');
ALTER TABLE oracle_retyped ALTER a TYPE oracle_less;
ALTER TABLE oracle_retyped ALTER a TYPE oracle_less USING a::oracle_less;
ALTER TABLE oracle_retyped ALTER a TYPE oracle_less USING a::text::oracle_less;
ALTER TABLE oracle_retyped ALTER b TYPE oracle_mood;
ALTER TABLE oracle_retyped ALTER b TYPE oracle_mood USING b::oracle_mood;
ALTER TABLE oracle_retyped ALTER c TYPE oracle_less USING c::text::oracle_less;
ALTER TABLE oracle_retyped ALTER b TYPE oracle_mood USING b::oracle_less;
ALTER TABLE oracle_retyped ALTER c TYPE int USING c::int;
ALTER TABLE oracle_retyped ALTER id TYPE oracle_mood;
ALTER TABLE oracle_retyped ALTER d TYPE oracle_mood USING d::oracle_mood;
CREATE VIEW oracle_retyped_view AS SELECT c FROM oracle_retyped;
ALTER TABLE oracle_retyped ALTER c TYPE text;
DROP VIEW oracle_retyped_view;
SELECT a::text, b, c::text FROM oracle_retyped;
