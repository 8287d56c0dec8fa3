-- When the shared record was last changed: updated_at of the live record, -1 while there is none, -2 not known yet (rows of an
-- older program; the sweep fills them). Gives lists by time of change and counts from this table's index alone.
ALTER TABLE {gx_share} ADD COLUMN touched $int NOT NULL DEFAULT -2;
CREATE INDEX gx_share_touched ON {gx_share} (object, kind, principal, touched, record, until);
CREATE INDEX gx_share_unknown ON {gx_share} (object) WHERE touched = -2;
