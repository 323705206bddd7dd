-- schema: extensions
-- What the functions of uuid-ossp and pgcrypto refuse.
SELECT digest('abc', 'none');
SELECT hmac('abc', 'k', 'none');
SELECT gen_random_bytes(0);
SELECT gen_random_bytes(2000);
SELECT uuid_generate_v5(1, 'x');
SELECT uuid_generate_v4(1);
SELECT digest(1, 'md5');
