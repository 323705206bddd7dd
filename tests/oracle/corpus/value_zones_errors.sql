-- Time zones: POSIX specifications, offsets, abbreviations, refused.
set time zone interval '1 day';
set timezone = 'nowhere';
set timezone = '200';
select make_timestamptz(2014, 12, 10, 10, 10, 10, '2');
select make_timestamptz(2014, 12, 10, 10, 10, 10, '+16');
select make_timestamptz(2014, 12, 10, 10, 10, 10, '+10:65');
