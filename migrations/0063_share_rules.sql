-- Sharing rules: what meets the condition is open to a principal. The records of a rule are rows of gx_share with kind 6 and
-- set_id as principal; another condition is another set, so that what is no longer meant is closed at once.
CREATE TABLE {gx_sharing_rule} (id $int PRIMARY KEY, object $text NOT NULL, condition $text NOT NULL, kind $int NOT NULL, principal $int NOT NULL, level $int NOT NULL, set_id $int NOT NULL, filled $bool NOT NULL, by_user $int NOT NULL, at $int NOT NULL) $strict;
