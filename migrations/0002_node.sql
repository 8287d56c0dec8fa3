-- Id nodes of PostgreSQL: who issues ids under this number, until when (the server's clock, ms), and
-- above which id the next holder starts. SQLite has one node, 0; there the table stays empty.
CREATE TABLE {gx_node} (node $int PRIMARY KEY, holder $text NOT NULL, lease_until $int NOT NULL, high_water $int NOT NULL) $strict;
