-- Who has a record open just now. until: his page says so again before that time, else he is gone; moved: when he came, went, began or
-- stopped changing it.
CREATE TABLE {gx_presence} (object $text NOT NULL, record $int NOT NULL, user_id $int NOT NULL, editing $int NOT NULL, moved $int NOT NULL, until $int NOT NULL, PRIMARY KEY (record, object, user_id)) $strict;
CREATE INDEX gx_presence_moved ON {gx_presence} (moved);
CREATE INDEX gx_presence_until ON {gx_presence} (until);
