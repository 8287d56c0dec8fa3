-- Pairs that waited when the figures of an object were counted; NULL in days before this was kept, and in rows of fields.
ALTER TABLE {gx_quality} ADD COLUMN pairs $int;
