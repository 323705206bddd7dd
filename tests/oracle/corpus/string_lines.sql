-- Strings on several lines, and escapes.
select 'first line'
' - next line' as a;
select 'a'
  'b'
  'c' || 'd';
select E'\u0061\U00000062';
