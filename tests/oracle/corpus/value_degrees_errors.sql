-- What they do not take.
select asind(2);
select acosd('nan'), sind('nan'), tand('infinity');
select sind('infinity');
select atanh(2);
select get_bit('\x1234'::bytea, 99);
select set_bit('\x1234'::bytea, 0, 2);
select set_byte('\x12'::bytea, 3, 1);
