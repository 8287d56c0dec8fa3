-- Records opened to others than their owner: kind 1 user, 2 team, 3 department, 4 role, 5 everyone; level 1 read, 2 edit;
-- source 1 by hand, 2 collaborator, 3 rule. No end: until is the largest number.
CREATE TABLE {gx_share} (id $int PRIMARY KEY, object $int NOT NULL, record $int NOT NULL, kind $int NOT NULL, principal $int NOT NULL, level $int NOT NULL, source $int NOT NULL, rule $int NOT NULL, until $int NOT NULL, by_user $int NOT NULL, at $int NOT NULL) $strict;
CREATE UNIQUE INDEX gx_share_record ON {gx_share} (object, record, kind, principal, source, rule);
-- What the predicate of reading asks: answered from the index alone.
CREATE INDEX gx_share_principal ON {gx_share} (object, kind, principal, record, level, until);
CREATE INDEX gx_share_until ON {gx_share} (until) WHERE until < 9223372036854775807;
CREATE INDEX gx_share_rule ON {gx_share} (rule, id) WHERE rule > 0;
