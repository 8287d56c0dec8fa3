-- Records that a person marked: opened lately, favourites, followed.
CREATE TABLE {gx_mark} (user_id $int NOT NULL, kind $text NOT NULL, object $text NOT NULL, record $int NOT NULL, at $int NOT NULL, PRIMARY KEY (user_id, kind, object, record)) $strict;
CREATE INDEX gx_mark_at ON {gx_mark} (user_id, kind, at);
CREATE INDEX gx_mark_record ON {gx_mark} (record, kind);
