-- The search index, twice: one is read, the other can be built beside it (src/search). A row of
-- gx_search_doc_x holds the exact tokens that gx_search_x was fed for the record.
CREATE TABLE {gx_search_doc_a} (id $int PRIMARY KEY, object $int NOT NULL, tokens $text NOT NULL) $strict;
CREATE TABLE {gx_search_doc_b} (id $int PRIMARY KEY, object $int NOT NULL, tokens $text NOT NULL) $strict;
CREATE VIRTUAL TABLE {gx_search_a} USING fts5 (tokens, content = '', columnsize = 0, detail = none, prefix = '1', tokenize = "ascii tokenchars '=^'");
CREATE VIRTUAL TABLE {gx_search_b} USING fts5 (tokens, content = '', columnsize = 0, detail = none, prefix = '1', tokenize = "ascii tokenchars '=^'");
-- Latin words of records, for what was misspelt.
CREATE TABLE {gx_search_word} (word $text PRIMARY KEY) $strict;
