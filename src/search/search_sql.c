/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of the two engines. A contentless FTS5 table is told what to forget: it must be
 * exactly what it was fed, so it is read from the row in the very statement. */
#include "search/search_sql.h"

static const char SQL_LITE_DOC_PUT_A[] =
    "INSERT INTO {gx_search_doc_a} (id, object, tokens) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (id) DO UPDATE SET object = excluded.object, tokens = excluded.tokens";
static const char SQL_LITE_DOC_PUT_B[] =
    "INSERT INTO {gx_search_doc_b} (id, object, tokens) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (id) DO UPDATE SET object = excluded.object, tokens = excluded.tokens";
static const char SQL_LITE_PUT_A[] = "INSERT INTO {gx_search_a} (rowid, tokens) VALUES (?1, ?3)";
static const char SQL_LITE_PUT_B[] = "INSERT INTO {gx_search_b} (rowid, tokens) VALUES (?1, ?3)";
static const char SQL_LITE_DROP_A[] =
    "INSERT INTO {gx_search_a} (\"gx_search_a\", rowid, tokens) "
    "SELECT 'delete', id, tokens FROM {gx_search_doc_a} WHERE id = ?1";
static const char SQL_LITE_DROP_B[] =
    "INSERT INTO {gx_search_b} (\"gx_search_b\", rowid, tokens) "
    "SELECT 'delete', id, tokens FROM {gx_search_doc_b} WHERE id = ?1";
static const char SQL_DOC_DROP_A[] = "DELETE FROM {gx_search_doc_a} WHERE id = ?1";
static const char SQL_DOC_DROP_B[] = "DELETE FROM {gx_search_doc_b} WHERE id = ?1";
static const char SQL_LITE_CLEAR_A[] =
    "INSERT INTO {gx_search_a} (\"gx_search_a\") VALUES ('delete-all')";
static const char SQL_LITE_CLEAR_B[] =
    "INSERT INTO {gx_search_b} (\"gx_search_b\") VALUES ('delete-all')";
static const char SQL_LITE_MERGE_A[] =
    "INSERT INTO {gx_search_a} (\"gx_search_a\", rank) VALUES ('merge', ?1)";
static const char SQL_LITE_MERGE_B[] =
    "INSERT INTO {gx_search_b} (\"gx_search_b\", rank) VALUES ('merge', ?1)";
static const char SQL_LITE_CONFIG_A[] =
    "INSERT INTO {gx_search_a} (\"gx_search_a\", rank) VALUES (?1, ?2)";
static const char SQL_LITE_CONFIG_B[] =
    "INSERT INTO {gx_search_b} (\"gx_search_b\", rank) VALUES (?1, ?2)";
static const char SQL_LITE_SEGMENTS_A[] =
    "SELECT count(DISTINCT segid), count(*) FROM {gx_search_a_idx}";
static const char SQL_LITE_SEGMENTS_B[] =
    "SELECT count(DISTINCT segid), count(*) FROM {gx_search_b_idx}";
static const char SQL_LITE_STRUCTURE_A[] =
    "SELECT d.block, c.v FROM {gx_search_a_data} d, {gx_search_a_config} c "
    "WHERE d.id = ?1 AND c.k = 'version'";
static const char SQL_LITE_LEAF_A[] = "SELECT pgno FROM {gx_search_a_idx} WHERE segid = ?1 AND "
                                      "term <= ?2 ORDER BY term DESC LIMIT 1";
static const char SQL_LITE_LEAVES_A[] =
    "SELECT block FROM {gx_search_a_data} WHERE id >= ?1 AND id <= ?2 ORDER BY id";
static const char SQL_DOC_SOME_A[] = "DELETE FROM {gx_search_doc_a} WHERE id IN "
                                     "(SELECT id FROM {gx_search_doc_a} ORDER BY id LIMIT ?1)";
static const char SQL_LITE_STRUCTURE_B[] =
    "SELECT d.block, c.v FROM {gx_search_b_data} d, {gx_search_b_config} c "
    "WHERE d.id = ?1 AND c.k = 'version'";
static const char SQL_LITE_LEAF_B[] = "SELECT pgno FROM {gx_search_b_idx} WHERE segid = ?1 AND "
                                      "term <= ?2 ORDER BY term DESC LIMIT 1";
static const char SQL_LITE_LEAVES_B[] =
    "SELECT block FROM {gx_search_b_data} WHERE id >= ?1 AND id <= ?2 ORDER BY id";
static const char SQL_DOC_SOME_B[] = "DELETE FROM {gx_search_doc_b} WHERE id IN "
                                     "(SELECT id FROM {gx_search_doc_b} ORDER BY id LIMIT ?1)";
static const char SQL_DOC_CLEAR_A[] = "DELETE FROM {gx_search_doc_a}";
static const char SQL_DOC_CLEAR_B[] = "DELETE FROM {gx_search_doc_b}";
static const char SQL_DOC_LIST_A[] =
    "SELECT id, object, CAST(tokens AS text) FROM {gx_search_doc_a} WHERE id > ?1 AND id <= ?2 "
    "ORDER BY id LIMIT ?3";
static const char SQL_DOC_LIST_B[] =
    "SELECT id, object, CAST(tokens AS text) FROM {gx_search_doc_b} WHERE id > ?1 AND id <= ?2 "
    "ORDER BY id LIMIT ?3";
