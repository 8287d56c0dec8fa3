-- Data keys of the organisation, wrapped by the key file; the newest seals, all unseal.
CREATE TABLE {gx_data_key} (number $int PRIMARY KEY, wrapped $text NOT NULL, made_at $int NOT NULL) $strict;
