-- Entries of a record's timeline that stand on its top. kind, entry: object and id of the entry, or 'change' and a version;
-- source: of a change, whose version it is (a merged record's stays its own). off_at: no longer, since then; the row stays as history.
CREATE TABLE {gx_pin} (id $int PRIMARY KEY, object $text NOT NULL, record $int NOT NULL, kind $text NOT NULL, entry $int NOT NULL, source $int NOT NULL, by_user $int NOT NULL, at $int NOT NULL, off_by $int, off_at $int) $strict;
CREATE UNIQUE INDEX gx_pin_now ON {gx_pin} (record, object, kind, entry, source) WHERE off_at IS NULL;
CREATE INDEX gx_pin_record ON {gx_pin} (record, object, at);
