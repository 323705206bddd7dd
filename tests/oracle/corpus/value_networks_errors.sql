-- Addresses and networks: parts, order, operators, refused.
select '255.255.255.255'::inet + 1;
select '10.1.2.3'::inet & '::1'::inet;
select set_masklen('10.1.2.3/24'::inet, 33);
