-- What was taken away: kind export (object, rows, detail: the form of the file and the filter).
ALTER TABLE {gx_access_log} ADD COLUMN rows $int;
ALTER TABLE {gx_access_log} ADD COLUMN detail $text;
