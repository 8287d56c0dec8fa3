-- Keys by which records that may be the same are found (match/), a few a record. object: its number.
CREATE TABLE {gx_match} (object $int NOT NULL, record $int NOT NULL, key $int NOT NULL, PRIMARY KEY (object, record, key)) $strict;
CREATE INDEX gx_match_key ON {gx_match} (object, key, record);
-- For which rules the keys of an object were made (0: not yet), up to which record; when its pairs were looked for last; the
-- weights that were found then.
CREATE TABLE {gx_match_state} (object $int PRIMARY KEY, fingerprint $int NOT NULL, filled $int NOT NULL, searched_at $int, searched_change $int, model $text) $strict;
-- Pairs that look alike, a < b. status: 0 to be looked at, 1 not the same, 2 merged. because: levels of the fields.
CREATE TABLE {gx_duplicate} (id $int PRIMARY KEY, object $int NOT NULL, a $int NOT NULL, b $int NOT NULL, score $real NOT NULL, because $text NOT NULL, status $int NOT NULL, by_user $int, at $int NOT NULL) $strict;
CREATE UNIQUE INDEX gx_duplicate_pair ON {gx_duplicate} (object, a, b);
CREATE INDEX gx_duplicate_other ON {gx_duplicate} (object, b);
CREATE INDEX gx_duplicate_open ON {gx_duplicate} (object, status, score, id);
-- Records that became part of another one.
CREATE TABLE {gx_merged} (object $int NOT NULL, record $int NOT NULL, into_record $int NOT NULL, batch $int NOT NULL, at $int NOT NULL, PRIMARY KEY (object, record)) $strict;
CREATE INDEX gx_merged_into ON {gx_merged} (object, into_record);
CREATE INDEX gx_merged_batch ON {gx_merged} (batch);
