-- Rollups by the number of their field, with the text they were computed by; filled: for every record.
CREATE TABLE {gx_rollup} (field $int PRIMARY KEY, object $text NOT NULL, expression $text NOT NULL, filled $bool NOT NULL) $strict;
