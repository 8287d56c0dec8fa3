-- Data quality: a row a day, object and field (by number; field 0: the object as a whole), and the first ids of wrong values.
CREATE TABLE {gx_quality} (day $int NOT NULL, object $int NOT NULL, field $int NOT NULL, total $int NOT NULL, fields $int NOT NULL, filled $int NOT NULL, wrong $int NOT NULL, broken $int NOT NULL, stale $int NOT NULL, PRIMARY KEY (day, object, field)) $strict;
CREATE INDEX gx_quality_object ON {gx_quality} (object, field, day);
CREATE TABLE {gx_quality_wrong} (object $int NOT NULL, field $int NOT NULL, record $int NOT NULL, PRIMARY KEY (object, field, record)) $strict;
