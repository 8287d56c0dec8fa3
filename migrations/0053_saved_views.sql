-- Saved views: whether others see one, so that reading does not open every body; which view a person's list opens with.
ALTER TABLE {gx_view} ADD COLUMN shared $int NOT NULL DEFAULT 0;
CREATE INDEX gx_view_shared ON {gx_view} (shared, object);
CREATE INDEX gx_view_owner ON {gx_view} (owner, object);
ALTER TABLE {gx_view_pin} ADD COLUMN home $int NOT NULL DEFAULT 0;
