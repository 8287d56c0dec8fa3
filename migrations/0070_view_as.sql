-- A session that sees as somebody else does: user_id is who signed in, view_as whose eyes; 0: one's own.
ALTER TABLE {gx_session} ADD COLUMN view_as $int NOT NULL DEFAULT 0;
