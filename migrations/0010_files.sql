-- Which records refer to a file, or ever did: the right to a file is the right to one of them.
-- field is empty where the file itself says what it is about.
CREATE TABLE {gx_file_use} (file $int NOT NULL, object $text NOT NULL, record $int NOT NULL, field $text NOT NULL, PRIMARY KEY (file, object, record, field)) $strict;
CREATE INDEX gx_file_use_record ON {gx_file_use} (record, object);
