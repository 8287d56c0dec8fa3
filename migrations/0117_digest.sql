-- Messages that wait to be told together. digest: NULL is told at once, 0 waits, else the message that tells of it.
ALTER TABLE {gx_message} ADD COLUMN digest $int;
CREATE INDEX gx_message_digest ON {gx_message} (user_id, digest, id) WHERE digest IS NOT NULL;
-- When a person's digest is made: every day or week (weekday 1 is Monday) at that minute of his day; next_at is worked out anew each time.
CREATE TABLE {gx_digest} (user_id $int PRIMARY KEY, every $text NOT NULL, weekday $int NOT NULL, minute $int NOT NULL, workdays $bool NOT NULL, next_at $int NOT NULL) $strict;
CREATE INDEX gx_digest_next ON {gx_digest} (next_at);
