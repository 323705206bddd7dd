-- A web shop: customers, products, orders with items, payments and reviews.
CREATE TABLE shop_customers (
    id serial PRIMARY KEY,
    email varchar(120) NOT NULL UNIQUE,
    first_name varchar(40) NOT NULL,
    last_name varchar(40) NOT NULL,
    city text,
    country char(2) NOT NULL DEFAULT 'DE',
    newsletter boolean NOT NULL DEFAULT false,
    credit numeric(10,2) DEFAULT 0,
    birthday date,
    created_at timestamp NOT NULL
);
CREATE TABLE shop_categories (id int PRIMARY KEY, parent_id int REFERENCES shop_categories (id), name varchar(50) NOT NULL);
CREATE TABLE shop_products (
    id int PRIMARY KEY,
    sku varchar(20) NOT NULL UNIQUE,
    title varchar(200) NOT NULL,
    category_id int REFERENCES shop_categories (id),
    price numeric(10,2) NOT NULL CHECK (price >= 0),
    weight double precision,
    stock int NOT NULL DEFAULT 0,
    attributes jsonb,
    discontinued boolean NOT NULL DEFAULT false
);
CREATE TABLE shop_orders (
    id bigint PRIMARY KEY,
    customer_id int NOT NULL REFERENCES shop_customers (id),
    status varchar(12) NOT NULL DEFAULT 'new',
    placed_at timestamptz NOT NULL,
    shipped_on date,
    total numeric(12,2),
    note text
);
CREATE TABLE shop_items (
    order_id bigint NOT NULL REFERENCES shop_orders (id) ON DELETE CASCADE,
    line smallint NOT NULL,
    product_id int NOT NULL REFERENCES shop_products (id),
    quantity int NOT NULL,
    unit_price numeric(10,2) NOT NULL,
    discount real DEFAULT 0,
    PRIMARY KEY (order_id, line)
);
INSERT INTO shop_customers (email, first_name, last_name, city, country, newsletter, credit, birthday, created_at) VALUES
    ('ada@example.org', 'Ada', 'Lovelace', 'London', 'GB', true, 120.50, '1985-12-10', '2023-01-05 09:00:00'),
    ('ben@example.org', 'Ben', 'Okri', 'Berlin', 'DE', false, 0, '1990-02-28', '2023-02-11 14:30:00'),
    ('cleo@example.org', 'Cleo', 'Smith', NULL, 'US', true, NULL, NULL, '2023-02-20 23:59:59'),
    ('dan@example.org', 'Dan', 'Brown', 'berlin', 'DE', false, 15.25, '1978-07-01', '2023-06-01 00:00:00'),
    ('eve@example.org', 'Eve', 'O''Neil', 'Paris', 'FR', true, -3.10, '2000-02-29', '2024-01-31 12:00:00.25');
INSERT INTO shop_categories VALUES (1, NULL, 'All'), (2, 1, 'Books'), (3, 1, 'Garden'), (4, 2, 'Novels'), (5, 2, 'Science');
INSERT INTO shop_products VALUES
    (1, 'BK-001', 'The Famished Road', 4, 12.90, 0.45, 10, '{"pages": 500, "tags": ["africa", "booker"]}', false),
    (2, 'BK-002', 'Cosmos', 5, 24.00, 0.9, 3, '{"pages": 365, "author": {"name": "Sagan"}}', false),
    (3, 'GD-001', 'Spade', 3, 19.99, 2.5, 0, NULL, false),
    (4, 'GD-002', 'Rake 100%', 3, 17.50, 1.75, 25, '{"color": "red"}', true),
    (5, 'XX-999', 'Gift_card', NULL, 50.00, NULL, 1000, '{}', false);
INSERT INTO shop_orders VALUES
    (1001, 1, 'paid', '2024-01-10 10:00:00+00', '2024-01-12', 49.80, NULL),
    (1002, 1, 'new', '2024-02-03 18:45:00+00', NULL, 19.99, 'ring twice'),
    (1003, 2, 'shipped', '2024-02-03 19:00:00+00', '2024-02-05', 75.99, ''),
    (1004, 4, 'cancelled', '2024-03-15 07:30:00+00', NULL, NULL, 'Too Late'),
    (1005, 5, 'paid', '2024-03-31 23:30:00+00', '2024-04-02', 100.00, 'gift'),
    (1006, 2, 'paid', '2024-04-01 00:10:00+00', NULL, 24.00, NULL);
INSERT INTO shop_items VALUES
    (1001, 1, 1, 2, 12.90, 0), (1001, 2, 2, 1, 24.00, 0), (1002, 1, 3, 1, 19.99, 0), (1003, 1, 3, 1, 19.99, 0.1),
    (1003, 2, 4, 3, 17.50, 0.05), (1003, 3, 1, 1, 12.90, NULL), (1005, 1, 5, 2, 50.00, 0), (1006, 1, 2, 1, 24.00, 0);
