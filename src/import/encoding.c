/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings: BOM, validity, then what the bytes say when read as GB18030 (which also reads GB2312 and GBK)
 * and as Big5; uchardet for everything else. Conversion by ICU in pieces. */
#include "import/encoding.h"
#include "base/utf8.h"
#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unistd.h>

#define SAMPLE_BYTES ((size_t)1 << 20)
#define LOOKED_AT 20000 /* characters that are not ASCII */
#define ENOUGH 0.2      /* running Chinese has about two thirds, a wrong reading a few hundredths */
#define PIECE ((size_t)64 * 1024)

static Str by_bom(Str bytes, size_t *ret_skip)
{
    static const struct {
        const char *bom;
        size_t n;
        const char *name;
    } BOMS[] = {{"\xef\xbb\xbf", 3, "UTF-8"},
                {"\xff\xfe", 2, "UTF-16LE"},
                {"\xfe\xff", 2, "UTF-16BE"},
                {"\x84\x31\x95\x33", 4, "GB18030"}};
    for (size_t i = 0; i < COUNT_OF(BOMS); i++) {
        if (!str_starts(bytes, str_n(BOMS[i].bom, BOMS[i].n)))
            continue;
        *ret_skip = BOMS[i].n;
        return str_of(BOMS[i].name);
    }
    return STR_NULL;
}

/* Text without BOM in which every other byte is mostly zero. */
static Str by_zeros(Str bytes)
{
    size_t even = 0, odd = 0, n = bytes.n < 4096 ? bytes.n : 4096;
    for (size_t i = 0; i < n; i++)
        *(i % 2 ? &odd : &even) += bytes.p[i] == 0;
    if (odd > n / 4 && even < n / 64 + 1)
        return STR("UTF-16LE");
    return even > n / 4 && odd < n / 64 + 1 ? STR("UTF-16BE") : STR_NULL;
}

/* ---- by bytes: read as each candidate, how much of it is what Chinese tables are made of? */
static const UChar COMMON[] =
    u"的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    u"子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体"
    u"制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内"
    u"数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    u"直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    u"别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
    u"口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身"
    u"车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石"
    u"记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青"
    u"省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型"
    u"眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    u"限司客户址姓邮箱编备注址职称级售订购货款额币税票姓签约跟进浙杭深圳沪粤苏"
    u"這個為來時們會對說過經業學關電機體點應開還間與線內數員現實發動國產種後從當進無長東車門問題條"
    u"結將見計別強給運區農華單風務萬類節話許廣記書際驗連難備習響約團歷構稱準號維劃選標寫親專狀縣調"
    u"滿識適屬圓參紅細聽該價嚴戶郵職級訂購貨額幣簽聯絡灣";

static bool is_common(UChar c) { return u_strchr(COMMON, c) != NULL; }

/* Share of common characters among those that are not ASCII; -1 if more than one in a hundred is unreadable. */
static double likeness(Str bytes, const char *name)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *from = ucnv_open(name, &error);
    UChar text[4096] = {0};
    const char *source = bytes.p, *end = bytes.p + bytes.n;
    size_t all = 0, bad = 0, common = 0;
    for (bool more = from != NULL; more && all < LOOKED_AT;) {
        UChar *target = text;
        error = U_ZERO_ERROR;
        ucnv_toUnicode(from, &target, text + COUNT_OF(text), &source, end, NULL, false, &error);
        more = error == U_BUFFER_OVERFLOW_ERROR;
        for (const UChar *c = text; c < target; c++) {
            all += *c >= 0x80;
            bad += *c == 0xfffd || (*c >= 0xe000 && *c < 0xf900) || (*c >= 0x80 && *c < 0xa0);
            common += *c >= 0x80 && is_common(*c);
        }
    }
    if (from)
        ucnv_close(from);
    return !all || bad * 100 > all ? -1 : (double)common / (double)all;
}

