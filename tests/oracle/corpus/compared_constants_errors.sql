-- What PostgreSQL refuses of constants that are compared.
SELECT 'foobar' SIMILAR TO '%#"o_b#"#"%' ESCAPE '#';