static const char SQL_LITE_WORDS_ADD[] =
    "INSERT INTO {gx_search_word} (word) SELECT value FROM "
    "json_each('[\"' || replace(?1, ' ', '\",\"') || '\"]') WHERE 1=1 ON CONFLICT DO NOTHING";
static const char SQL_LITE_WORDS_FIND[] =
    "SELECT w.word FROM json_each('[\"' || replace(?1, ' ', '\",\"') || '\"]') v "
    "CROSS JOIN {gx_search_word} w ON w.word = v.value";

static const char SQL_PG_DOC_PUT_A[] =
    "INSERT INTO {gx_search_doc_a} (id, object, tokens) VALUES (?1, ?2, CAST(?3 AS tsvector)) "
    "ON CONFLICT (id) DO UPDATE SET object = excluded.object, tokens = excluded.tokens";
static const char SQL_PG_DOC_PUT_B[] =
    "INSERT INTO {gx_search_doc_b} (id, object, tokens) VALUES (?1, ?2, CAST(?3 AS tsvector)) "
    "ON CONFLICT (id) DO UPDATE SET object = excluded.object, tokens = excluded.tokens";
static const char SQL_PG_WORDS_ADD[] =
    "INSERT INTO {gx_search_word} (word) SELECT w FROM unnest(string_to_array(?1, ' ')) w "
    "ON CONFLICT DO NOTHING";
static const char SQL_PG_WORDS_FIND[] =
    "SELECT word FROM {gx_search_word} WHERE word = ANY(string_to_array(?1, ' '))";

static const SearchSql tables[2][2] = {
    [DB_SQLITE] = {{
                       .doc_put = STR_SQL(SQL_LITE_DOC_PUT_A),
                       .doc_drop = STR_SQL(SQL_DOC_DROP_A),
                       .index_put = STR_SQL(SQL_LITE_PUT_A),
                       .index_drop = STR_SQL(SQL_LITE_DROP_A),
                       .doc_list = STR_SQL(SQL_DOC_LIST_A),
                       .doc_clear = STR_SQL(SQL_DOC_SOME_A),
                       .merge = STR_SQL(SQL_LITE_MERGE_A),
                       .config = STR_SQL(SQL_LITE_CONFIG_A),
                       .segments = STR_SQL(SQL_LITE_SEGMENTS_A),
                       .structure = STR_SQL(SQL_LITE_STRUCTURE_A),
                       .leaf_of = STR_SQL(SQL_LITE_LEAF_A),
                       .leaves = STR_SQL(SQL_LITE_LEAVES_A),
                       .clear = {STR_SQL(SQL_LITE_CLEAR_A), STR_SQL(SQL_DOC_CLEAR_A)},
                       .words_add = STR_SQL(SQL_LITE_WORDS_ADD),
                       .words_find = STR_SQL(SQL_LITE_WORDS_FIND),
                   },
                   {
                       .doc_put = STR_SQL(SQL_LITE_DOC_PUT_B),
                       .doc_drop = STR_SQL(SQL_DOC_DROP_B),
                       .index_put = STR_SQL(SQL_LITE_PUT_B),
                       .index_drop = STR_SQL(SQL_LITE_DROP_B),
                       .doc_list = STR_SQL(SQL_DOC_LIST_B),
                       .doc_clear = STR_SQL(SQL_DOC_SOME_B),
                       .merge = STR_SQL(SQL_LITE_MERGE_B),
                       .config = STR_SQL(SQL_LITE_CONFIG_B),
                       .segments = STR_SQL(SQL_LITE_SEGMENTS_B),
                       .structure = STR_SQL(SQL_LITE_STRUCTURE_B),
                       .leaf_of = STR_SQL(SQL_LITE_LEAF_B),
                       .leaves = STR_SQL(SQL_LITE_LEAVES_B),
                       .clear = {STR_SQL(SQL_LITE_CLEAR_B), STR_SQL(SQL_DOC_CLEAR_B)},
                       .words_add = STR_SQL(SQL_LITE_WORDS_ADD),
                       .words_find = STR_SQL(SQL_LITE_WORDS_FIND),
                   }},
    [DB_POSTGRES] = {{
                         .doc_put = STR_SQL(SQL_PG_DOC_PUT_A),
                         .doc_drop = STR_SQL(SQL_DOC_DROP_A),
                         .doc_list = STR_SQL(SQL_DOC_LIST_A),
                         .doc_clear = STR_SQL(SQL_DOC_SOME_A),
                         .clear = {STR_SQL(SQL_DOC_CLEAR_A)},
                         .words_add = STR_SQL(SQL_PG_WORDS_ADD),
                         .words_find = STR_SQL(SQL_PG_WORDS_FIND),
                     },
                     {
                         .doc_put = STR_SQL(SQL_PG_DOC_PUT_B),
                         .doc_drop = STR_SQL(SQL_DOC_DROP_B),
                         .doc_list = STR_SQL(SQL_DOC_LIST_B),
                         .doc_clear = STR_SQL(SQL_DOC_SOME_B),
                         .clear = {STR_SQL(SQL_DOC_CLEAR_B)},
                         .words_add = STR_SQL(SQL_PG_WORDS_ADD),
                         .words_find = STR_SQL(SQL_PG_WORDS_FIND),
                     }},
};

const SearchSql *search_sql(DbKind kind, int slot) { return &tables[kind][slot]; }
