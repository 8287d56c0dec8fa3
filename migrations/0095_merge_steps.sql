-- What a merge moved or copied besides records, so that it can be taken back. what: share (id: its row, was: whose it was), mark:kind
-- (id: the person).
CREATE TABLE {gx_merge_step} (batch $int NOT NULL, what $text NOT NULL, id $int NOT NULL, was $int NOT NULL, PRIMARY KEY (batch, what, id)) $strict;
