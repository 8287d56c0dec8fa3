-- The search index, twice: one is read, the other can be built beside it (src/search). The tokens of
-- a record are a tsvector, so its GIN index can never hold others than those.
CREATE TABLE {gx_search_doc_a} (id $int PRIMARY KEY, object $int NOT NULL, tokens tsvector NOT NULL);
CREATE TABLE {gx_search_doc_b} (id $int PRIMARY KEY, object $int NOT NULL, tokens tsvector NOT NULL);
CREATE INDEX gx_search_a ON {gx_search_doc_a} USING gin (tokens) WITH (gin_pending_list_limit = 1024);
CREATE INDEX gx_search_b ON {gx_search_doc_b} USING gin (tokens) WITH (gin_pending_list_limit = 1024);
-- Latin words of records, for what was misspelt.
CREATE TABLE {gx_search_word} (word $text PRIMARY KEY);
