-- COMMENT ON what is not there.

CREATE TABLE oracle_silent (id int PRIMARY KEY);
COMMENT ON COLUMN oracle_silent.nowhere IS 'x';
COMMENT ON TABLE oracle_nowhere IS 'x';
COMMENT ON COLUMN oracle_nowhere.id IS 'x';
COMMENT ON VIEW oracle_silent IS 'x';
COMMENT ON SEQUENCE oracle_silent IS 'x';
COMMENT ON COLUMN id IS 'x';
COMMENT ON TABLE oracle_silent;
COMMENT ON TABLE oracle_silent IS 5;
