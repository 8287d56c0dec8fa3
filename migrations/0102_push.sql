-- Browsers that are told while they are closed. endpoint: address at the push service of the browser's maker; point and
-- auth: what only this browser opens; problem: why the last attempt failed, none after one that did not.
CREATE TABLE {gx_push_device} (id $int PRIMARY KEY, user_id $int NOT NULL, endpoint $text NOT NULL, point $text NOT NULL, auth $text NOT NULL, label $text NOT NULL, created_at $int NOT NULL, last_at $int, problem $text) $strict;
CREATE UNIQUE INDEX gx_push_device_endpoint ON {gx_push_device} (endpoint);
CREATE INDEX gx_push_device_person ON {gx_push_device} (user_id, id);
-- What is to be sent; message 0: a trial. tries counts beginnings, so one that kills the server does not come for ever.
CREATE TABLE {gx_push} (message $int NOT NULL, device $int NOT NULL, tries $int NOT NULL, next_at $int NOT NULL, PRIMARY KEY (message, device)) $strict;
CREATE INDEX gx_push_next ON {gx_push} (next_at);
CREATE INDEX gx_push_of_device ON {gx_push} (device);
