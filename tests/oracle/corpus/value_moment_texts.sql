-- to_timestamp and to_date: what a template asks and what the text has.
select to_timestamp('2005426', 'YYYYWWD'), to_date('3 4 21 01', 'W MM CC YY'), to_timestamp('2000 -10', 'YYYY TZH'), to_timestamp('2011-12-18 11:38 20', 'YYYY-MM-DD HH12:MI TZM');
select i, to_timestamp('2018-11-02 12:34:56.123456', 'YYYY-MM-DD HH24:MI:SS.FF' || i) from generate_series(1, 6) i;
select to_timestamp('0097/Feb/16 --> 08:14:30', 'YYYY/Mon/DD --> HH:MI:SS'), to_timestamp('97/2/16 8:14:30', 'FMYYYY/FMMM/FMDD FMHH:FMMI:FMSS'), to_timestamp('2011$03!18 23_38_15', 'YYYY-MM-DD HH24:MI:SS'), to_timestamp('1985 January 12', 'YYYY FMMonth DD'), to_timestamp('1985 FMMonth 12', 'YYYY "FMMonth" DD'), to_timestamp('1,582nd VIII 21', 'Y,YYYth FMRM DD');
select to_date('2015 365', 'YYYY DDD'), to_date('2006527', 'IYYYIWID'), to_date('2005 300', 'IYYY IDDD'), to_date('2005 12', 'IYYY IW'), to_date('06 7', 'IY ID'), to_date('2458872', 'J'), to_date('21', 'CC'), to_date('2023', 'YYYY'), to_date('3 2021', 'Q YYYY');
select to_timestamp('97/Feb/16', 'YY:Mon:DD'), to_timestamp('97/Feb/16', 'FXYY:Mon:DD'), to_timestamp('97/Feb/16', 'FXYY/Mon/DD');
select to_timestamp('15 "text between quote marks" 98 54 45', E'HH24 "\\"text between quote marks\\"" YY MI SS');
select to_timestamp('05121445482000', 'MMDDHH24MISSYYYY'), to_timestamp('2000January09Sunday', 'YYYYFMMonthDDFMDay');
select to_timestamp('2011-12-18 11:38 PM', 'YYYY-MM-DD HH12:MI PM'), to_timestamp('2011-12-18 11:38 +05', 'YYYY-MM-DD HH12:MI TZH'), to_timestamp('2011-12-18 11:38 -05:20', 'YYYY-MM-DD HH12:MI TZH:TZM'), to_timestamp('2011-12-18 11:38 a.m.', 'YYYY-MM-DD HH12:MI A.M.');
select to_timestamp('2018-11-02 12:34:56.025', 'YYYY-MM-DD HH24:MI:SS.MS'), to_timestamp('2018-11-02 12:34:56.25', 'YYYY-MM-DD HH24:MI:SS.MS'), to_timestamp('2018-11-02 12:34:56.25', 'YYYY-MM-DD HH24:MI:SS.US');
select to_char(timestamp '2012-02-03 04:05:06.789', 'yyyy Yyyy MoNTH Month "x\"y" \"Q FXDD Hh24 hH24 mi ms ddth DDTH iyyy-iw');
select to_char(timestamp '2012-02-03 04:05:06.789', '"quoted \\ " YYYY'), to_char(timestamp '2012-12-21 01:00', 'FMDDth FMMonth, Day');
select to_timestamp('19971116', 'YYYYMMDD'), to_date('44-02-01 AD','YYYY-MM-DD BC'), to_date('2011 12  18', 'YYYY MM   DD'), to_date('2011-12-18abc', 'YYYY-MM-DD');
