-- Operators that stand before an operand they are not for.
SELECT @-5;
SELECT ~-5;
SELECT |/-4;
SELECT ! 5;
SELECT !! 5;
SELECT @ 'abc'::text;
SELECT ~ 1.5;
SELECT - 'a'::text;
SELECT |/ -4;
SELECT @;
SELECT 5 @;
