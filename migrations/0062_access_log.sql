-- What was looked at beyond one's ordinary rights: kind reveal (object, record, field: by number), view_as (subject: whose eyes).
CREATE TABLE {gx_access_log} (id $int PRIMARY KEY, at $int NOT NULL, by_user $int NOT NULL, kind $text NOT NULL, object $int, record $int, field $int, subject $int) $strict;
CREATE INDEX gx_access_log_user ON {gx_access_log} (by_user, id);
