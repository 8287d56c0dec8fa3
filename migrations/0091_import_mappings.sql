-- Options of imports under a name, of a person or shared with all who may import the object.
CREATE TABLE {gx_import_mapping} (id $int PRIMARY KEY, object $text NOT NULL, owner $int NOT NULL, name $text NOT NULL, shared $bool NOT NULL, options $text NOT NULL, at $int NOT NULL) $strict;
CREATE UNIQUE INDEX gx_import_mapping_name ON {gx_import_mapping} (owner, object, name);
CREATE INDEX gx_import_mapping_object ON {gx_import_mapping} (object);
