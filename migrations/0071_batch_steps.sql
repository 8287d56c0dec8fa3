-- What a batch handed on besides records: what 1 share, 2 sharing rule, 3 saved view, 4 waiting job; id of the row, whose it was before.
CREATE TABLE {gx_batch_step} (batch $int NOT NULL, what $int NOT NULL, id $int NOT NULL, was $int NOT NULL, PRIMARY KEY (batch, what, id)) $strict;
