-- to_timestamp and to_date: what a template asks and what the text has, refused.
select to_timestamp('2005527', 'YYYYIWID');
select to_timestamp('19971', 'YYYYMMDD');
select to_timestamp('19971)24', 'YYYYMMDD');
select to_timestamp('1997-11-Jan-16', 'YYYY-MM-Mon-DD');
select to_timestamp('2015-02-11 86400', 'YYYY-MM-DD SSSS');
select to_date('2015 366', 'YYYY DDD');
select to_timestamp('97/Feb/16', 'YYMonDD');
select to_timestamp(' 2000 +JUN', 'YYYY/MON'), to_timestamp('2000 + JUN', 'YYYY MON'), to_timestamp('2000+JUN', 'YYYY/MON'), to_timestamp('  2000 -JUN', 'YYYY/MON'), to_timestamp('2000 + + JUN', 'YYYY  MON');
select to_timestamp('2000JUN', 'YYYY MON'), to_timestamp('2011  12 18', 'YYYY MM DD'), to_timestamp('2011x 12x 18', 'YYYYxMMxDD'), to_timestamp('2011 x12 x18', 'YYYYxMMxDD');
select to_timestamp('97/Feb/16', 'YYMonDD');
select to_timestamp('2011-12-18 13:38 PM', 'YYYY-MM-DD HH12:MI PM');
select to_timestamp('2011-12-18 11:38 PST', 'YYYY-MM-DD HH12:MI TZ');
select to_timestamp('2018-11-02 12:34:56.123456789', 'YYYY-MM-DD HH24:MI:SS.FF6');
select to_date('2016-13-10', 'YYYY-MM-DD');
select to_date('2016-02-30', 'YYYY-MM-DD');
select to_date('2016 10 40', 'YYYY MM DD');
select to_timestamp('abc', 'YYYY');