/* From the line in which the first byte that is not ASCII stands. */
static Str telling_part(Str bytes)
{
    size_t i = 0;
    while (i < bytes.n && (unsigned char)bytes.p[i] < 0x80)
        i++;
    while (i > 0 && bytes.p[i - 1] != '\n')
        i--;
    return str_sub(bytes, i, SAMPLE_BYTES);
}

static Str detected(Arena *a, Str sample)
{
    uchardet_t detector = uchardet_new();
    uchardet_handle_data(detector, sample.p, sample.n);
    uchardet_data_end(detector);
    Str name = str_copy(a, str_of(uchardet_get_charset(detector)));
    uchardet_delete(detector);
    return name;
}

static Str by_bytes(Arena *a, Str bytes)
{
    Str sample = telling_part(bytes);
    double gb = likeness(sample, "GB18030"), big5 = likeness(sample, "Big5");
    if (gb >= ENOUGH || big5 >= ENOUGH)
        return gb >= big5 ? STR("GB18030") : STR("Big5");
    Str name = detected(a, sample);
    UErrorCode error = U_ZERO_ERROR;
    UConverter *known = name.n ? ucnv_open(str_z(a, name), &error) : NULL;
    if (!known || str_is(name, "ASCII") || str_is(name, "GB2312") || str_is(name, "GBK"))
        name = STR("GB18030");
    if (known)
        ucnv_close(known);
    return name;
}

/* A file that was cut anywhere may end within a character. */
static bool looks_utf8(Str bytes)
{
    size_t bad = 0;
    return utf8_valid(bytes, &bad) ||
           (bytes.n - bad < 4 && bad > 0 && (bytes.p[bad] & 0xc0) == 0xc0);
}

Str encoding_guess(Arena *a, Str bytes, size_t *ret_skip)
{
    *ret_skip = 0;
    Str name = by_bom(bytes, ret_skip);
    if (name.n)
        return name;
    name = by_zeros(bytes);
    if (name.n)
        return name;
    return looks_utf8(bytes) ? STR("UTF-8") : by_bytes(a, bytes);
}

bool encoding_is_utf8(Str name)
{
    static const char *const NAMES[] = {"UTF-8", "utf-8", "UTF8", "utf8"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(name, NAMES[i]))
            return true;
    return false;
}

static Status write_all(Ctx *cx, int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written <= 0)
            return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
        p += written;
        n -= (size_t)written;
    }
    return ST_OK;
}

static Status convert(Ctx *cx, UConverter *from, UConverter *to, Str bytes, int fd)
{
    char out[PIECE];
    UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
    const char *source = bytes.p, *end = bytes.p + bytes.n;
    for (bool more = bytes.n > 0; more;) {
        char *target = out;
        UErrorCode error = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, out + sizeof(out), &source, end, pivot, &pivot_source,
                       &pivot_target, pivot + COUNT_OF(pivot), false, true, &error);
        more = error == U_BUFFER_OVERFLOW_ERROR;
        if (U_FAILURE(error) && !more)
            return FAIL(cx, ST_INVALID, "import.encoding_broken",
                        "the file cannot be read in its encoding");
        TRY(write_all(cx, fd, out, (size_t)(target - out)));
    }
    return ST_OK;
}

Status encoding_convert(Ctx *cx, Str bytes, Str name, int fd)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *from = name.n && name.n < 64 ? ucnv_open(str_z(cx->arena, name), &error) : NULL;
    if (!from || U_FAILURE(error))
        return FAIL(cx, ST_INVALID, "import.encoding_unknown",
                    "the encoding \"" STR_FMT "\" is not known", STR_ARG(name));
    UConverter *to = ucnv_open("UTF-8", &error);
    Status st = U_SUCCESS(error) ? convert(cx, from, to, bytes, fd)
                                 : FAIL(cx, ST_INTERNAL, "import.encoding_broken",
                                        "the file cannot be read in its encoding");
    ucnv_close(from);
    ucnv_close(to);
    return st;
}
