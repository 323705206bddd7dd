-- to_char and to_number of numbers: quotes, signs, exponents, Roman numerals, refused.
select to_number('abc', '999');
select to_number('', '999');
select to_number('1-', 'RN');
select to_char(1, '9PR9');
select to_char(1, 'S9S');
select to_char(1, '9.9.9');
select to_char(1, '9EEEE9');
select to_char(1, 'S9MI');
select to_char(1, 'FM9EEEE');
select to_char(1, '9.9V9');
