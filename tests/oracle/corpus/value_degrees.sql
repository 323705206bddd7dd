-- Angles in degrees, signed zeros, and single bits and bytes of bytea.
select sind(30), sind(0), sind(-90), sind(45), sind(12.5), sind(720+17), cosd(60), cosd(0), cosd(90), cosd(-120), cosd(1e5), cosd(33.3);
select tand(45), tand(0), tand(-45), tand(90), tand(30), tand(180), tand(271), cotd(45), cotd(0), cotd(90), cotd(77), cotd(-135);
select asind(0.5), asind(-0.5), asind(1), asind(0.123), acosd(0.5), acosd(-0.5), acosd(0), acosd(-1), acosd(0.77), atand(1), atand(-1), atand(3.3), atan2d(1,1), atan2d(-1,0), atan2d(2,-3);
select atanh(1), atanh(-1), atanh(0.5);
select set_bit('\x1234'::bytea, 9, 1), get_bit('\x1234'::bytea, 2), set_byte('\x1234'::bytea, 1, 300), bit_count('\x1234ff'::bytea), get_byte('\x1234', 1);
select btrim('\x001200'::bytea, '\x00'), ltrim('\x001200'::bytea, '\x00'), rtrim('\x001200'::bytea, '\x00'), trim('\x00'::bytea from '\x0012'::bytea);
select round(-0.1::float8), ceil(-0.5::float8), trunc(-0.5::float8), round(-0.4::real)::text, ceil(-0.0::float8);
create table oracle_angles(f float8, b bytea);
insert into oracle_angles values (-0.25, '\x1200'), (30, '\xff');
select sind(f), cosd(f), set_bit(b, 0, 1), bit_count(b), btrim(b, '\x00') from oracle_angles order by f;
select f from oracle_angles where sind(f) = 0.5;
drop table oracle_angles;
