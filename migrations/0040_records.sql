-- My batches, newest first.
CREATE INDEX gx_batch_user ON {gx_batch} (by_user, id);
