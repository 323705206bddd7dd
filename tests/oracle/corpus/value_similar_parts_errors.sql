-- Parts by SQL's patterns, and Unicode's normal forms, refused.
select substring('abcdefg' similar 'a#"%#"g#"x' escape '#');
select substring('abcdefg' similar 'a*#"%#"g*#"x' escape '#');
