-- How often somebody has claimed from a pool: two claims at once see that they are two (the limits are counted before they are written).
CREATE TABLE {gx_claim} (pool $int NOT NULL, holder $int NOT NULL, claims $int NOT NULL, PRIMARY KEY (pool, holder)) $strict;
