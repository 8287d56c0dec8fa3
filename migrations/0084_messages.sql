-- What people are told. A message is made from the event log exactly once; whether its reader may (still) see what it is
-- about is asked when it is made and again when it is read, hence it holds no words. key: the same thing is told once.
CREATE TABLE {gx_message} (id $int PRIMARY KEY, user_id $int NOT NULL, kind $text NOT NULL, key $text NOT NULL, object $text NOT NULL, record $int NOT NULL, source_object $text, source $int, by_user $int, times $int NOT NULL, at $int NOT NULL, read_at $int) $strict;
CREATE UNIQUE INDEX gx_message_key ON {gx_message} (user_id, key);
CREATE INDEX gx_message_person ON {gx_message} (user_id, id);
CREATE INDEX gx_message_unread ON {gx_message} (user_id, id) WHERE read_at IS NULL;
CREATE INDEX gx_message_at ON {gx_message} (at);
-- Which kinds a person wants, by channel; no row: the usual.
CREATE TABLE {gx_message_setting} (user_id $int NOT NULL, kind $text NOT NULL, channel $text NOT NULL, is_on $bool NOT NULL, PRIMARY KEY (user_id, kind, channel)) $strict;
-- The reader begins with what happens from now on.
INSERT INTO {gx_setting} (name, value) SELECT 'notify.seq', CAST(COALESCE(MAX(seq), 0) AS TEXT) FROM {gx_outbox};
CREATE INDEX gx_job_finished ON {gx_job} (finished_at) WHERE finished_at IS NOT NULL;
