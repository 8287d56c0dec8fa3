-- Platform tables. Object tables come from the catalogue, never from here.
CREATE TABLE {gx_epoch} (id $int PRIMARY KEY, catalogue $int NOT NULL, security $int NOT NULL) $strict;
INSERT INTO {gx_epoch} (id, catalogue, security) VALUES (1, 1, 1);
CREATE TABLE {gx_counter} (name $text PRIMARY KEY, value $int NOT NULL) $strict;
CREATE TABLE {gx_setting} (name $text PRIMARY KEY, value $text NOT NULL) $strict;
-- What happened: one row per transaction that wrote records; cause as in CONTRACT 4 (history).
CREATE TABLE {gx_change} (id $int PRIMARY KEY, at $int NOT NULL, by_user $int, cause $text NOT NULL, batch $int, request $int) $strict;
CREATE INDEX gx_change_batch ON {gx_change} (batch, id) WHERE batch IS NOT NULL;
-- seq is numbered by the dispatcher in the order in which rows became visible.
CREATE TABLE {gx_outbox} (id $int PRIMARY KEY, seq $int, at $int NOT NULL, object $text NOT NULL, record $int NOT NULL, version $int NOT NULL, action $text NOT NULL, change $int NOT NULL) $strict;
CREATE INDEX gx_outbox_seq ON {gx_outbox} (seq) WHERE seq IS NOT NULL;
CREATE INDEX gx_outbox_new ON {gx_outbox} (id) WHERE seq IS NULL;
CREATE INDEX gx_outbox_change ON {gx_outbox} (change);
-- A batch: what is undone as one (import, bulk, merge, undo).
CREATE TABLE {gx_batch} (id $int PRIMARY KEY, at $int NOT NULL, by_user $int NOT NULL, kind $text NOT NULL, label $text, undone_by $int) $strict;
CREATE TABLE {gx_job} (id $int PRIMARY KEY, kind $text NOT NULL, status $text NOT NULL, run_as $int NOT NULL, params $text NOT NULL, progress_done $int NOT NULL, progress_total $int NOT NULL, result $text, error $text, batch $int, attempts $int NOT NULL, max_attempts $int NOT NULL, run_at $int NOT NULL, locked_by $text, locked_until $int, created_at $int NOT NULL, started_at $int, finished_at $int, cancel $bool NOT NULL, checkpoint $text) $strict;
CREATE INDEX gx_job_due ON {gx_job} (run_at, id) WHERE status = 'queued';
CREATE INDEX gx_job_running ON {gx_job} (locked_until) WHERE status = 'running';
CREATE TABLE {gx_idempotency} (user_id $int NOT NULL, key $text NOT NULL, fingerprint $blob NOT NULL, status $int NOT NULL, headers $text NOT NULL, body $text NOT NULL, at $int NOT NULL, PRIMARY KEY (user_id, key)) $strict;
CREATE INDEX gx_idempotency_at ON {gx_idempotency} (at);
CREATE TABLE {gx_credential} (user_id $int PRIMARY KEY, hash $text NOT NULL, set_at $int NOT NULL, failures $int NOT NULL, locked_until $int NOT NULL) $strict;
CREATE TABLE {gx_session} (token_hash $blob PRIMARY KEY, user_id $int NOT NULL, csrf $text NOT NULL, created_at $int NOT NULL, seen_at $int NOT NULL, expires_at $int NOT NULL) $strict;
CREATE INDEX gx_session_user ON {gx_session} (user_id);
CREATE TABLE {gx_api_key} (id $int PRIMARY KEY, key_hash $blob NOT NULL UNIQUE, user_id $int NOT NULL, name $text NOT NULL, created_at $int NOT NULL, revoked_at $int) $strict;
-- What the organisation changed over the shipped metadata: one row per object, list, layout, view, access.
CREATE TABLE {gx_meta} (kind $text NOT NULL, name $text NOT NULL, body $text NOT NULL, version $int NOT NULL, PRIMARY KEY (kind, name)) $strict;
-- Numbers given to objects and fields (table c_<number> columns), never reused.
CREATE TABLE {gx_meta_number} (kind $text NOT NULL, name $text NOT NULL, number $int NOT NULL, PRIMARY KEY (kind, name)) $strict;
CREATE TABLE {gx_upload} (id $int PRIMARY KEY, hash $text NOT NULL, name $text NOT NULL, size $int NOT NULL, type $text NOT NULL, at $int NOT NULL, by_user $int NOT NULL) $strict;
