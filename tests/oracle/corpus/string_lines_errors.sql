-- Strings that are none.
select 'a' 'b';
select E'\u061';
