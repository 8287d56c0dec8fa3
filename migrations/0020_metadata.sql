-- Every change of the catalogue: which rows of {gx_meta} and {gx_setting} it changed from what to what
-- (parts: JSON), by whom, and whether it took back another.
CREATE TABLE {gx_meta_change} (version $int PRIMARY KEY, at $int NOT NULL, by_user $int, cause $text NOT NULL, action $text NOT NULL, object $text, name $text, parts $text NOT NULL, reverts $int, reverted_by $int) $strict;
-- Indexes that are not simply there: why one cannot be built (duplicates), or that it is being built.
CREATE TABLE {gx_index} (name $text PRIMARY KEY, object $text NOT NULL, state $text NOT NULL, detail $text, at $int NOT NULL) $strict;
-- Views that people saved for themselves or for others; those of the catalogue stand in {gx_meta}.
CREATE TABLE {gx_view} (id $int PRIMARY KEY, object $text NOT NULL, name $text NOT NULL, owner $int NOT NULL, body $text NOT NULL, at $int NOT NULL) $strict;
CREATE UNIQUE INDEX gx_view_name ON {gx_view} (object, owner, name);
CREATE TABLE {gx_view_pin} (user_id $int NOT NULL, object $text NOT NULL, view $text NOT NULL, at $int NOT NULL, PRIMARY KEY (user_id, object, view)) $strict;
