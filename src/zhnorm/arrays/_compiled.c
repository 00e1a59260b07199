/* The compiled part: conversion, and the inner loops of reading pages, each with a twin in Python that gives the same numbers, bit for bit.

   The package works without it. `compiled.py` says when it is there, `_compiled.pyi` what each function takes, and the twin, which is
   named above each function here, what it means. Arrays come in through the buffer protocol, as bytes whose number is held against
   what is needed before any of them is read; what is found is written into an array that the caller made.

   Numbers of the network are whole ones, so sums are the same in any order. Where there are fractions, each is made by the same steps
   as in the twin; the build allows the compiler no others (-ffp-contract=off). */

#define Py_LIMITED_API 0x030B0000 /* one build for Python 3.11 and all that come after it */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAS_AVX2
#if __GNUC__ >= 9 || (defined(__clang_major__) && __clang_major__ >= 9)
#define HAS_VNNI
#endif
#endif

/* Before a function: it is compiled for newer processors, too, and the loader takes what the processor has. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define SEVERAL __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef SEVERAL
#define SEVERAL
#endif

/* ------------------------------------------------------------------ arguments */

/* How many items of so many bytes an array has. */
static Py_ssize_t items(const Py_buffer *array, size_t size)
{
    return array->len / (Py_ssize_t)size;
}

static PyObject *refuse(const char *why)
{
    PyErr_SetString(PyExc_ValueError, why);
    return NULL;
}

/* The first lines of pages, and how many lines all pages have. */
typedef struct {
    const int64_t *starts;
    int64_t count, lines;
} Pages;

/* Whether pages stand one after the other, none empty, the first one at the beginning. */
static int are_pages(Pages *pages, const Py_buffer *starts, int64_t lines)
{
    *pages = (Pages){starts->buf, items(starts, sizeof(int64_t)), lines};
    if (pages->count < 1 || pages->starts[0] != 0 || pages->starts[pages->count - 1] >= lines)
        return 0;
    for (int64_t i = 1; i < pages->count; i++)
        if (pages->starts[i] <= pages->starts[i - 1])
            return 0;
    return 1;
}

/* The first line behind a page. */
static int64_t page_stop(const Pages *pages, int64_t number)
{
    return number + 1 < pages->count ? pages->starts[number + 1] : pages->lines;
}

static Py_ssize_t count_lines(const Py_UCS4 *codes, Py_ssize_t size)
{
    Py_ssize_t found = 1;
    for (Py_ssize_t i = 0; i < size; i++)
        found += codes[i] == '\n';
    return found;
}

/* ------------------------------------------------------------------ characters (arrays/character_table.py: CharacterTable.apply) */

enum { ALL_CODES = 0x110000, CHARACTER = 0x1FFFFF };

static PyObject *translate(PyObject *module, PyObject *args)
{
    PyObject *text, *result = NULL;
    Py_buffer added;
    int deletes, order = PY_LITTLE_ENDIAN ? -1 : 1;
    (void)module;
    if (!PyArg_ParseTuple(args, "Uy*p", &text, &added, &deletes))
        return NULL;
    Py_ssize_t size = PyUnicode_GetLength(text), left = 0;
    Py_UCS4 *codes = PyUnicode_AsUCS4Copy(text);
    if (!codes)
        goto done;
    if (added.len != ALL_CODES * sizeof(uint32_t)) {
        refuse("translate: sizes");
        goto done;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 code = codes[i];
        Py_UCS4 found = (code + ((const uint32_t *)added.buf)[code]) & CHARACTER;
        codes[left] = found;
        left += found || !code || !deletes;
    }
    result = PyUnicode_DecodeUTF32((const char *)codes, left * (Py_ssize_t)sizeof *codes, "surrogatepass", &order);
done:
    PyMem_Free(codes);
    PyBuffer_Release(&added);
    return result;
}

/* ------------------------------------------------------------------ looks of lines (reading/line_features.py: own_features) */

/* The bits of characters, in the order of `line_features._KINDS`, */
enum {
    MARK = 1 << 0, STOP = 1 << 1, BAR = 1 << 2, PARTICLE = 1 << 3, BLANK = 1 << 4, QUOTE = 1 << 5, COMMA = 1 << 6,
    SENTENCE = 1 << 7, DIGIT = 1 << 8, DATE_SIGN = 1 << 9, PICTURE = 1 << 10, MATERIAL = 1 << 11, WHITE = 1 << 12,
    EMOJI = 1 << 13, ARROW = 1 << 14, SLASH = 1 << 15, CLOSER = 1 << 16, FULL_STOP = 1 << 17, NO_LINK_END = 1 << 18,
    BULLET_START = 1 << 19, COLON = 1 << 20, OPENING = 1 << 21, EXCLAIMS = 1 << 22, ASKS = 1 << 23, HASH = 1 << 24,
    WAVE = 1 << 25,
};
/* and of `_KEY_KINDS`. */
enum { KEY_DIGIT = 1, KEY_LATIN = 2, WORD_FIRST = 4, WORD_SECOND = 8 };
/* What an expression has to say: the bits of `line_features._ASKED`. */
enum { ASK_ENDS = 1, ASK_BULLET = 2, ASK_SITE_WORDS = 4 };
enum { LOOKS = 34, LINK_CHARS = 48, PROSE_CHARS = 20, LONG_CHARS = 60 };

/* A line: its code points, and the bits of each. */
typedef struct {
    const Py_UCS4 *codes;
    const uint32_t *bits;
    Py_ssize_t size;
} Line;

/* Where a line ends once some kinds of characters are taken off its end. */
static Py_ssize_t stripped(const Line *line, uint32_t kinds)
{
    Py_ssize_t size = line->size;
    while (size && line->bits[size - 1] & kinds)
        size--;
    return size;
}

/* The bits of the character before a place. */
static uint32_t before(const Line *line, Py_ssize_t place)
{
    return place ? line->bits[place - 1] : 0;
}

static int holds_word(const Line *line, const char *word)
{
    Py_ssize_t size = (Py_ssize_t)strlen(word), same;
    for (Py_ssize_t i = 0; i + size <= line->size; i++) {
        for (same = 0; same < size && line->codes[i + same] == (Py_UCS4)word[same];)
            same++;
        if (same == size)
            return 1;
    }
    return 0;
}

/* 资料照: whence a picture is. */
static int holds_material(const Line *line)
{
    for (Py_ssize_t i = 0; i + 2 < line->size; i++)
        if (line->codes[i] == 0x8D44 && line->codes[i + 1] == 0x6599 && line->codes[i + 2] == 0x7167)
            return 1;
    return 0;
}

/* Digits, a sign of a date and digits, spaces between them or not; or a time of day. */
static int holds_date(const Line *line)
{
    for (Py_ssize_t i = 0; i + 2 < line->size; i++) {
        if (!(line->bits[i] & DIGIT))
            continue;
        if (line->codes[i + 1] == ':' && line->bits[i + 2] & DIGIT && i + 3 < line->size && line->bits[i + 3] & DIGIT)
            return 1;
        Py_ssize_t at = i + 1;
        while (at < line->size && line->bits[at] & WHITE)
            at++;
        if (at == line->size || !(line->bits[at] & DATE_SIGN) || line->codes[at] == ':')
            continue;
        for (at++; at < line->size && line->bits[at] & WHITE;)
            at++;
        if (at < line->size && line->bits[at] & DIGIT)
            return 1;
    }
    return 0;
}

static double share(double value, double most)
{
    return (value < most ? value : most) / most;
}

/* The counts that are taken of a line's text and of its key. */
typedef struct {
    int64_t marks, stops, bars, particles, blanks, emoji, digits, latin, size;
    uint32_t holds;
    int has_site_words;
} Counts;

static Counts count_kinds(const Line *text, const Py_UCS4 *key, Py_ssize_t key_size, const uint8_t *key_table)
{
    Counts found = {0};
    found.size = key_size;
    for (Py_ssize_t i = 0; i < text->size; i++) {
        uint32_t bits = text->bits[i];
        found.holds |= bits;
        found.marks += (bits & MARK) != 0;
        found.stops += (bits & STOP) != 0;
        found.bars += (bits & BAR) != 0;
        found.particles += (bits & PARTICLE) != 0;
        found.emoji += (bits & EMOJI) != 0;
    }
    uint8_t last = 0;
    for (Py_ssize_t i = 0; i < key_size; i++) {
        uint8_t bits = key_table[key[i]];
        found.digits += (bits & KEY_DIGIT) != 0;
        found.latin += (bits & KEY_LATIN) != 0;
        found.has_site_words |= (last & WORD_FIRST) && (bits & WORD_SECOND);
        last = bits;
    }
    Py_ssize_t stop = stripped(text, WHITE), start = 0;
    while (start < stop && text->bits[start] & WHITE)
        start++;
    for (Py_ssize_t i = start; i < stop; i++)
        found.blanks += (text->bits[i] & BLANK) != 0;
    return found;
}

/* Write the columns of a line, in the order of `line_features.OWN`: of its size the number of letters, and nothing in the columns of
   rules and links. Returns what has to be asked. */
static uint32_t put_looks(const Line *line, const Counts *counts, double *row)
{
    int64_t size = counts->size;
    double letters = (double)(size + 1);
    uint32_t holds = counts->holds, first = line->size ? line->bits[0] : 0, last = before(line, line->size);
    Py_ssize_t start = 0, stop = stripped(line, WHITE);
    while (start < stop && line->bits[start] & WHITE)
        start++;
    uint32_t begins = start < stop ? line->bits[start] : 0;
    int ends = (last & STOP) != 0;
    int full_stop = last & CLOSER ? (before(line, stripped(line, CLOSER)) & FULL_STOP) != 0 : (last & FULL_STOP) != 0;
    uint32_t link_end = last & CLOSER ? before(line, stripped(line, CLOSER | WAVE)) : last;
    double columns[LOOKS] = {
        (double)size, size <= 6, size > 6 && size <= 14, size > 14 && size <= 30, size >= LONG_CHARS,
        share((double)counts->marks / letters, 0.25), share((double)counts->stops, 5), ends, full_stop,
        size >= PROSE_CHARS && (ends || (size >= LONG_CHARS && holds & COMMA)),
        size > 0 && size <= LINK_CHARS && !(link_end & NO_LINK_END), /* bullet */ 0,
        share((double)counts->digits / letters, 0.5), (double)counts->latin / letters,
        holds & DIGIT && holds & DATE_SIGN && holds_date(line), share((double)counts->bars, 6),
        share((double)counts->blanks, 8), (before(line, stop) & COLON) != 0,
        share((double)counts->particles / letters, 0.15), (begins & OPENING) != 0, (holds & QUOTE) != 0,
        /* site-words */ 0, holds & PICTURE || (holds & MATERIAL && holds_material(line)),
        /* dropped, heads-list, trimmed */ 0, 0, 0, share((double)counts->emoji, 3), (holds & ARROW) != 0,
        holds & SLASH && (holds_word(line, "http") || holds_word(line, "www.")), (last & EXCLAIMS) != 0,
        (last & ASKS) != 0, (first & HASH) != 0, share((double)size, 150), /* link-share */ 0,
    };
    memcpy(row, columns, sizeof columns);
    return (!ends && holds & SENTENCE ? ASK_ENDS : 0) | (begins & BULLET_START ? ASK_BULLET : 0)
           | (counts->has_site_words ? ASK_SITE_WORDS : 0);
}

/* The end of the line that begins at a place. */
static Py_ssize_t line_end(const Py_UCS4 *codes, Py_ssize_t size, Py_ssize_t start)
{
    while (start < size && codes[start] != '\n')
        start++;
    return start;
}

static PyObject *looks(PyObject *module, PyObject *args)
{
    PyObject *texts, *keys, *result = NULL;
    Py_buffer table, key_table, found, asked;
    Py_UCS4 *text = NULL, *key = NULL;
    uint32_t *bits = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "UUy*y*w*w*", &texts, &keys, &table, &key_table, &found, &asked))
        return NULL;
    Py_ssize_t size = PyUnicode_GetLength(texts), key_size = PyUnicode_GetLength(keys);
    Py_ssize_t lines = items(&asked, sizeof(uint32_t));
    if (!(text = PyUnicode_AsUCS4Copy(texts)) || !(key = PyUnicode_AsUCS4Copy(keys)))
        goto done;
    if (table.len != ALL_CODES * sizeof(uint32_t) || key_table.len != ALL_CODES
        || found.len != lines * LOOKS * (Py_ssize_t)sizeof(double) || count_lines(text, size) != lines
        || count_lines(key, key_size) != lines) {
        refuse("looks: sizes");
        goto done;
    }
    bits = PyMem_Malloc(((size_t)size + 1) * sizeof *bits);
    if (!bits) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0; i < size; i++)
        bits[i] = ((const uint32_t *)table.buf)[text[i]];
    Py_ssize_t at = 0, key_at = 0;
    for (Py_ssize_t i = 0; i < lines; i++) {
        Line line = {text + at, bits + at, line_end(text, size, at) - at};
        Py_ssize_t key_stop = line_end(key, key_size, key_at);
        Counts counts = count_kinds(&line, key + key_at, key_stop - key_at, key_table.buf);
        ((uint32_t *)asked.buf)[i] = put_looks(&line, &counts, (double *)found.buf + i * LOOKS);
        at += line.size + 1;
        key_at = key_stop + 1;
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(text);
    PyMem_Free(key);
    PyMem_Free(bits);
    PyBuffer_Release(&table);
    PyBuffer_Release(&key_table);
    PyBuffer_Release(&found);
    PyBuffer_Release(&asked);
    return result;
}

/* ------------------------------------------------------------------ words (reading/network.py: Network._words) */

enum { TABLE_SIZE = 1 << 16, LONGEST_PIECE = 4, MOST_CHARS = 28, MOST_DIMENSIONS = 64 };
static const uint32_t SEED = 0x9E3779B1, MIX = 0x85EBCA6B, LAST = 0x7FEB352D;

/* What `str.isspace` takes for a space. */
static int is_space(Py_UCS4 code)
{
    if (code < 0x80)
        return code == ' ' || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F);
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028
           || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

static int is_digit(Py_UCS4 code)
{
    return code >= '0' && code <= '9';
}

/* Write numbers as 0 and spaces as one, none at the ends; returns the size that is left. */
static Py_ssize_t squeeze(Py_UCS4 *line, Py_ssize_t size)
{
    Py_ssize_t left = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (is_digit(line[i])) {
            if (!i || !is_digit(line[i - 1]))
                line[left++] = '0';
        } else if (!is_space(line[i])) {
            line[left++] = line[i];
        } else if (left && line[left - 1] != ' ') {
            line[left++] = ' ';
        }
    }
    return left && line[left - 1] == ' ' ? left - 1 : left;
}

/* What is read of a line (reading/ngrams.py: text_of): its ends are marked, and of a long one the middle is left out. */
static Py_ssize_t cut_out(const Py_UCS4 *line, Py_ssize_t size, Py_UCS4 *read)
{
    Py_ssize_t count = 0;
    read[count++] = '^';
    for (Py_ssize_t i = 0; i < size; i++) {
        if (size > 2 * MOST_CHARS && i == MOST_CHARS) {
            read[count++] = 1;
            i = size - MOST_CHARS;
        }
        read[count++] = line[i];
    }
    read[count++] = '$';
    return count;
}

/* Eight numbers at a time, which a processor adds at once. */
static void add_vector(int32_t *sums, const int8_t *vector, Py_ssize_t width)
{
    for (Py_ssize_t i = 0; i < width; i += 8)
        for (Py_ssize_t j = i; j < i + 8; j++)
            sums[j] += vector[j];
}

/* The sum of the vectors of all pieces that the table knows; returns how many there are. */
SEVERAL static int32_t sum_of_pieces(const Py_UCS4 *read, Py_ssize_t size, const uint8_t *marks, const int8_t *vectors,
                             Py_ssize_t width, int32_t *sums)
{
    int32_t count = 0;
    for (Py_ssize_t start = 0; start < size; start++) {
        uint32_t hash = 0;
        for (Py_ssize_t more = 0; more < LONGEST_PIECE && start + more < size; more++) {
            uint32_t step = read[start + more] * SEED;
            hash = more ? ((hash >> 15) ^ hash) * MIX + step + (uint32_t)more : step + SEED;
            uint32_t mixed = (hash ^ (hash >> 16)) * LAST;
            mixed ^= mixed >> 15;
            uint32_t place = mixed & (TABLE_SIZE - 1);
            if (marks[place] == ((mixed >> 24) | 1)) {
                add_vector(sums, vectors + place * width, width);
                count++;
            }
        }
    }
    return count;
}

static PyObject *words(PyObject *module, PyObject *args)
{
    PyObject *text, *result = NULL;
    Py_buffer marks, vectors, found;
    double unit;
    (void)module;
    if (!PyArg_ParseTuple(args, "Uy*y*dw*", &text, &marks, &vectors, &unit, &found))
        return NULL;
    Py_ssize_t size = PyUnicode_GetLength(text), width = items(&vectors, TABLE_SIZE);
    Py_UCS4 *codes = PyUnicode_AsUCS4Copy(text);
    if (!codes)
        goto done;
    if (marks.len != TABLE_SIZE || vectors.len != TABLE_SIZE * width || width > MOST_DIMENSIONS || width % 8
        || found.len != count_lines(codes, size) * width * (Py_ssize_t)sizeof(double)) {
        refuse("words: sizes");
        goto done;
    }
    double *row = found.buf;
    for (Py_ssize_t start = 0, stop; start <= size; start = stop + 1, row += width) {
        stop = line_end(codes, size, start);
        Py_UCS4 read[2 * MOST_CHARS + 3];
        Py_ssize_t count = cut_out(codes + start, squeeze(codes + start, stop - start), read);
        int32_t sums[MOST_DIMENSIONS] = {0};
        double root = sqrt(sum_of_pieces(read, count, marks.buf, vectors.buf, width, sums) + 1.0);
        for (Py_ssize_t i = 0; i < width; i++)
            row[i] = rint(sums[i] * unit / root);
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(codes);
    PyBuffer_Release(&marks);
    PyBuffer_Release(&vectors);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ products of whole numbers of 16 bits */

/* Weights of a layer are packed (arrays/matrices.py: packed): of each two inputs those of all outputs, one output after the other, so that
   many outputs are summed side by side, and no sum has to be gathered from parts. There is a multiple of eight outputs. */
enum { LANES = 8 };

static Py_ssize_t lanes_for(Py_ssize_t outputs)
{
    return (outputs + LANES - 1) / LANES * LANES;
}

#ifdef __SSE2__
/* For so many times four outputs, a number known when this is compiled. */
static inline void add_some(const int16_t *values, Py_ssize_t pairs, const int16_t *weights, Py_ssize_t lanes, int32_t *found,
                            const int count)
{
    __m128i sums[8];
    for (int i = 0; i < count; i++)
        sums[i] = _mm_loadu_si128((const __m128i *)found + i);
    for (Py_ssize_t pair = 0; pair < pairs; pair++, weights += 2 * lanes) {
        int32_t two;
        memcpy(&two, values + 2 * pair, sizeof two);
        __m128i both = _mm_set1_epi32(two);
        for (int i = 0; i < count; i++) {
            __m128i products = _mm_madd_epi16(both, _mm_loadu_si128((const __m128i *)weights + i));
            sums[i] = _mm_add_epi32(sums[i], products);
        }
    }
    for (int i = 0; i < count; i++)
        _mm_storeu_si128((__m128i *)found + i, sums[i]);
}
#endif

#ifdef HAS_AVX2
/* The same for so many times eight outputs, on newer processors. */
__attribute__((target("avx2"))) static inline void add_more(const int16_t *values, Py_ssize_t pairs, const int16_t *weights,
                                                            Py_ssize_t lanes, int32_t *found, const int count)
{
    __m256i sums[8];
    for (int i = 0; i < count; i++)
        sums[i] = _mm256_loadu_si256((const __m256i *)found + i);
    for (Py_ssize_t pair = 0; pair < pairs; pair++, weights += 2 * lanes) {
        int32_t two;
        memcpy(&two, values + 2 * pair, sizeof two);
        __m256i both = _mm256_set1_epi32(two);
        for (int i = 0; i < count; i++) {
            __m256i products = _mm256_madd_epi16(both, _mm256_loadu_si256((const __m256i *)weights + i));
            sums[i] = _mm256_add_epi32(sums[i], products);
        }
    }
    for (int i = 0; i < count; i++)
        _mm256_storeu_si256((__m256i *)found + i, sums[i]);
}

__attribute__((target("avx2"))) static void add_wide(const int16_t *values, Py_ssize_t pairs, const int16_t *weights,
                                                     Py_ssize_t lanes, int32_t *sums)
{
    Py_ssize_t first = 0;
    for (; first + 64 <= lanes; first += 64)
        add_more(values, pairs, weights + 2 * first, lanes, sums + first, 8);
    for (; first + 40 <= lanes; first += 40)
        add_more(values, pairs, weights + 2 * first, lanes, sums + first, 5);
    for (; first + 32 <= lanes; first += 32)
        add_more(values, pairs, weights + 2 * first, lanes, sums + first, 4);
    for (; first < lanes; first += 8)
        add_more(values, pairs, weights + 2 * first, lanes, sums + first, 1);
}
#endif

/* Add to the sums of all outputs the products of the values. */
static void add_products(const int16_t *values, Py_ssize_t pairs, const int16_t *weights, Py_ssize_t lanes, int32_t *sums)
{
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2")) {
        add_wide(values, pairs, weights, lanes, sums);
        return;
    }
#endif
#ifdef __SSE2__
    Py_ssize_t first = 0;
    for (; first + 32 <= lanes; first += 32)
        add_some(values, pairs, weights + 2 * first, lanes, sums + first, 8);
    for (; first < lanes; first += 8)
        add_some(values, pairs, weights + 2 * first, lanes, sums + first, 2);
#else
    for (Py_ssize_t pair = 0; pair < pairs; pair++, weights += 2 * lanes) {
        int32_t one = values[2 * pair], other = values[2 * pair + 1];
        for (Py_ssize_t i = 0; i < lanes; i++)
            sums[i] += one * weights[2 * i] + other * weights[2 * i + 1];
    }
#endif
}

/* ------------------------------------------------------------------ layers (reading/network.py: Network._layer) */

enum { MOST_INPUTS = 1024, MOST_OUTPUTS = 128, ONE = 256 };

/* Weights are packed, for `inputs` values, an even number, and `lanes` outputs. Where all values are from -narrow to narrow, no sum of
   products leaves 32 bits. */
typedef struct {
    const int16_t *weights;
    const int32_t *constants;
    Py_ssize_t inputs, outputs, lanes;
    int64_t narrow;
    int bend;
} Layer;

/* Check the arrays of a layer for so many values; returns 0 if they do not fit together. */
static int make_layer(Layer *layer, const Py_buffer *weights, const Py_buffer *constants, Py_ssize_t values, int bend)
{
    Py_ssize_t inputs = (values + 1) / 2 * 2;
    layer->weights = weights->buf;
    layer->constants = constants->buf;
    layer->inputs = inputs;
    layer->outputs = items(constants, sizeof(int32_t));
    layer->lanes = lanes_for(layer->outputs);
    layer->bend = bend;
    if (values < 1 || inputs > MOST_INPUTS || layer->outputs > MOST_OUTPUTS
        || constants->len != layer->outputs * (Py_ssize_t)sizeof(int32_t)
        || weights->len != inputs * layer->lanes * (Py_ssize_t)sizeof(int16_t))
        return 0;
    int32_t heaviest = 1;
    for (Py_ssize_t i = 0; i < inputs * layer->lanes; i++) {
        int32_t weight = layer->weights[i] < 0 ? -layer->weights[i] : layer->weights[i];
        heaviest = weight > heaviest ? weight : heaviest;
    }
    layer->narrow = INT32_MAX / (heaviest * (int64_t)inputs);
    layer->narrow = layer->narrow > INT16_MAX ? INT16_MAX : layer->narrow;
    return 1;
}

/* A 256th of a whole number, rounded, halves to the even side. */
static double rounded(int64_t sum)
{
    int64_t below = sum >> 8;
    return (double)((sum + ONE / 2 - 1 + (below & 1)) >> 8);
}

static double finish(const Layer *layer, Py_ssize_t output, int64_t sum)
{
    sum += (int64_t)layer->constants[output] * ONE;
    return layer->bend && sum < 0 ? 0 : rounded(sum);
}

static void apply_narrow(const Layer *layer, const int16_t *values, double *found)
{
    int32_t sums[MOST_OUTPUTS] = {0};
    add_products(values, layer->inputs / 2, layer->weights, layer->lanes, sums);
    for (Py_ssize_t output = 0; output < layer->outputs; output++)
        found[output] = finish(layer, output, sums[output]);
}

static void apply_wide(const Layer *layer, const int32_t *values, double *found)
{
    for (Py_ssize_t output = 0; output < layer->outputs; output++) {
        const int16_t *weights = layer->weights + 2 * output;
        int64_t sum = 0;
        for (Py_ssize_t i = 0; i < layer->inputs; i++)
            sum += (int64_t)values[i] * weights[i / 2 * 2 * layer->lanes + i % 2];
        found[output] = finish(layer, output, sum);
    }
}

/* What a layer makes of one line. Numbers are nearly always small, and then several products are made at a time. */
static void apply(const Layer *layer, const int32_t *values, double *found)
{
    int16_t narrow[MOST_INPUTS];
    /* All bits that any of them has, without their signs: none is larger than that. */
    uint32_t bits = 0;
    for (Py_ssize_t i = 0; i < layer->inputs; i++) {
        bits |= (uint32_t)(values[i] ^ (values[i] >> 31));
        narrow[i] = (int16_t)values[i];
    }
    if (bits < layer->narrow)
        apply_narrow(layer, narrow, found);
    else
        apply_wide(layer, values, found);
}

/* Numbers of the network, as 32 bits: none comes near to that. */
static void put(int32_t *values, const double *numbers, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++)
        values[i] = (int32_t)numbers[i];
}

static PyObject *layer(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer first, second, weights, constants, found;
    Py_ssize_t lines;
    int bend;
    Layer layer;
    int32_t values[MOST_INPUTS] = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "ny*y*y*y*pw*", &lines, &first, &second, &weights, &constants, &bend, &found))
        return NULL;
    Py_ssize_t row = lines > 0 ? lines * (Py_ssize_t)sizeof(double) : 1;
    Py_ssize_t left = first.len / row, right = second.len / row;
    if (lines < 1 || first.len != row * left || second.len != row * right
        || !make_layer(&layer, &weights, &constants, left + right, bend) || found.len != row * layer.outputs) {
        refuse("layer: sizes");
        goto done;
    }
    for (Py_ssize_t line = 0; line < lines; line++) {
        put(values, (const double *)first.buf + line * left, left);
        put(values + left, (const double *)second.buf + line * right, right);
        apply(&layer, values, (double *)found.buf + line * layer.outputs);
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&first);
    PyBuffer_Release(&second);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&constants);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ lines in their place (reading/network.py: Network.in_place) */

enum { MOST_WIDTH = 128, NEAR_LINES = 10, OFFSET_COUNT = 6 };
static const Py_ssize_t OFFSETS[OFFSET_COUNT] = {-3, -2, -1, 1, 2, 3};

/* The nearest whole number, halves to the even side: a double of this size has no bits for fractions. */
static int32_t nearest(double number)
{
    const double large = 6755399441055744.0; /* 1.5 * 2^52 */
    return (int32_t)((number + large) - large);
}

/* Write the mean of some lines, given what they are summed to. */
static void put_mean(int32_t *values, const double *sums, Py_ssize_t width, Py_ssize_t count)
{
    double divisor = (double)count;
    for (Py_ssize_t i = 0; i < width; i++)
        values[i] = nearest(sums[i] / divisor);
}

static void add_line(double *sums, const double *line, Py_ssize_t width)
{
    for (Py_ssize_t i = 0; i < width; i++)
        sums[i] += line[i];
}

static void take_line(double *sums, const double *line, Py_ssize_t width)
{
    for (Py_ssize_t i = 0; i < width; i++)
        sums[i] -= line[i];
}

/* A page's lines: rows of what they are alone, of what is around them, and of what neighbours see of them. */
typedef struct {
    const double *alone, *around, *seen;
    Py_ssize_t count, width, around_width, seen_width;
} Page;

/* What a line's neighbours are; nothing beyond the page's ends. */
static int32_t *put_neighbours(int32_t *values, const Page *page, Py_ssize_t line)
{
    for (int i = 0; i < OFFSET_COUNT; i++, values += page->seen_width) {
        Py_ssize_t there = line + OFFSETS[i];
        if (there >= 0 && there < page->count)
            put(values, page->seen + there * page->seen_width, page->seen_width);
        else
            memset(values, 0, (size_t)page->seen_width * sizeof *values);
    }
    return values;
}

/* What the lines of a page become in their place. */
static void place_page(const Layer *mix, const Page *page, double *found)
{
    Py_ssize_t width = page->width, count = page->count;
    int32_t values[MOST_INPUTS] = {0}, mean[MOST_WIDTH];
    double above[MOST_WIDTH] = {0}, below[MOST_WIDTH] = {0}, near[MOST_WIDTH] = {0};
    for (Py_ssize_t line = 0; line < count; line++)
        add_line(below, page->alone + line * width, width);
    for (Py_ssize_t line = 0; line < count && line < NEAR_LINES; line++)
        add_line(near, page->alone + line * width, width);
    put_mean(mean, below, width, count);
    for (Py_ssize_t line = 0; line < count; line++) {
        const double *own = page->alone + line * width;
        take_line(below, own, width);
        if (line + NEAR_LINES < count)
            add_line(near, own + NEAR_LINES * width, width);
        if (line > NEAR_LINES)
            take_line(near, own - (NEAR_LINES + 1) * width, width);
        Py_ssize_t first = line > NEAR_LINES ? line - NEAR_LINES : 0;
        Py_ssize_t behind = line + NEAR_LINES + 1 < count ? line + NEAR_LINES + 1 : count;
        put(values, own, width);
        for (Py_ssize_t i = 0; i < page->around_width; i++)
            values[width + i] = nearest(page->around[line * page->around_width + i] * ONE);
        int32_t *means = put_neighbours(values + width + page->around_width, page, line);
        memcpy(means, mean, (size_t)width * sizeof *mean);
        put_mean(means + width, above, width, line + 1);
        put_mean(means + 2 * width, below, width, count - line);
        put_mean(means + 3 * width, near, width, behind - first);
        apply(mix, values, found + line * mix->outputs);
        add_line(above, own, width);
    }
}

static PyObject *in_place(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer alone, around, seen, starts, weights, constants, found;
    Py_ssize_t lines;
    Layer mix;
    Pages pages;
    (void)module;
    if (!PyArg_ParseTuple(args, "ny*y*y*y*y*y*w*", &lines, &alone, &around, &seen, &starts, &weights, &constants, &found))
        return NULL;
    Py_ssize_t row = lines > 0 ? lines * (Py_ssize_t)sizeof(double) : 1;
    Py_ssize_t width = alone.len / row, around_width = around.len / row, seen_width = seen.len / row;
    if (lines < 1 || alone.len != row * width || around.len != row * around_width || seen.len != row * seen_width
        || width > MOST_WIDTH
        || !make_layer(&mix, &weights, &constants, 5 * width + around_width + OFFSET_COUNT * seen_width, 1)
        || found.len != row * mix.outputs || !are_pages(&pages, &starts, lines)) {
        refuse("in_place: sizes");
        goto done;
    }
    for (int64_t number = 0; number < pages.count; number++) {
        int64_t start = pages.starts[number], stop = page_stop(&pages, number);
        Page page = {
            (const double *)alone.buf + start * width, (const double *)around.buf + start * around_width,
            (const double *)seen.buf + start * seen_width, stop - start, width, around_width, seen_width,
        };
        place_page(&mix, &page, (double *)found.buf + start * mix.outputs);
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&alone);
    PyBuffer_Release(&around);
    PyBuffer_Release(&seen);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&constants);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ pairs of characters (reading/headline.py: Pairs) */

/* A place in a table of the pairs of one page: the pair, the number of the page, the line that had it last, and its group. */
typedef struct {
    uint64_t pair;
    int64_t page, line;
    int32_t group;
} Slot;

/* The slot of a pair, or the empty one where it belongs. Slots of other pages are empty. */
static Slot *find_slot(Slot *slots, uint64_t last, uint64_t pair, int64_t page)
{
    uint64_t at = (pair * 0x9E3779B97F4A7C15u) >> 32;
    while (slots[at & last].page == page && slots[at & last].pair != pair)
        at++;
    return &slots[at & last];
}

/* File the pairs of all lines, each pair of a line once: the line of each, and its group, which is the pair on its page. Returns how
   many there are. */
static Py_ssize_t file_pairs(const Py_UCS4 *codes, Py_ssize_t size, const int64_t *pages, Slot *slots, uint64_t last,
                             int32_t *lines, int32_t *groups)
{
    Py_ssize_t count = 0;
    int64_t line = 0;
    int32_t group = 0;
    for (Py_ssize_t i = 0; i + 1 < size; i++) {
        if (codes[i] == '\n') {
            line++;
            continue;
        }
        if (codes[i + 1] == '\n')
            continue;
        uint64_t pair = (uint64_t)codes[i] << 32 | codes[i + 1];
        Slot *slot = find_slot(slots, last, pair, pages[line]);
        if (slot->page == pages[line] && slot->line == line)
            continue;
        if (slot->page != pages[line])
            slot->group = group++;
        slot->pair = pair;
        slot->page = pages[line];
        slot->line = line;
        lines[count] = (int32_t)line;
        groups[count++] = slot->group;
    }
    return count;
}

/* The number of slots: a power of two, more than twice the pairs of the largest page; 0 if pages are not in order. */
static uint64_t count_slots(const Py_UCS4 *codes, Py_ssize_t size, const int64_t *pages, Py_ssize_t lines)
{
    Py_ssize_t line = 0, chars = 0, most = 0;
    if (pages[0] < 0)
        return 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        chars++;
        most = chars > most ? chars : most;
        if (codes[i] == '\n') {
            line++;
            if (line >= lines || pages[line] < pages[line - 1])
                return 0;
            if (pages[line] != pages[line - 1])
                chars = 0;
        }
    }
    uint64_t found = 16;
    while (found <= 2 * (uint64_t)most)
        found *= 2;
    return found;
}

static PyObject *pairs(PyObject *module, PyObject *args)
{
    PyObject *text, *result = NULL;
    Py_buffer pages, lines, groups;
    Slot *slots = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "Uy*w*w*", &text, &pages, &lines, &groups))
        return NULL;
    Py_ssize_t size = PyUnicode_GetLength(text), line_count = items(&pages, sizeof(int64_t));
    Py_UCS4 *codes = PyUnicode_AsUCS4Copy(text);
    if (!codes)
        goto done;
    if (line_count != count_lines(codes, size) || items(&lines, sizeof(int32_t)) < size
        || items(&groups, sizeof(int32_t)) < size || size > INT32_MAX) {
        refuse("pairs: sizes");
        goto done;
    }
    uint64_t slot_count = count_slots(codes, size, pages.buf, line_count);
    if (!slot_count) {
        refuse("pairs: pages");
        goto done;
    }
    slots = PyMem_Malloc(slot_count * sizeof(Slot));
    if (!slots) {
        PyErr_NoMemory();
        goto done;
    }
    for (uint64_t i = 0; i < slot_count; i++)
        slots[i].page = -1;
    result = PyLong_FromSsize_t(file_pairs(codes, size, pages.buf, slots, slot_count - 1, lines.buf, groups.buf));
done:
    PyMem_Free(slots);
    PyMem_Free(codes);
    PyBuffer_Release(&pages);
    PyBuffer_Release(&lines);
    PyBuffer_Release(&groups);
    return result;
}

/* For each line how many of its pairs stand in at least one known line of its page; with `others` set, in one besides itself. */
static PyObject *in_common(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer lines, groups, known, found;
    int others;
    int32_t *times = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*pw*", &lines, &groups, &known, &others, &found))
        return NULL;
    Py_ssize_t count = items(&lines, sizeof(int32_t)), line_count = known.len;
    const int32_t *line = lines.buf, *group = groups.buf;
    const uint8_t *is_known = known.buf;
    int64_t *common = found.buf;
    if (items(&groups, sizeof(int32_t)) != count || items(&found, sizeof(int64_t)) != line_count) {
        refuse("in_common: sizes");
        goto done;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (line[i] < 0 || line[i] >= line_count || group[i] < 0 || group[i] >= count) {
            refuse("in_common: places");
            goto done;
        }
    }
    times = PyMem_Calloc((size_t)count + 1, sizeof(int32_t));
    if (!times) {
        PyErr_NoMemory();
        goto done;
    }
    memset(common, 0, (size_t)found.len);
    for (Py_ssize_t i = 0; i < count; i++)
        times[group[i]] += is_known[line[i]] != 0;
    for (Py_ssize_t i = 0; i < count; i++)
        common[line[i]] += times[group[i]] > (others && is_known[line[i]]);
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(times);
    PyBuffer_Release(&lines);
    PyBuffer_Release(&groups);
    PyBuffer_Release(&known);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ what stands around lines (reading/surroundings.py, stretches.py) */

/* Columns of `line_features.OWN` that are looked at here, those that neighbours see among them; and how many columns are written. */
enum {
    OWN_SIZE = 0, OWN_ENDS = 7, OWN_PROSE = 9, OWN_LINK = 10, OWN_DATE = 14, OWN_SITE_WORDS = 21, OWN_DROPPED = 23,
    OWN_HEADS_LIST = 24, SHARED_COUNT = 8, AROUND = 86,
};
static const int SHARED[SHARED_COUNT] = {
    OWN_SIZE, OWN_ENDS, OWN_PROSE, OWN_LINK, OWN_DATE, OWN_DROPPED, OWN_HEADS_LIST, OWN_SITE_WORDS,
};
enum { GAP = 2, NEAR = 12, SHORT = 6, NEAR_TITLE = 6, SINCE_DATE = 30, NEXT_END = 15 };

/* What is known of the lines of all pages. */
typedef struct {
    const double *own;
    const uint8_t *known, *ends, *dates, *repeated;
    const double *like_title, *topic;
} Seen;

/* What was counted before a line of a page: letters of prose, links, short lines, hits, lines that articles end with. */
typedef struct {
    int64_t mass, links, shorts, hits, ends;
} Before;

/* A stretch of prose: its lines, and its letters. */
typedef struct {
    int64_t start, stop, size;
} Stretch;

static int is_prose(const double *own, int64_t line)
{
    return own[line * LOOKS + OWN_PROSE] > 0;
}

static int is_link(const double *own, int64_t line)
{
    return own[line * LOOKS + OWN_LINK] > 0 && !is_prose(own, line);
}

static PyObject *stretches(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer own, known, starts, begins, behind, first;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*w*", &own, &known, &starts, &begins, &behind, &first))
        return NULL;
    int64_t lines = known.len, count = 0;
    Pages pages;
    int64_t *start = begins.buf, *stop = behind.buf, *of_page = first.buf;
    if (own.len != lines * LOOKS * (int64_t)sizeof(double) || begins.len != lines * (int64_t)sizeof(int64_t)
        || behind.len != begins.len || !are_pages(&pages, &starts, lines)
        || first.len != (pages.count + 1) * (int64_t)sizeof(int64_t)) {
        refuse("stretches: sizes");
        goto done;
    }
    for (int64_t page = 0; page < pages.count; page++) {
        of_page[page] = count;
        int goes_on = 0;
        for (int64_t line = pages.starts[page]; line < page_stop(&pages, page); line++) {
            if (((const uint8_t *)known.buf)[line]) {
                goes_on = 0;
            } else if (is_prose(own.buf, line)) {
                if (!goes_on || line - stop[count - 1] > GAP)
                    start[count++] = line;
                stop[count - 1] = line + 1;
                goes_on = 1;
            }
        }
    }
    of_page[pages.count] = count;
    result = PyLong_FromLongLong(count);
done:
    PyBuffer_Release(&own);
    PyBuffer_Release(&known);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&begins);
    PyBuffer_Release(&behind);
    PyBuffer_Release(&first);
    return result;
}

/* A page: its first line and the one behind it; its headline, or -1, and how sure that is; its stretches, the largest of them, and the
   first below the headline, each -1 if there is none. */
typedef struct {
    int64_t top, bottom, title, largest, below_title;
    double sure;
    const Stretch *stretches;
    int64_t stretch_count;
} Place;

static void find_stretches(Place *page)
{
    page->largest = page->below_title = -1;
    for (int64_t i = 0; i < page->stretch_count; i++) {
        if (page->largest < 0 || page->stretches[i].size > page->stretches[page->largest].size)
            page->largest = i;
        if (page->below_title < 0 && page->title >= 0 && page->stretches[i].start > page->title)
            page->below_title = i;
    }
}

/* How far the nearest lines are in which something stands, one step on. */
static int64_t further(int64_t distance, int is_there)
{
    return is_there ? 1 : distance ? distance + 1 : 0;
}

/* How far a line is from such lines above or below it, 0 standing for none: in this order. */
enum { SINCE_PROSE, SINCE_DATED, SINCE_OTHER, TO_PROSE, TO_END, DISTANCES };

static int64_t at_most(int64_t distance, int64_t most)
{
    return distance && distance < most ? distance : most;
}

static double *put_counts(double *row, const Before *counted, const Place *page, int64_t line)
{
    const Before *here = counted + line, *next = here + 1;
    const Before *above[3], *below[3];
    static const int64_t near[3] = {2, 5, 10};
    for (int i = 0; i < 3; i++) {
        above[i] = counted + (line - near[i] > page->top ? line - near[i] : page->top);
        below[i] = counted + (line + near[i] + 1 < page->bottom ? line + near[i] + 1 : page->bottom);
        *row++ = (double)(below[i]->mass - above[i]->mass);
    }
    int64_t before_page = counted[page->top].mass;
    double total = (double)(counted[page->bottom].mass - before_page + 1);
    *row++ = (double)(below[1]->mass - above[1]->mass) / total;
    *row++ = (double)(here->mass - before_page) / total;
    *row++ = (total - (double)(next->mass - before_page)) / total;
    *row++ = (double)(next->mass - here->mass) / total;
    *row++ = (double)(line - page->top) / (double)(page->bottom - page->top);
    *row++ = (double)(here->links - above[2]->links) / 10;
    *row++ = (double)(below[2]->links - next->links) / 10;
    *row++ = (double)(here->shorts - above[2]->shorts) / 10;
    *row++ = (double)(below[2]->shorts - next->shorts) / 10;
    *row++ = share((double)(here->hits - above[1]->hits), 3);
    *row++ = share((double)(below[1]->hits - next->hits), 3);
    return row;
}

static double *put_stretch(double *row, const Place *page, int64_t line, int64_t last)
{
    const Stretch *own = last >= 0 && line < page->stretches[last].stop ? page->stretches + last : NULL;
    const Stretch *largest = page->largest >= 0 ? page->stretches + page->largest : NULL;
    const Stretch *below_title = page->below_title >= 0 ? page->stretches + page->below_title : NULL;
    double size = own ? (double)own->size : 0;
    *row++ = own != NULL;
    *row++ = size;
    *row++ = size / (largest ? (double)largest->size : 1);
    *row++ = own && own == largest;
    *row++ = own && own == below_title;
    *row++ = largest && line < largest->start;
    *row++ = largest && line >= largest->stop;
    *row++ = below_title && line < below_title->start;
    *row++ = below_title && line >= below_title->stop;
    return row;
}

static double *put_seen_by(double *row, const double *own, const Place *page, int64_t line)
{
    for (int offset = 0; offset < OFFSET_COUNT; offset++) {
        int64_t there = line + OFFSETS[offset];
        int is_there = there >= page->top && there < page->bottom;
        for (int i = 0; i < SHARED_COUNT; i++)
            *row++ = is_there ? own[there * LOOKS + SHARED[i]] : 0;
    }
    return row;
}

/* Write the columns of a line, in the order of `AROUND_NAMES`; where logarithms belong, what they are to be taken of. */
static void put_around(double *row, const Seen *seen, const Before *counted, const Place *page, int64_t line,
                       const int64_t *far, int64_t last_stretch)
{
    int prose = is_prose(seen->own, line), has_title = page->title >= 0;
    int64_t far_above = prose ? 0 : at_most(far[SINCE_PROSE], NEAR), far_below = prose ? 0 : at_most(far[TO_PROSE], NEAR);
    int64_t title = has_title ? page->title : page->top, place = line - page->top;
    row = put_seen_by(row, seen->own, page, line);
    row = put_counts(row, counted, page, line);
    *row++ = (double)far_above / NEAR;
    *row++ = (double)far_below / NEAR;
    *row++ = far_above < NEAR && far_below < NEAR;
    row = put_stretch(row, page, line, last_stretch);
    *row++ = line > title ? share((double)(counted[line].ends - counted[title].ends), 3) : 0;
    *row++ = share((double)at_most(far[TO_END], NEXT_END), NEXT_END);
    *row++ = has_title && line == title ? page->sure : 0;
    *row++ = has_title && line > title;
    *row++ = has_title && line > title && line - title <= NEAR_TITLE;
    *row++ = !has_title;
    *row++ = seen->like_title[line];
    *row++ = seen->topic[line];
    *row++ = seen->repeated[line] != 0;
    *row++ = line == page->top;
    *row++ = (double)(at_most(far[SINCE_DATED], SINCE_DATE + 1) - 1) / SINCE_DATE;
    *row++ = share((double)(far[SINCE_OTHER] ? far[SINCE_OTHER] - 1 : place), 8);
}

/* The columns of all lines of a page. `ahead` has room for two distances of each line. */
static void put_page(double *rows, const Seen *seen, const Before *counted, const Place *page, int64_t *ahead)
{
    int64_t far[DISTANCES] = {0}, stretch = -1;
    for (int64_t line = page->bottom - 1; line >= page->top; line--) {
        ahead[2 * line] = far[TO_PROSE];
        ahead[2 * line + 1] = far[TO_END];
        far[TO_PROSE] = further(far[TO_PROSE], is_prose(seen->own, line));
        far[TO_END] = further(far[TO_END], seen->ends[line]);
    }
    for (int64_t line = page->top; line < page->bottom; line++) {
        far[TO_PROSE] = ahead[2 * line];
        far[TO_END] = ahead[2 * line + 1];
        while (stretch + 1 < page->stretch_count && page->stretches[stretch + 1].start <= line)
            stretch++;
        put_around(rows + line * AROUND, seen, counted, page, line, far, stretch);
        far[SINCE_PROSE] = further(far[SINCE_PROSE], is_prose(seen->own, line));
        far[SINCE_DATED] = further(far[SINCE_DATED], seen->dates[line]);
        far[SINCE_OTHER] = further(far[SINCE_OTHER], !is_link(seen->own, line));
    }
}

static void count_before(Before *counted, const Seen *seen, const int64_t *sizes, int64_t lines)
{
    counted[0] = (Before){0};
    for (int64_t line = 0; line < lines; line++) {
        counted[line + 1] = counted[line];
        counted[line + 1].mass += is_prose(seen->own, line) ? sizes[line] : 0;
        counted[line + 1].links += is_link(seen->own, line);
        counted[line + 1].shorts += sizes[line] <= SHORT;
        counted[line + 1].hits += seen->known[line] != 0;
        counted[line + 1].ends += seen->ends[line] != 0;
    }
}

enum { AROUND_ARRAYS = 14 };

/* The arrays of `around`: how many bytes each has for a line, a page or a stretch. */
static int around_fits(const Py_buffer *arrays, int64_t lines, int64_t pages, int64_t count)
{
    const int64_t wanted[AROUND_ARRAYS] = {
        lines * LOOKS * 8, lines * 8, lines, lines, lines, lines, lines * 8, lines * 8,
        pages * 8, pages * 8, pages * 8, count * 8, count * 8, lines * AROUND * 8,
    };
    for (int i = 0; i < AROUND_ARRAYS; i++)
        if (arrays[i].len != wanted[i])
            return 0;
    return 1;
}

static PyObject *around(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer a[AROUND_ARRAYS];
    Before *counted = NULL;
    Stretch *all = NULL;
    int64_t *ahead = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*y*y*y*y*y*w*", &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &a[6], &a[7],
                          &a[8], &a[9], &a[10], &a[11], &a[12], &a[13]))
        return NULL;
    Seen seen = {a[0].buf, a[2].buf, a[3].buf, a[4].buf, a[5].buf, a[6].buf, a[7].buf};
    const int64_t *sizes = a[1].buf, *titles = a[9].buf, *begins = a[11].buf, *behind = a[12].buf;
    const double *sure = a[10].buf;
    int64_t lines = a[2].len, count = items(&a[11], sizeof(int64_t)), at = 0;
    Pages pages;
    if (!are_pages(&pages, &a[8], lines) || !around_fits(a, lines, pages.count, count)) {
        refuse("around: sizes");
        goto done;
    }
    counted = PyMem_Malloc(((size_t)lines + 1) * sizeof *counted);
    all = PyMem_Malloc(((size_t)count + 1) * sizeof *all);
    ahead = PyMem_Malloc(((size_t)lines + 1) * 2 * sizeof *ahead);
    if (!counted || !all || !ahead) {
        PyErr_NoMemory();
        goto done;
    }
    count_before(counted, &seen, sizes, lines);
    for (int64_t i = 0; i < count; i++) {
        if (begins[i] < 0 || begins[i] >= behind[i] || behind[i] > lines || (i && begins[i] < behind[i - 1])) {
            refuse("around: stretches");
            goto done;
        }
        all[i] = (Stretch){begins[i], behind[i], counted[behind[i]].mass - counted[begins[i]].mass};
    }
    for (int64_t i = 0; i < pages.count; i++) {
        Place page = {.top = pages.starts[i], .bottom = page_stop(&pages, i), .title = titles[i], .sure = sure[i]};
        if (page.title >= page.bottom || (page.title >= 0 && page.title < page.top)) {
            refuse("around: titles");
            goto done;
        }
        for (page.stretches = all + at; at < count && all[at].stop <= page.bottom; at++)
            page.stretch_count++;
        find_stretches(&page);
        put_page(a[13].buf, &seen, counted, &page, ahead);
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(counted);
    PyMem_Free(all);
    PyMem_Free(ahead);
    for (int i = 0; i < AROUND_ARRAYS; i++)
        PyBuffer_Release(&a[i]);
    return result;
}

/* ------------------------------------------------------------------ probabilities (reading/chances.py) */

enum { KINDS = 32, PARTS = 10000 };

/* The probabilities that follow from a line's scores, in whole parts: `powers` has e to the power of minus each 256th. */
static void put_chances(const double *scores, const double *powers, Py_ssize_t count, double *found)
{
    double most = scores[0], total = 0;
    for (int kind = 1; kind < KINDS; kind++)
        most = scores[kind] > most ? scores[kind] : most;
    for (int kind = 0; kind < KINDS; kind++) {
        double below = most - scores[kind];
        found[kind] = below < (double)count ? powers[(Py_ssize_t)below] : 0;
        total += found[kind];
    }
    for (int kind = 0; kind < KINDS; kind++)
        found[kind] = rint(found[kind] * PARTS / total);
}

/* Share out what kinds of one group have together by how likely each is among them. */
static void share_out(double *found, const double *names, const uint8_t *groups, uint8_t group)
{
    double together = 0, among = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        together += groups[kind] == group ? found[kind] : 0;
        among += groups[kind] == group ? names[kind] + 1 : 0;
    }
    for (int kind = 0; kind < KINDS; kind++)
        if (groups[kind] == group)
            found[kind] = rint(together * (names[kind] + 1) / among);
}

static PyObject *chances(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer scores, names, powers, groups, found;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &scores, &names, &powers, &groups, &found))
        return NULL;
    Py_ssize_t row = KINDS * sizeof(double), lines = scores.len / row;
    int is_named = names.len > 0;
    if (scores.len != lines * row || (is_named && names.len != scores.len) || found.len != scores.len
        || groups.len != KINDS || powers.len < (Py_ssize_t)sizeof(double)) {
        refuse("chances: sizes");
        goto done;
    }
    for (Py_ssize_t line = 0; line < lines; line++) {
        double *own = (double *)found.buf + line * KINDS, name[KINDS];
        put_chances((const double *)scores.buf + line * KINDS, powers.buf, items(&powers, sizeof(double)), own);
        if (is_named) {
            put_chances((const double *)names.buf + line * KINDS, powers.buf, items(&powers, sizeof(double)), name);
            share_out(own, name, groups.buf, 1);
            share_out(own, name, groups.buf, 2);
        }
        for (int kind = 0; kind < KINDS; kind++)
            own[kind] /= PARTS;
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&scores);
    PyBuffer_Release(&names);
    PyBuffer_Release(&powers);
    PyBuffer_Release(&groups);
    PyBuffer_Release(&found);
    return result;
}

/* The most likely of the wanted kinds of each line, and how likely they are together. */
static PyObject *weigh(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer given, wanted, best, together;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*w*w*", &given, &wanted, &best, &together))
        return NULL;
    Py_ssize_t lines = items(&best, sizeof(int64_t));
    const uint8_t *is_wanted = wanted.buf;
    if (given.len != lines * KINDS * (Py_ssize_t)sizeof(double) || wanted.len != KINDS
        || together.len != lines * (Py_ssize_t)sizeof(double)) {
        refuse("weigh: sizes");
        goto done;
    }
    for (Py_ssize_t line = 0; line < lines; line++) {
        const double *own = (const double *)given.buf + line * KINDS;
        double most = -1, total = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            if (!is_wanted[kind])
                continue;
            total += rint(own[kind] * PARTS);
            if (own[kind] > most) {
                most = own[kind];
                ((int64_t *)best.buf)[line] = kind;
            }
        }
        ((double *)together.buf)[line] = total / PARTS;
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&given);
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&best);
    PyBuffer_Release(&together);
    return result;
}

/* ------------------------------------------------------------------ the article of a page (reading/article.py: _best_runs) */

/* A run of a page's lines: the first one, the first one behind it, what lines above and below pull, sentences left out, and what lines
   inside tell. */
typedef struct {
    int64_t first, behind, above, below, told;
} Run;

/* The run whose lines pull most, with the line `fixed` in it if that is none below 0. */
static Run best_run(const int64_t *pull, const int64_t *told, const uint8_t *prose, int64_t count, int64_t fixed)
{
    Run run = {0};
    int64_t sum = 0, least = 0, most = 0;
    /* Borders: `sum` is what all lines above a border pull. */
    for (int64_t border = 1; border <= count; border++) {
        sum += pull[border - 1];
        least = sum < least ? sum : least;
        int64_t gain = fixed < 0 ? sum - least : sum;
        if (fixed < 0 ? gain > most : border > fixed && (border == fixed + 1 || gain > most)) {
            most = gain;
            run.behind = border;
        }
    }
    int64_t last = fixed < 0 ? run.behind : fixed;
    sum = least = 0;
    for (int64_t border = 1; border <= last; border++) {
        sum += pull[border - 1];
        if (sum < least) {
            least = sum;
            run.first = border;
        }
    }
    for (int64_t line = 0; line < count; line++) {
        int64_t beside = prose[line] ? 0 : pull[line];
        run.above += line < run.first ? beside : 0;
        run.below += line >= run.behind ? beside : 0;
        run.told += line >= run.first && line < run.behind ? told[line] : 0;
    }
    return run;
}

static PyObject *best_runs(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer pull, told, prose, headline, starts, found;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*w*", &pull, &told, &prose, &headline, &starts, &found))
        return NULL;
    int64_t lines = prose.len;
    Pages pages;
    if (pull.len != lines * (int64_t)sizeof(int64_t) || told.len != pull.len || headline.len != lines
        || !are_pages(&pages, &starts, lines) || found.len != pages.count * (int64_t)sizeof(Run)) {
        refuse("best_runs: sizes");
        goto done;
    }
    for (int64_t page = 0; page < pages.count; page++) {
        int64_t start = pages.starts[page], stop = page_stop(&pages, page), fixed = 0;
        const uint8_t *is_headline = (const uint8_t *)headline.buf + start;
        while (fixed < stop - start && !is_headline[fixed])
            fixed++;
        ((Run *)found.buf)[page] = best_run((const int64_t *)pull.buf + start, (const int64_t *)told.buf + start,
                                            (const uint8_t *)prose.buf + start, stop - start,
                                            fixed < stop - start ? fixed : -1);
    }
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&pull);
    PyBuffer_Release(&told);
    PyBuffer_Release(&prose);
    PyBuffer_Release(&headline);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ what comes back in a line (text/tandems.py: _returns_in) */

enum { GRAM_CHARS = 4, SENTENCE_CHARS = 7, IN_A_ROW = 1, APART = 2 };

/* Four letters, by their hash, and where they stand. */
typedef struct {
    uint32_t hash;
    Py_ssize_t place;
} Gram;

/* How far on the letters at each place of a line come back, 0 if they do not: what `grams` holds of places before the line is old. */
static void find_returns(const uint32_t *hashes, Py_ssize_t start, Py_ssize_t stop, Gram *grams, size_t last,
                         Py_ssize_t *distances)
{
    for (Py_ssize_t place = stop - 1; place >= start; place--) {
        uint32_t hash = hashes[place];
        size_t at = (hash ^ hash >> 15) & last;
        while (grams[at].place >= start && grams[at].hash != hash)
            at = (at + 1) & last;
        distances[place] = grams[at].place >= start ? grams[at].place - place : 0;
        grams[at] = (Gram){hash, place};
    }
}

/* Whether a text that comes back begins in a line (IN_A_ROW): where one of n letters is printed twice, n - 3 times in a row four letters come
   back n letters on, or before that; and whether one of SENTENCE_CHARS letters may come back anywhere behind it (APART). */
static int returns_of(const Py_ssize_t *distances, Py_ssize_t start, Py_ssize_t stop)
{
    Py_ssize_t run = 0, least = 0;
    int found = 0;
    for (Py_ssize_t place = start; place < stop; place++) {
        run = distances[place] ? run + 1 : 0;
        least = run == 1 || distances[place] < least ? distances[place] : least;
        if (run && least < run + GRAM_CHARS)
            found |= IN_A_ROW;
        if (run + GRAM_CHARS > SENTENCE_CHARS)
            found |= APART;
    }
    return found;
}

static PyObject *recurring(PyObject *module, PyObject *args)
{
    PyObject *text, *result = NULL;
    Py_buffer found;
    uint32_t *hashes = NULL;
    Py_ssize_t *distances = NULL, longest = 0;
    Gram *grams = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "Uw*", &text, &found))
        return NULL;
    Py_ssize_t size = PyUnicode_GetLength(text);
    Py_UCS4 *codes = PyUnicode_AsUCS4Copy(text);
    if (!codes)
        goto done;
    if (found.len != count_lines(codes, size)) {
        refuse("recurring: sizes");
        goto done;
    }
    for (Py_ssize_t start = 0, stop; start <= size; start = stop + 1) {
        stop = line_end(codes, size, start);
        longest = stop - start > longest ? stop - start : longest;
    }
    size_t slots = 16;
    while (slots <= 2 * (size_t)longest)
        slots *= 2;
    hashes = PyMem_Calloc((size_t)size + 1, sizeof *hashes);
    distances = PyMem_Malloc(((size_t)size + 1) * sizeof *distances);
    grams = PyMem_Malloc(slots * sizeof *grams);
    if (!hashes || !distances || !grams) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < slots; i++)
        grams[i].place = -1;
    for (Py_ssize_t i = 0; i + GRAM_CHARS <= size; i++)
        for (int letter = 0; letter < GRAM_CHARS; letter++)
            hashes[i] = hashes[i] * SEED + codes[i + letter];
    uint8_t *line = found.buf;
    for (Py_ssize_t start = 0, stop; start <= size; start = stop + 1) {
        stop = line_end(codes, size, start);
        Py_ssize_t last = stop - GRAM_CHARS + 1;
        find_returns(hashes, start, last, grams, slots - 1, distances);
        *line++ = (uint8_t)returns_of(distances, start, last);
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(codes);
    PyMem_Free(hashes);
    PyMem_Free(distances);
    PyMem_Free(grams);
    PyBuffer_Release(&found);
    return result;
}

/* ------------------------------------------------------------------ products of whole numbers of 8 bits

   Values from 0 to 255 and weights from -127 to 127: no sum of 512 products leaves 32 bits. Weights are packed (arrays/matrices.py:
   packed_by_four), of each four inputs those of all outputs, in number a multiple of eight; and, for processors that do not add four products
   at once, as those above. */

enum { FOUR = 4, UNIT_BITS = 6, WEIGHT_UNIT = 1 << UNIT_BITS, MOST_NEAR = 512 };

typedef struct {
    const int8_t *narrow;
    const int16_t *wide;
} Weights;

#ifdef HAS_VNNI
#define VNNI __attribute__((target("avx2,avx512f,avx512vl,avx512vnni")))
/* For so many times eight outputs, a number known when this is compiled. */
VNNI static inline void add_more_bytes(const uint8_t *values, Py_ssize_t fours, const int8_t *weights, Py_ssize_t lanes, int32_t *found,
                                       const int count)
{
    __m256i sums[8];
    for (int i = 0; i < count; i++)
        sums[i] = _mm256_loadu_si256((const __m256i *)found + i);
    for (Py_ssize_t four = 0; four < fours; four++, weights += FOUR * lanes) {
        int32_t bytes;
        memcpy(&bytes, values + FOUR * four, sizeof bytes);
        __m256i all = _mm256_set1_epi32(bytes);
        for (int i = 0; i < count; i++)
            sums[i] = _mm256_dpbusd_epi32(sums[i], all, _mm256_loadu_si256((const __m256i *)weights + i));
    }
    for (int i = 0; i < count; i++)
        _mm256_storeu_si256((__m256i *)found + i, sums[i]);
}

VNNI static void add_bytes_fast(const uint8_t *values, Py_ssize_t fours, const int8_t *weights, Py_ssize_t lanes, int32_t *sums)
{
    Py_ssize_t first = 0;
    for (; first + 64 <= lanes; first += 64)
        add_more_bytes(values, fours, weights + FOUR * first, lanes, sums + first, 8);
    for (; first + 40 <= lanes; first += 40)
        add_more_bytes(values, fours, weights + FOUR * first, lanes, sums + first, 5);
    for (; first < lanes; first += 8)
        add_more_bytes(values, fours, weights + FOUR * first, lanes, sums + first, 1);
}
#endif

/* Add to the sums of all outputs the products of so many values, with the weights from so many before on. */
static void add_bytes(const uint8_t *values, Py_ssize_t count, const Weights *weights, Py_ssize_t before, Py_ssize_t lanes, int32_t *sums)
{
#ifdef HAS_VNNI
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl")) {
        add_bytes_fast(values, count / FOUR, weights->narrow + before * lanes, lanes, sums);
        return;
    }
#endif
    int16_t wide[MOST_NEAR];
    for (Py_ssize_t i = 0; i < count; i++)
        wide[i] = values[i];
    add_products(wide, count / 2, weights->wide + before * lanes, lanes, sums);
}

/* A 64th of each whole number, rounded, halves to the even side, from 0 to 255. */
static void put_clipped(const int32_t *sums, Py_ssize_t count, uint8_t *found)
{
    Py_ssize_t i = 0;
#ifdef __SSE2__
    const __m128i half = _mm_set1_epi32(WEIGHT_UNIT / 2 - 1), one = _mm_set1_epi32(1);
    for (; i + 8 <= count; i += 8) {
        __m128i rounded[2];
        for (int part = 0; part < 2; part++) {
            __m128i sum = _mm_loadu_si128((const __m128i *)(sums + i) + part);
            __m128i odd = _mm_and_si128(_mm_srai_epi32(sum, UNIT_BITS), one);
            rounded[part] = _mm_srai_epi32(_mm_add_epi32(_mm_add_epi32(sum, half), odd), UNIT_BITS);
        }
        __m128i both = _mm_packs_epi32(rounded[0], rounded[1]);
        _mm_storel_epi64((__m128i *)(found + i), _mm_packus_epi16(both, both));
    }
#endif
    for (; i < count; i++) {
        int32_t below = sums[i] >> UNIT_BITS, nearest = (sums[i] + WEIGHT_UNIT / 2 - 1 + (below & 1)) >> UNIT_BITS;
        found[i] = (uint8_t)(nearest < 0 ? 0 : nearest > UINT8_MAX ? UINT8_MAX : nearest);
    }
}

/* ------------------------------------------------------------------ what is glued into lines (text/glued.py: Tagger) */

/* Letters that are none, and those beyond 16 bits; what a pair of letters is filed by; of so many letters it is remembered what they say to
   a glance. */
enum { NO_LETTER = 0, HAN_LETTER = 2, EMOJI_LETTER = 4, BEFORE_FACTOR = 1000003, LETTER_FACTOR = 7919 };
enum { MOST_SEEN = 16, MOST_GLANCE = 16, TAGS = 4 };

/* What is read by: of each letter what it says to those near it, a row for each place; the vectors of pairs of letters; layers, of which
   the first sees these and each other one what the one before it says; a glance, of a letter all that it says to those near it at once;
   tags. */
typedef struct {
    const uint16_t *alphabet;
    const int16_t *letters;
    const uint8_t *pairs;
    const int16_t *tags;
    Weights first, glance, near;
    const int32_t *first_constants, *glance_constants, *glance_tag, *near_constants, *tags_constants;
    const int64_t *dilations;
    const double *follow;
    Py_ssize_t letter_count, pair_count, pair_size, width, reach, layers, around;
    Py_ssize_t glance_width, glance_lanes, glance_reach, glance_dilation;
    double worth;
} Reader;

/* A line at work, with room for so many letters: its characters, the numbers of letters, the vectors of pairs with some of nothing on both
   sides, and what the first layer says of them; then of a stretch what the layers say, one and the next, and all of them together; scores of
   tags, and these. */
typedef struct {
    Py_UCS4 *codes;
    int32_t *numbers;
    uint8_t *vectors, *values, *said, *next, *tags, *before;
    int16_t *total;
    double *scores;
    Py_ssize_t size, room, read_room;
} Letters;

static void number_letters(const Reader *reader, Letters *line)
{
    Py_ssize_t size = reader->pair_size, pair_count = reader->pair_count - 1;
    const uint8_t *no_pair = reader->pairs + pair_count * size;
    uint8_t *vector = line->vectors;
    uint64_t before = NO_LETTER;
    for (Py_ssize_t i = -reader->reach; i < line->size + reader->reach; i++, vector += size) {
        uint64_t number = NO_LETTER;
        if (i >= 0 && i < line->size) {
            Py_UCS4 code = line->codes[i];
            number = code > 0xFFFF ? (code < 0x20000 ? EMOJI_LETTER : HAN_LETTER) : reader->alphabet[code];
            number = number < (uint64_t)reader->letter_count ? number : NO_LETTER;
            line->numbers[i] = (int32_t)number;
        }
        uint64_t pair = (before * BEFORE_FACTOR + number * LETTER_FACTOR) % (uint64_t)pair_count;
        memcpy(vector, number == NO_LETTER ? no_pair : reader->pairs + (Py_ssize_t)pair * size, (size_t)size);
        before = number;
    }
}

SEVERAL static void add_row(const int16_t *restrict row, Py_ssize_t width, int32_t *restrict sums)
{
    for (Py_ssize_t i = 0; i < width; i++)
        sums[i] += row[i];
}

/* What the first layer says of a letter. */
static void say_first(const Reader *reader, const Letters *line, Py_ssize_t place)
{
    int32_t sums[MOST_OUTPUTS];
    Py_ssize_t size = reader->pair_size, width = reader->width, places = 2 * reader->reach + 1;
    if (line->numbers[place] == NO_LETTER) {
        memset(line->values + place * width, 0, (size_t)width);
        return;
    }
    memcpy(sums, reader->first_constants, (size_t)width * sizeof *sums);
    for (Py_ssize_t at = 0, near = place - reader->reach; at < places; at++, near++)
        if (near >= 0 && near < line->size)
            add_row(reader->letters + (line->numbers[near] * places + at) * width, width, sums);
    add_bytes(line->vectors + place * size, places * size, &reader->first, 0, width, sums);
    put_clipped(sums, width, line->values + place * width);
}

/* Whether a glance at what letters say to one tells that there may be a piece. `said`: of the latest letters all that each of them says. */
static int may_be(const Reader *reader, const Letters *line, int32_t (*said)[MOST_OUTPUTS], Py_ssize_t place)
{
    int32_t sums[MOST_GLANCE], sure = reader->glance_tag[reader->glance_width];
    uint8_t seen[MOST_GLANCE];
    memcpy(sums, reader->glance_constants, (size_t)reader->glance_width * sizeof *sums);
    for (Py_ssize_t at = 0; at <= 2 * reader->glance_reach; at++) {
        Py_ssize_t near = place + (at - reader->glance_reach) * reader->glance_dilation;
        if (near < 0 || near >= line->size)
            continue;
        const int32_t *one = said[near % MOST_SEEN] + at * reader->glance_width;
        for (Py_ssize_t first = 0; first < reader->glance_width; first += LANES)
            for (int i = 0; i < LANES; i++)
                sums[first + i] += one[first + i];
    }
    put_clipped(sums, reader->glance_width, seen);
    for (Py_ssize_t i = 0; i < reader->glance_width; i++)
        sure += seen[i] * reader->glance_tag[i];
    return sure >= 0 && line->numbers[place] != NO_LETTER;
}

/* What a layer says of a letter of a stretch: it sees one on each side, so far from it. */
static void say_next(const Reader *reader, const Letters *line, Py_ssize_t layer, Py_ssize_t place, Py_ssize_t count)
{
    int32_t sums[MOST_OUTPUTS];
    Py_ssize_t width = reader->width, first = place - reader->dilations[layer];
    memcpy(sums, reader->near_constants + layer * width, (size_t)width * sizeof *sums);
    for (int at = 0; at < 3; at++, first += reader->dilations[layer])
        if (first >= 0 && first < count)
            add_bytes(line->said + first * width, width, &reader->near, (3 * layer + at) * width, width, sums);
    put_clipped(sums, width, line->next + place * width);
}

/* What the layers say of the letters of a stretch, and the scores of their tags. */
static void score(const Reader *reader, Letters *line, Py_ssize_t start, Py_ssize_t count)
{
    Py_ssize_t width = reader->width;
    int32_t sums[MOST_OUTPUTS];
    memcpy(line->said, line->values + start * width, (size_t)(count * width));
    for (Py_ssize_t i = 0; i < count * width; i++)
        line->total[i] = line->said[i];
    for (Py_ssize_t layer = 0; layer < reader->layers; layer++) {
        for (Py_ssize_t i = 0; i < count; i++)
            say_next(reader, line, layer, i, count);
        uint8_t *said = line->said;
        line->said = line->next;
        line->next = said;
        for (Py_ssize_t i = 0; i < count * width; i++)
            line->total[i] = (int16_t)(line->total[i] + line->said[i]);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        memset(sums, 0, LANES * sizeof *sums);
        memcpy(sums, reader->tags_constants, TAGS * sizeof *sums);
        add_products(line->total + i * width, width / 2, reader->tags, LANES, sums);
        for (int tag = 0; tag < TAGS; tag++)
            line->scores[i * TAGS + tag] = sums[tag];
    }
}

/* Whether some letters in a row say so much more for a piece than for text. */
static int is_worth(const double *scores, Py_ssize_t count, double worth)
{
    double gain = 0;
    for (const double *row = scores; row < scores + count * TAGS; row += TAGS) {
        gain += (row[1] > row[2] ? row[1] : row[2]) - row[0];
        if (gain >= worth)
            return 1;
        gain = gain < 0 ? 0 : gain;
    }
    return 0;
}

/* Which tags may come before each, the first of them where both are as likely. */
static const int BEFORE[TAGS][2] = {{0, 3}, {0, 3}, {1, 2}, {1, 2}};

/* The likeliest tags of letters; `before` has room for as many as there are scores. */
static void find_likeliest(const double *row, Py_ssize_t count, const double *steps, uint8_t *before, uint8_t *tags)
{
    double sums[TAGS] = {row[0], row[1], -1e9, -1e9}, next[TAGS];
    for (Py_ssize_t i = 1; i < count; i++) {
        row += TAGS;
        for (int tag = 0; tag < TAGS; tag++) {
            int one = BEFORE[tag][0], other = BEFORE[tag][1];
            int last = sums[one] + steps[one * TAGS + tag] >= sums[other] + steps[other * TAGS + tag] ? one : other;
            before[i * TAGS + tag] = (uint8_t)last;
            next[tag] = sums[last] + steps[last * TAGS + tag] + row[tag];
        }
        memcpy(sums, next, sizeof sums);
    }
    uint8_t last = 0;
    for (uint8_t tag = 1; tag < TAGS; tag++)
        if (sums[tag] > sums[last])
            last = tag;
    tags[count - 1] = last;
    for (Py_ssize_t i = count - 1; i > 0; i--)
        tags[i - 1] = before[i * TAGS + tags[i]];
}

static PyObject *likeliest(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Py_buffer scores, follow, found;
    uint8_t *before = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*w*", &scores, &follow, &found))
        return NULL;
    Py_ssize_t count = found.len;
    if (count < 1 || scores.len != count * TAGS * (Py_ssize_t)sizeof(double)
        || follow.len != TAGS * TAGS * (Py_ssize_t)sizeof(double)) {
        refuse("likeliest: sizes");
        goto done;
    }
    before = PyMem_Malloc((size_t)count * TAGS);
    if (!before) {
        PyErr_NoMemory();
        goto done;
    }
    find_likeliest(scores.buf, count, follow.buf, before, found.buf);
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(before);
    PyBuffer_Release(&scores);
    PyBuffer_Release(&follow);
    PyBuffer_Release(&found);
    return result;
}

static int new_room(void *part, size_t size)
{
    void *room, *old;
    memcpy(&old, part, sizeof old);
    PyMem_Free(old);
    room = PyMem_Malloc(size);
    memcpy(part, &room, sizeof room);
    if (!room)
        PyErr_NoMemory();
    return room != NULL;
}

/* Room for the letters of a line; returns 0 if there is no memory. */
static int line_room_for(const Reader *reader, Letters *line)
{
    if (line->size <= line->room)
        return 1;
    size_t room = (size_t)line->size;
    line->room = line->size;
    return new_room(&line->codes, (room + 1) * sizeof *line->codes) && new_room(&line->numbers, room * sizeof *line->numbers)
           && new_room(&line->vectors, (room + 2 * (size_t)reader->reach) * (size_t)reader->pair_size)
           && new_room(&line->values, room * (size_t)reader->width);
}

/* The same for the letters of a stretch. */
static int stretch_room(const Reader *reader, Letters *line, Py_ssize_t size)
{
    if (size <= line->read_room)
        return 1;
    size_t room = (size_t)size, values = room * (size_t)reader->width;
    line->read_room = size;
    return new_room(&line->said, values) && new_room(&line->next, values) && new_room(&line->total, values * sizeof *line->total)
           && new_room(&line->scores, room * TAGS * sizeof *line->scores) && new_room(&line->tags, room)
           && new_room(&line->before, room * TAGS);
}

/* Add a stretch of a line to what was found, if the likeliest tags show the first letter of a piece: the line's number, from where to where,
   its scores, its tags. Returns 0 if that fails. */
static int add_stretch(const Reader *reader, Letters *line, Py_ssize_t number, Py_ssize_t start, Py_ssize_t stop, PyObject *found)
{
    Py_ssize_t count = stop - start;
    if (!stretch_room(reader, line, count))
        return 0;
    score(reader, line, start, count);
    if (!is_worth(line->scores, count, reader->worth))
        return 1;
    find_likeliest(line->scores, count, reader->follow, line->before, line->tags);
    if (!memchr(line->tags, 1, (size_t)count))
        return 1;
    PyObject *stretch = Py_BuildValue("nnny#y#", number, start, stop, (const char *)line->scores,
                                      count * TAGS * (Py_ssize_t)sizeof(double), (const char *)line->tags, count);
    int done = stretch && !PyList_Append(found, stretch);
    Py_XDECREF(stretch);
    return done;
}

/* Read a line: where a glance tells that there may be a piece, what is near is read by all layers. Returns 0 if that fails. */
static int read_glued(const Reader *reader, Letters *line, Py_ssize_t number, PyObject *found)
{
    int32_t said[MOST_SEEN][MOST_OUTPUTS];
    Py_ssize_t late = reader->glance_reach * reader->glance_dilation, start = 0, stop = 0;
    number_letters(reader, line);
    for (Py_ssize_t i = 0; i < line->size + late; i++) {
        if (i < line->size) {
            say_first(reader, line, i);
            memset(said[i % MOST_SEEN], 0, (size_t)reader->glance_lanes * sizeof **said);
            add_bytes(line->values + i * reader->width, reader->width, &reader->glance, 0, reader->glance_lanes, said[i % MOST_SEEN]);
        }
        Py_ssize_t place = i - late;
        if (place < 0 || !may_be(reader, line, said, place))
            continue;
        if (place - reader->around > stop) {
            if (stop && !add_stretch(reader, line, number, start, stop, found))
                return 0;
            start = place - reader->around;
        }
        stop = place + reader->around < line->size ? place + reader->around : line->size;
    }
    return !stop || add_stretch(reader, line, number, start, stop, found);
}


/* Whether the arrays fit together. */
static int is_reader(Reader *reader, const Py_buffer *arrays)
{
    Py_ssize_t width = items(&arrays[4], sizeof(int32_t)), glance_width = items(&arrays[6], sizeof(int32_t));
    Py_ssize_t places = 2 * reader->reach + 1, inputs = places * reader->pair_size;
    if (reader->reach < 0 || reader->pair_size < 1 || reader->reach > MOST_NEAR || reader->pair_size > MOST_NEAR || inputs > MOST_NEAR
        || inputs % FOUR || width < 1 || width % LANES || width > MOST_OUTPUTS || glance_width < 1 || glance_width % LANES
        || glance_width > MOST_GLANCE || reader->glance_reach < 0 || reader->glance_dilation < 1 || reader->glance_reach > MOST_SEEN
        || reader->glance_dilation > MOST_SEEN || 2 * reader->glance_reach * reader->glance_dilation >= MOST_SEEN || reader->around < 1)
        return 0;
    Py_ssize_t glance_lanes = (2 * reader->glance_reach + 1) * glance_width, layers = items(&arrays[10], sizeof(int64_t));
    for (Py_ssize_t i = 0; i < layers; i++)
        if (((const int64_t *)arrays[10].buf)[i] < 1 || ((const int64_t *)arrays[10].buf)[i] > MOST_NEAR)
            return 0;
    reader->width = width, reader->glance_width = glance_width, reader->glance_lanes = glance_lanes, reader->layers = layers;
    reader->letter_count = arrays[1].len / (places * width * 2), reader->pair_count = arrays[2].len / reader->pair_size;
    Py_ssize_t sizes[] = {(1 << 16) * 2, reader->letter_count * places * width * 2, reader->pair_count * reader->pair_size,
                          inputs * width, width * 4, width * glance_lanes, glance_width * 4, (glance_width + 1) * 4,
                          layers * 3 * width * width, layers * width * 4, layers * 8, width * LANES * 2, TAGS * 4, TAGS * TAGS * 8,
                          inputs * width * 2, width * glance_lanes * 2, layers * 3 * width * width * 2};
    int fit = reader->letter_count > 0 && reader->pair_count > 1 && glance_lanes <= MOST_OUTPUTS;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        fit &= arrays[i].len == sizes[i];
    return fit;
}

static void put_arrays(Reader *reader, const Py_buffer *arrays)
{
    reader->alphabet = arrays[0].buf, reader->letters = arrays[1].buf, reader->pairs = arrays[2].buf;
    reader->first = (Weights){arrays[3].buf, arrays[14].buf}, reader->first_constants = arrays[4].buf;
    reader->glance = (Weights){arrays[5].buf, arrays[15].buf}, reader->glance_constants = arrays[6].buf, reader->glance_tag = arrays[7].buf;
    reader->near = (Weights){arrays[8].buf, arrays[16].buf}, reader->near_constants = arrays[9].buf, reader->dilations = arrays[10].buf;
    reader->tags = arrays[11].buf, reader->tags_constants = arrays[12].buf, reader->follow = arrays[13].buf;
}

/* Read each of the lines; returns 0 if that fails. */
static int read_lines(const Reader *reader, Letters *line, PyObject *lines, PyObject *found)
{
    for (Py_ssize_t number = 0; number < PyList_Size(lines); number++) {
        PyObject *text = PyList_GetItem(lines, number);
        line->size = PyUnicode_Check(text) ? PyUnicode_GetLength(text) : -1;
        if (line->size < 0 || line->size >= INT32_MAX) {
            refuse("glued: lines");
            return 0;
        }
        if (!line->size)
            continue;
        if (!line_room_for(reader, line) || !PyUnicode_AsUCS4(text, line->codes, line->size + 1, 1)
            || !read_glued(reader, line, number, found))
            return 0;
    }
    return 1;
}

static PyObject *glued(PyObject *module, PyObject *args)
{
    enum { ARRAYS = 17 };
    PyObject *lines, *found = NULL;
    Py_buffer b[ARRAYS] = {{0}};
    Reader reader = {0};
    Letters line = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "O!(nnnnnd)y*y*y*y*y*y*y*y*y*y*y*y*y*y*y*y*y*", &PyList_Type, &lines, &reader.pair_size,
                          &reader.reach, &reader.glance_reach, &reader.glance_dilation, &reader.around, &reader.worth, b, b + 1, b + 2,
                          b + 3, b + 4, b + 5, b + 6, b + 7, b + 8, b + 9, b + 10, b + 11, b + 12, b + 13, b + 14, b + 15,
                          b + 16))
        return NULL;
    found = is_reader(&reader, b) ? PyList_New(0) : refuse("glued: sizes");
    if (found)
        put_arrays(&reader, b);
    if (found && !read_lines(&reader, &line, lines, found)) {
        Py_DECREF(found);
        found = NULL;
    }
    void *parts[] = {line.codes, line.numbers, line.vectors, line.values, line.said,
                     line.next,  line.tags,    line.before,  line.total,  line.scores};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        PyMem_Free(parts[i]);
    for (int i = 0; i < ARRAYS; i++)
        PyBuffer_Release(&b[i]);
    return found;
}

/* ------------------------------------------------------------------ division into words (conversion/division.py: Lattice, Division) */

enum { WORD_MOST = 6, AROUND_WORD = 5, STRETCH_MOST = 96, NOT_KNOWN = 0 };
static const uint64_t ADD_FACTOR = 0x9E3779B97F4A7C15, FIRST_SLOT = 0xD6E8FEB86659FD93, SECOND_SLOT = 0xA0761D6478BD642F;
enum { SLOT_SHIFT = 64 - 20, TAG_SHIFT = 40, JOINT_SHIFT = 32 - 22 };
enum { SLOTS = 1 << 20, JOINT_BYTES = 1 << 19 };

/* What divides text: how characters are folded (what is combined with each by exclusive or), the tables, and what was looked up before:
   of characters what each costs as a word, and whether it is a letter (1) or not (2). */
typedef struct {
    uint32_t *fold;
    const uint32_t *slots;
    const uint8_t *joints;
    int unknown;
    uint16_t *single;
    uint8_t *letters;
    PyObject *kept[2];
} Dividing;

static const char DIVIDING_NAME[] = "zhnorm.division", SPELLING_NAME[] = "zhnorm.speller";

static void free_dividing(PyObject *capsule)
{
    Dividing *dividing = PyCapsule_GetPointer(capsule, DIVIDING_NAME);
    if (!dividing)
        return;
    PyMem_Free(dividing->fold);
    PyMem_Free(dividing->single);
    PyMem_Free(dividing->letters);
    Py_XDECREF(dividing->kept[0]);
    Py_XDECREF(dividing->kept[1]);
    PyMem_Free(dividing);
}

/* Combine what characters become with a table of all of them. */
static int put_codes(uint32_t *table, PyObject *codes)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(codes, &at, &key, &value)) {
        long from = PyLong_AsLong(key), to = PyLong_AsLong(value);
        if (PyErr_Occurred())
            return 0;
        if (from < 0 || from >= ALL_CODES || to < 0 || to >= ALL_CODES) {
            refuse("codes: no characters");
            return 0;
        }
        table[from] = (uint32_t)(from ^ to);
    }
    return 1;
}

static PyObject *division(PyObject *module, PyObject *args)
{
    PyObject *fold, *slots, *joints;
    int unknown;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!SSi", &PyDict_Type, &fold, &slots, &joints, &unknown))
        return NULL;
    if (PyBytes_Size(slots) != SLOTS * (Py_ssize_t)sizeof(uint32_t) || PyBytes_Size(joints) != JOINT_BYTES || unknown < 1
        || unknown > 0x7FFF)
        return refuse("division: sizes");
    if (!PY_LITTLE_ENDIAN)
        return refuse("division: the words are filed with the lowest byte first");
    Dividing *made = PyMem_Calloc(1, sizeof *made);
    if (!made)
        return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(made, DIVIDING_NAME, free_dividing);
    if (!capsule) {
        PyMem_Free(made);
        return NULL;
    }
    made->fold = PyMem_Calloc(ALL_CODES, sizeof *made->fold);
    made->single = PyMem_Calloc(ALL_CODES, sizeof *made->single);
    made->letters = PyMem_Calloc(ALL_CODES, 1);
    made->slots = (const uint32_t *)PyBytes_AsString(slots);
    made->joints = (const uint8_t *)PyBytes_AsString(joints);
    for (int i = 0; i < SLOTS; i++)
        if ((int)(made->slots[i] & 0xFF) > made->unknown)
            made->unknown = (int)(made->slots[i] & 0xFF);
    made->unknown += unknown;
    made->kept[0] = Py_NewRef(slots);
    made->kept[1] = Py_NewRef(joints);
    if (!made->fold || !made->single || !made->letters)
        PyErr_NoMemory();
    else if (put_codes(made->fold, fold))
        return capsule;
    Py_DECREF(capsule);
    return NULL;
}

static uint64_t add_code(uint64_t number, Py_UCS4 code)
{
    number = (number ^ code) * ADD_FACTOR;
    return number ^ number >> 29;
}

/* What the word with a number costs; -1 if it is none. */
static int word_cost(const Dividing *dividing, uint64_t number)
{
    uint32_t tag = (uint32_t)(number >> TAG_SHIFT);
    tag = tag ? tag : 1;
    uint32_t first = dividing->slots[number * FIRST_SLOT >> SLOT_SHIFT];
    uint32_t second = dividing->slots[number * SECOND_SLOT >> SLOT_SHIFT];
    if (second >> 8 == tag)
        return second & 0xFF;
    return first >> 8 == tag ? (int)(first & 0xFF) : -1;
}

static int single_cost(const Dividing *dividing, Py_UCS4 code)
{
    int known = dividing->single[code];
    if (known == NOT_KNOWN) {
        int cost = code ? word_cost(dividing, add_code(0, code)) : -1;
        known = (cost < 0 ? dividing->unknown : cost) + 1;
        dividing->single[code] = (uint16_t)known;
    }
    return known - 1;
}

/* Whether two characters stand side by side in some word. */
static int joint(const Dividing *dividing, Py_UCS4 left, Py_UCS4 right)
{
    uint32_t place = (left * 0x9E3779B1u + right * 0x85EBCA6Bu) >> JOINT_SHIFT;
    return dividing->joints[place >> 3] >> (place & 7) & 1;
}

/* Where words begin and end in the cheapest division of some characters, not as one word if they are to be taken apart: `is_edge` has one
   place more than there are characters. */
static void divide(const Dividing *dividing, const Py_UCS4 *codes, int size, int apart, uint8_t *is_edge)
{
    int least[STRETCH_MOST + 1], begins[STRETCH_MOST + 1];
    for (int i = 1; i <= size; i++)
        least[i] = INT32_MAX;
    least[0] = 0;
    for (int start = 0; start < size; start++) {
        int so_far = least[start], cost = so_far + (apart && size == 1 ? dividing->unknown : single_cost(dividing, codes[start]));
        if (cost < least[start + 1]) {
            least[start + 1] = cost;
            begins[start + 1] = start;
        }
        /* NUL is in no word, and changes no number that begins with it. */
        uint64_t number = add_code(0, codes[start]);
        for (int stop = start + 2; stop <= size && stop <= start + WORD_MOST && codes[start]; stop++) {
            if (!joint(dividing, codes[stop - 2], codes[stop - 1]))
                break;
            number = add_code(number, codes[stop - 1]);
            if (apart && stop - start == size)
                break;
            if ((cost = word_cost(dividing, number)) >= 0 && so_far + cost < least[stop]) {
                least[stop] = so_far + cost;
                begins[stop] = start;
            }
        }
    }
    memset(is_edge, 0, (size_t)size + 1);
    is_edge[0] = 1;
    for (int stop = size; stop; stop = begins[stop])
        is_edge[stop] = 1;
}

/* Whether what stands in a word is a part of it. */
static int is_part(const Dividing *dividing, const Py_UCS4 *word, int size, int start, int stop)
{
    uint8_t is_edge[STRETCH_MOST + 1];
    while (stop - start < size) {
        divide(dividing, word, size, 1, is_edge);
        int begin = start, end = stop;
        while (!is_edge[begin])
            begin--;
        while (!is_edge[end])
            end++;
        for (int at = start + 1; at < stop; at++)
            if (is_edge[at])
                return begin == start && end == stop;
        word += begin;
        size = end - begin;
        start -= begin;
        stop -= begin;
    }
    return 1;
}

/* Whether what stands in a line may be read as a word. */
static int holds(const Dividing *dividing, const Py_UCS4 *line, Py_ssize_t size, Py_ssize_t start, Py_ssize_t stop, int open_before,
                 int open_after)
{
    const uint32_t *fold = dividing->fold;
#define FOLDED(at) (line[at] ^ fold[line[at]])
    int doubtful = !open_before && start > 0 && joint(dividing, FOLDED(start - 1), FOLDED(start));
    doubtful = doubtful || (!open_after && stop < size && joint(dividing, FOLDED(stop - 1), FOLDED(stop)));
    if (!doubtful)
        return 1;
    Py_ssize_t first = start > AROUND_WORD ? start - AROUND_WORD : 0;
    Py_ssize_t last = stop + AROUND_WORD < size ? stop + AROUND_WORD : size;
    Py_UCS4 around[STRETCH_MOST];
    uint8_t is_edge[STRETCH_MOST + 1];
    for (Py_ssize_t at = first; at < last; at++)
        around[at - first] = FOLDED(at);
#undef FOLDED
    int begin = (int)(start - first), end = (int)(stop - first), inside = 0;
    divide(dividing, around, (int)(last - first), 0, is_edge);
    if ((open_before || is_edge[begin]) && (open_after || is_edge[end]))
        return 1;
    for (int at = begin + 1; at < end; at++)
        inside |= is_edge[at];
    if (open_before || open_after || inside)
        return 0;
    int front = begin, back = end;
    while (!is_edge[front])
        front--;
    while (!is_edge[back])
        back++;
    return is_part(dividing, around + front, back - front, begin - front, end - front);
}

/* ------------------------------------------------------------------ what stands around a word (conversion/context.py: Speller._in_context) */

/* The signs of an expression, as a tree: of a sequence or of alternatives the children, one after the other; of one of some characters
   (or of none of these) where they stand among all. Sequences that are read backwards have their children in that order. */
enum { IN_SEQUENCE, ONE_OF_ALL, PERHAPS, ONE_CHARACTER, NO_CHARACTER, LETTER, NO_LETTER_BEFORE, NO_LETTER_BEHIND, LINE_BEGINS, LINE_ENDS };
enum { LOOK_MOST = 12 };

typedef struct {
    int kind, child, next;
    uint32_t first, count;
} Sign;

typedef struct {
    Sign *signs;
    int count, room;
    uint32_t *codes;
    uint32_t size, most;
} Signs;

typedef struct {
    Signs *signs;
    const Py_UCS4 *at, *stop;
    int backwards;
} Reading;

static int more_room(void **items, size_t size, int64_t wanted, int64_t *room)
{
    if (wanted <= *room)
        return 1;
    int64_t most = wanted + wanted / 2 + 64;
    void *grown = PyMem_Realloc(*items, (size_t)most * size);
    if (!grown)
        return 0;
    *items = grown;
    *room = most;
    return 1;
}

/* A new sign; -1 if there is no memory. */
static int add_sign(Signs *signs, int kind)
{
    int64_t room = signs->room;
    if (!more_room((void **)&signs->signs, sizeof(Sign), signs->count + 1, &room))
        return -1;
    signs->room = (int)room;
    signs->signs[signs->count] = (Sign){kind, -1, -1, signs->size, 0};
    return signs->count++;
}

static int add_character(Signs *signs, int sign, Py_UCS4 code)
{
    int64_t room = signs->most;
    if (!more_room((void **)&signs->codes, sizeof(uint32_t), signs->size + 1, &room))
        return 0;
    signs->most = (uint32_t)room;
    signs->codes[signs->size++] = code;
    signs->signs[sign].count++;
    return 1;
}

static int compare_codes(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static void sort_characters(Signs *signs, int sign)
{
    qsort(signs->codes + signs->signs[sign].first, signs->signs[sign].count, sizeof(uint32_t), compare_codes);
}

static int starts_with(const Reading *reading, const char *what)
{
    for (Py_ssize_t i = 0; what[i]; i++)
        if (reading->at + i >= reading->stop || reading->at[i] != (Py_UCS4)what[i])
            return 0;
    return 1;
}

/* The character that stands next, or is written there with a backslash; -1 where no character is. */
static int64_t next_character(Reading *reading)
{
    if (reading->at >= reading->stop)
        return -1;
    Py_UCS4 code = *reading->at++;
    if (code != '\\')
        return code;
    if (reading->at >= reading->stop)
        return -1;
    code = *reading->at++;
    if (code == 'n')
        return '\n';
    if (code != 'u')
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9') ? -1 : (int64_t)code;
    int64_t found = 0;
    for (int i = 0; i < 4; i++, reading->at++) {
        if (reading->at >= reading->stop || *reading->at > 'f')
            return -1;
        const char *digit = strchr("0123456789abcdef", (int)(*reading->at | (*reading->at >= 'A' ? 32 : 0)));
        if (!digit || !*digit)
            return -1;
        found = found * 16 + (digit - "0123456789abcdef");
    }
    return found;
}

/* A class of characters, of which the bracket that opens it is read. */
static int read_class(Reading *reading)
{
    int sign = add_sign(reading->signs, ONE_CHARACTER);
    if (sign >= 0 && starts_with(reading, "^")) {
        reading->at++;
        reading->signs->signs[sign].kind = NO_CHARACTER;
    }
    while (sign >= 0 && reading->at < reading->stop && *reading->at != ']') {
        int64_t from = next_character(reading), to = from;
        if (reading->at + 1 < reading->stop && *reading->at == '-' && reading->at[1] != ']') {
            reading->at++;
            to = next_character(reading);
        }
        if (from < 0 || to < from || to - from > 256)
            return -1;
        for (; from <= to; from++)
            if (!add_character(reading->signs, sign, (Py_UCS4)from))
                return -1;
    }
    if (sign < 0 || reading->at >= reading->stop)
        return -1;
    reading->at++;
    sort_characters(reading->signs, sign);
    return sign;
}

static int read_alternatives(Reading *reading);

/* One sign, or a group of them. */
static int read_sign(Reading *reading)
{
    static const struct { const char *written; int kind; } FIXED[] = {
        {"\\w", LETTER}, {"(?<!\\w)", NO_LETTER_BEFORE}, {"(?!\\w)", NO_LETTER_BEHIND}, {"(?<![^\\n])", LINE_BEGINS},
        {"(?![^\\n])", LINE_ENDS},
    };
    for (size_t i = 0; i < sizeof FIXED / sizeof *FIXED; i++)
        if (starts_with(reading, FIXED[i].written)) {
            reading->at += strlen(FIXED[i].written);
            return add_sign(reading->signs, FIXED[i].kind);
        }
    if (starts_with(reading, "(?:")) {
        reading->at += 3;
        int found = read_alternatives(reading);
        if (found < 0 || !starts_with(reading, ")"))
            return -1;
        reading->at++;
        return found;
    }
    if (starts_with(reading, "[")) {
        reading->at++;
        return read_class(reading);
    }
    if (reading->at < reading->stop && *reading->at < 128 && strchr("().*+{}^$", (int)*reading->at))
        return -1;
    int64_t code = next_character(reading);
    int sign = code < 0 ? -1 : add_sign(reading->signs, ONE_CHARACTER);
    return sign >= 0 && add_character(reading->signs, sign, (Py_UCS4)code) ? sign : -1;
}

static int read_sequence(Reading *reading)
{
    int sequence = add_sign(reading->signs, IN_SEQUENCE), last = -1;
    if (sequence < 0)
        return -1;
    while (reading->at < reading->stop && *reading->at != '|' && *reading->at != ')') {
        int sign = read_sign(reading);
        if (sign >= 0 && starts_with(reading, "?")) {
            int perhaps = add_sign(reading->signs, PERHAPS);
            reading->at++;
            if (perhaps >= 0)
                reading->signs->signs[perhaps].child = sign;
            sign = perhaps;
        }
        if (sign < 0)
            return -1;
        Sign *signs = reading->signs->signs;
        if (reading->backwards) {
            signs[sign].next = signs[sequence].child;
            signs[sequence].child = sign;
        } else {
            *(last < 0 ? &signs[sequence].child : &signs[last].next) = sign;
            last = sign;
        }
    }
    return sequence;
}

/* Alternatives, those of them that are one character as one sign. */
static int read_alternatives(Reading *reading)
{
    int all = add_sign(reading->signs, ONE_OF_ALL), last = -1, alone = -1;
    uint32_t *taken = NULL;
    int64_t count = 0, room = 0;
    while (all >= 0) {
        int sequence = read_sequence(reading);
        if (sequence < 0)
            goto broken;
        Sign *signs = reading->signs->signs;
        int child = signs[sequence].child;
        if (child >= 0 && signs[child].next < 0 && signs[child].kind == ONE_CHARACTER) {
            if (!more_room((void **)&taken, sizeof *taken, count + signs[child].count, &room))
                goto broken;
            memcpy(taken + count, reading->signs->codes + signs[child].first, signs[child].count * sizeof *taken);
            count += signs[child].count;
        } else {
            *(last < 0 ? &signs[all].child : &signs[last].next) = sequence;
            last = sequence;
        }
        if (!starts_with(reading, "|"))
            break;
        reading->at++;
    }
    if (all >= 0 && count) {
        if ((alone = add_sign(reading->signs, ONE_CHARACTER)) < 0)
            goto broken;
        for (int64_t i = 0; i < count; i++)
            if (!add_character(reading->signs, alone, taken[i]))
                goto broken;
        sort_characters(reading->signs, alone);
        *(last < 0 ? &reading->signs->signs[all].child : &reading->signs->signs[last].next) = alone;
    }
    PyMem_Free(taken);
    return all;
broken:
    PyMem_Free(taken);
    return -1;
}

/* Characters to look at, folded. */
typedef struct {
    const Dividing *dividing;
    const Signs *signs;
    Py_UCS4 codes[LOOK_MOST];
    int size, backwards;
} Look;

static int is_letter(const Dividing *dividing, Py_UCS4 code)
{
    if (!dividing->letters[code]) {
        PyObject *text = PyUnicode_FromOrdinal((int)code), *answer = text ? PyObject_CallMethod(text, "isalnum", NULL) : NULL;
        int is = code == '_' || (answer && PyObject_IsTrue(answer) == 1);
        Py_XDECREF(text);
        Py_XDECREF(answer);
        PyErr_Clear();
        dividing->letters[code] = is ? 1 : 2;
    }
    return dividing->letters[code] == 1;
}

static int is_one_of(const Signs *signs, const Sign *sign, Py_UCS4 code)
{
    const uint32_t *codes = signs->codes + sign->first;
    uint32_t low = 0, high = sign->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (codes[middle] == code)
            return 1;
        if (codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Whether a sign that takes no character holds at a place. */
static int holds_at(const Look *look, int kind, int place)
{
    int before = place > 0, behind = place < look->size;
    switch (kind) {
    case NO_LETTER_BEFORE:
        return !before || !is_letter(look->dividing, look->codes[place - 1]);
    case NO_LETTER_BEHIND:
        return !behind || !is_letter(look->dividing, look->codes[place]);
    case LINE_BEGINS:
        return !before || look->codes[place - 1] == '\n';
    default:
        return !behind || look->codes[place] == '\n';
    }
}

/* Where one may be behind a sign (before it, if it is read backwards), starting at some places: each place is a bit. */
static uint32_t places_after(const Look *look, int number, uint32_t places)
{
    const Sign *sign = look->signs->signs + number;
    uint32_t found = 0;
    switch (sign->kind) {
    case IN_SEQUENCE:
        for (int child = sign->child; child >= 0 && places; child = look->signs->signs[child].next)
            places = places_after(look, child, places);
        return places;
    case ONE_OF_ALL:
        for (int child = sign->child; child >= 0; child = look->signs->signs[child].next)
            found |= places_after(look, child, places);
        return found;
    case PERHAPS:
        return places | places_after(look, sign->child, places);
    case ONE_CHARACTER:
    case NO_CHARACTER:
    case LETTER:
        for (int place = 0; place <= look->size; place++) {
            int at = look->backwards ? place - 1 : place;
            if (!(places >> place & 1) || at < 0 || at >= look->size)
                continue;
            int fits = sign->kind == LETTER ? is_letter(look->dividing, look->codes[at])
                                            : is_one_of(look->signs, sign, look->codes[at]) == (sign->kind == ONE_CHARACTER);
            found |= (uint32_t)fits << (look->backwards ? place - 1 : place + 1);
        }
        return found;
    default:
        for (int place = 0; place <= look->size; place++)
            if (places >> place & 1 && holds_at(look, sign->kind, place))
                found |= (uint32_t)1 << place;
        return found;
    }
}

/* ------------------------------------------------------------------ characters by the words they stand in (conversion/context.py: Speller;
   conversion/targets.py: Mainland, Regional) */

enum { OUR_WORD, INSTALLED_WORD, LOOK_BEHIND, LOOK_BEFORE }; /* `context.OURS`, INSTALLED, PREVIOUS, NEXT */
enum { WHOLE_TEXT, TO_MAINLAND, TO_REGION };                 /* what lines are converted: all, or as each one needs */
/* What a character tells, above what it becomes and how it is read. */
enum {
    MAY_MATTER = 1, STANDS_ALONE = 2, IS_SIMPLIFIED = 4, IS_TRADITIONAL = 8, IS_DOUBTFUL = 16, IS_KANA = 32, IS_SHARED = 64,
    IS_UNUSUAL = 128, OF_ADDRESS = 256,
};
enum { READ_SHIFT = 21, TOLD_SHIFT = 42, PAIR_BITS = 18, PHRASE_MOST = 64, HEAD_CODES = 10000, LEAST_PROOFS = 10 };

/* Pieces of `codes`. */
typedef struct {
    uint32_t first, size;
} Text;

/* What stands before a word and behind it (-1 for anything), and what the word then becomes. */
typedef struct {
    int before, behind, open_before, open_behind;
    Text becomes;
} Surroundings;

typedef struct {
    Text word;
    uint32_t first, count;
} Contexts;

typedef struct {
    Text phrase, becomes;
    int order, offset, contexts;
} Phrase;

typedef struct {
    uint64_t pair; /* 0 for none */
    uint32_t first, count;
} Pair;

typedef struct {
    PyObject *division;
    const Dividing *dividing;
    int kind, standardizes;
    uint64_t *told; /* of each character what it becomes and how it is read, each combined with it, and what it tells */
    uint32_t *standard;
    uint32_t filter[(1 << PAIR_BITS) / 32];
    Pair *pairs;
    uint64_t pair_mask;
    Phrase *phrases;
    int64_t phrase_count, phrase_room;
    Contexts *contexts;
    int64_t context_count;
    Surroundings *around;
    int64_t around_count, around_room;
    Signs before, behind;
    uint32_t *codes;
    int64_t size, room;
} Speller;

static void free_speller(PyObject *capsule)
{
    Speller *speller = PyCapsule_GetPointer(capsule, SPELLING_NAME);
    if (!speller)
        return;
    Py_XDECREF(speller->division);
    void *parts[] = {
        speller->told, speller->standard, speller->pairs, speller->phrases, speller->contexts, speller->around, speller->codes,
        speller->before.signs, speller->before.codes, speller->behind.signs, speller->behind.codes, speller,
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        PyMem_Free(parts[i]);
}

static int tell(Speller *speller, PyObject *characters, uint64_t what)
{
    Py_ssize_t size = PyUnicode_GetLength(characters);
    for (Py_ssize_t i = 0; i < size; i++)
        speller->told[PyUnicode_ReadChar(characters, i)] |= what << TOLD_SHIFT;
    return 1;
}

/* Put characters among all that are kept. */
static int keep_codes(Speller *speller, const Py_UCS4 *codes, Py_ssize_t size, Text *kept)
{
    if (!more_room((void **)&speller->codes, sizeof(uint32_t), speller->size + size, &speller->room)) {
        PyErr_NoMemory();
        return 0;
    }
    if (size)
        memcpy(speller->codes + speller->size, codes, (size_t)size * sizeof *codes);
    *kept = (Text){(uint32_t)speller->size, (uint32_t)size};
    speller->size += size;
    return 1;
}

static int keep_text(Speller *speller, PyObject *text, Text *kept)
{
    Py_UCS4 *codes = PyUnicode_Check(text) ? PyUnicode_AsUCS4Copy(text) : NULL;
    int done = codes && keep_codes(speller, codes, PyUnicode_GetLength(text), kept);
    PyMem_Free(codes);
    if (!codes && !PyErr_Occurred())
        refuse("speller: no text");
    return done;
}

/* Read what has to stand before a word, or behind it; -1 for anything, -2 if it cannot be read. `is_open`: a word need not end there. */
static int read_context(Signs *signs, PyObject *written, int backwards, int *is_open)
{
    Py_ssize_t size = PyUnicode_Check(written) ? PyUnicode_GetLength(written) : -1;
    *is_open = size > 0;
    if (size == 0)
        return -1;
    Py_UCS4 *codes = size < 0 ? NULL : PyUnicode_AsUCS4Copy(written);
    if (!codes)
        return -2;
    Reading reading = {signs, codes, codes + size, backwards};
    if (backwards && codes[size - 1] == '/') {
        reading.stop--;
        *is_open = 0;
    } else if (!backwards && codes[0] == '/') {
        reading.at++;
        *is_open = 0;
    }
    int found = read_alternatives(&reading);
    if (reading.at < reading.stop)
        found = -1;
    PyMem_Free(codes);
    return found < 0 ? -2 : found;
}

static int add_contexts(Speller *speller, PyObject *contexts)
{
    PyObject *word, *list;
    Py_ssize_t at = 0, count = PyDict_Size(contexts);
    if (!(speller->contexts = PyMem_Calloc((size_t)count + 1, sizeof *speller->contexts))) {
        PyErr_NoMemory();
        return 0;
    }
    while (PyDict_Next(contexts, &at, &word, &list)) {
        Contexts *found = speller->contexts + speller->context_count++;
        found->first = (uint32_t)speller->around_count;
        found->count = PyList_Check(list) ? (uint32_t)PyList_Size(list) : 0;
        if (!keep_text(speller, word, &found->word))
            return 0;
        if (!more_room((void **)&speller->around, sizeof(Surroundings), speller->around_count + found->count, &speller->around_room)) {
            PyErr_NoMemory();
            return 0;
        }
        for (uint32_t i = 0; i < found->count; i++) {
            PyObject *before, *behind, *becomes;
            Surroundings *each = speller->around + speller->around_count++;
            if (!PyArg_ParseTuple(PyList_GetItem(list, i), "UUU", &before, &behind, &becomes))
                return 0;
            each->before = read_context(&speller->before, before, 1, &each->open_before);
            each->behind = read_context(&speller->behind, behind, 0, &each->open_behind);
            if (each->before == -2 || each->behind == -2) {
                refuse("speller: a context that cannot be read");
                return 0;
            }
            if (!keep_text(speller, becomes, &each->becomes))
                return 0;
        }
    }
    return 1;
}

/* The contexts of a word; -1 if it has none. */
static int contexts_of(const Speller *speller, const Py_UCS4 *word, uint32_t size)
{
    for (int i = 0; i < speller->context_count; i++) {
        Text known = speller->contexts[i].word;
        if (known.size == size && speller->codes[known.first] == word[0]
            && !memcmp(speller->codes + known.first, word, size * sizeof *word))
            return i;
    }
    return -1;
}

/* Read the phrases of a pair: four lines each, as in `anchors.Pairs`. */
static int add_phrases(Speller *speller, const Py_UCS4 *at, const Py_UCS4 *stop, Pair *pair)
{
    pair->first = (uint32_t)speller->phrase_count;
    while (at <= stop) {
        Text fields[4];
        for (int i = 0; i < 4; i++) {
            const Py_UCS4 *end = at;
            while (end < stop && *end != '\n')
                end++;
            if (at > stop || !keep_codes(speller, at, end - at, fields + i))
                return 0;
            at = end + 1;
        }
        const uint32_t *codes = speller->codes;
        if (!more_room((void **)&speller->phrases, sizeof(Phrase), speller->phrase_count + 1, &speller->phrase_room))
            return 0;
        Phrase *phrase = speller->phrases + speller->phrase_count++;
        *phrase = (Phrase){fields[1], fields[3], (int)codes[fields[2].first] - '0', 0, -1};
        for (uint32_t i = 0; i < fields[0].size; i++)
            phrase->offset = phrase->offset * 10 + (int)codes[fields[0].first + i] - '0';
        if (fields[1].size < 2 || fields[1].size > PHRASE_MOST || phrase->offset < 0 || phrase->offset + 2 > (int)fields[1].size
            || phrase->order < OUR_WORD || phrase->order > LOOK_BEFORE)
            return 0;
        if (phrase->order == OUR_WORD)
            phrase->contexts = contexts_of(speller, codes + fields[1].first, fields[1].size);
        pair->count++;
    }
    return 1;
}

static uint32_t pair_place(Py_UCS4 first, Py_UCS4 second)
{
    return (first * 0x9E3779B1u + second * 0x85EBCA6Bu) >> (32 - PAIR_BITS);
}

static uint64_t pair_number(Py_UCS4 first, Py_UCS4 second)
{
    return ((uint64_t)first << READ_SHIFT | second) + 1;
}

static Pair *find_pair(const Speller *speller, Py_UCS4 first, Py_UCS4 second)
{
    uint64_t number = pair_number(first, second), place = number * ADD_FACTOR >> 32;
    for (;; place++) {
        Pair *pair = speller->pairs + (place & speller->pair_mask);
        if (!pair->pair || pair->pair == number)
            return pair;
    }
}

static int add_pairs(Speller *speller, PyObject *pairs)
{
    PyObject *written, *phrases;
    Py_ssize_t at = 0, room = 64;
    while (room < 2 * PyDict_Size(pairs))
        room *= 2;
    speller->pair_mask = (uint64_t)room - 1;
    if (!(speller->pairs = PyMem_Calloc((size_t)room, sizeof(Pair)))) {
        PyErr_NoMemory();
        return 0;
    }
    while (PyDict_Next(pairs, &at, &written, &phrases)) {
        Py_UCS4 *codes = PyUnicode_Check(phrases) && PyUnicode_Check(written) ? PyUnicode_AsUCS4Copy(phrases) : NULL;
        int done = codes && PyUnicode_GetLength(written) == 2;
        if (done) {
            Py_UCS4 first = PyUnicode_ReadChar(written, 0), second = PyUnicode_ReadChar(written, 1);
            uint32_t place = pair_place(first, second);
            Pair *pair = find_pair(speller, first, second);
            pair->pair = pair_number(first, second);
            speller->filter[place >> 5] |= (uint32_t)1 << (place & 31);
            done = add_phrases(speller, codes, codes + PyUnicode_GetLength(phrases), pair);
        }
        PyMem_Free(codes);
        if (!done) {
            if (!PyErr_Occurred())
                refuse("speller: pairs");
            return 0;
        }
    }
    return 1;
}

/* Put down what characters become, how they are read, and where a phrase or a context may stand by how they are read. */
static int add_characters(Speller *speller, PyObject *codes, PyObject *reading, PyObject *anchors, PyObject *alone)
{
    uint32_t *table = PyMem_Calloc(ALL_CODES, sizeof *table);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    int done = table && put_codes(table, codes);
    for (at = 0; done && PyDict_Next(codes, &at, &key, &value);) {
        long code = PyLong_AsLong(key);
        speller->told[code] |= table[code];
        table[code] = 0;
    }
    done = done && put_codes(table, reading) && tell(speller, anchors, MAY_MATTER) && tell(speller, alone, MAY_MATTER | STANDS_ALONE);
    for (at = 0; done && PyDict_Next(reading, &at, &key, &value);) {
        long code = PyLong_AsLong(key), read = code ^ (long)table[code];
        speller->told[code] |= (uint64_t)table[code] << READ_SHIFT
                               | (speller->told[read] & (uint64_t)(MAY_MATTER | STANDS_ALONE) << TOLD_SHIFT);
    }
    if (!table)
        PyErr_NoMemory();
    PyMem_Free(table);
    return done;
}

static PyObject *speller(PyObject *module, PyObject *args)
{
    PyObject *division, *codes, *reading, *pairs, *contexts, *anchors, *alone, *standard, *proofs[7];
    int kind;
    static const uint64_t PROOFS[7] = {IS_SIMPLIFIED, IS_TRADITIONAL, IS_DOUBTFUL, IS_KANA, IS_SHARED, IS_UNUSUAL, OF_ADDRESS};
    (void)module;
    if (!PyArg_ParseTuple(args, "OiO!O!O!O!UUO(UUUUUUU)", &division, &kind, &PyDict_Type, &codes, &PyDict_Type, &reading, &PyDict_Type,
                          &pairs, &PyDict_Type, &contexts, &anchors, &alone, &standard, proofs, proofs + 1, proofs + 2, proofs + 3,
                          proofs + 4, proofs + 5, proofs + 6))
        return NULL;
    const Dividing *dividing = PyCapsule_GetPointer(division, DIVIDING_NAME);
    Speller *made = dividing ? PyMem_Calloc(1, sizeof *made) : NULL;
    if (!made)
        return dividing ? PyErr_NoMemory() : NULL;
    PyObject *capsule = PyCapsule_New(made, SPELLING_NAME, free_speller);
    if (!capsule) {
        PyMem_Free(made);
        return NULL;
    }
    made->division = Py_NewRef(division);
    made->dividing = dividing;
    made->kind = kind;
    made->standardizes = standard != Py_None;
    made->told = PyMem_Calloc(ALL_CODES, sizeof *made->told);
    made->standard = made->standardizes ? PyMem_Calloc(ALL_CODES, sizeof *made->standard) : NULL;
    int done = made->told && (made->standard || !made->standardizes);
    if (!done)
        PyErr_NoMemory();
    for (int i = 0; done && i < 7; i++)
        tell(made, proofs[i], PROOFS[i]);
    done = done && (!made->standardizes || (PyDict_Check(standard) && put_codes(made->standard, standard)));
    if (done && add_characters(made, codes, reading, anchors, alone) && add_contexts(made, contexts) && add_pairs(made, pairs))
        return capsule;
    Py_DECREF(capsule);
    return PyErr_Occurred() ? NULL : refuse("speller: standard");
}

/* ------------------------------------------------------------------ the words of a line */

/* A piece of a line and what stands in its place, as `anchors.Occurrence`. */
typedef struct {
    Py_ssize_t start, length;
    int order;
    const Py_UCS4 *becomes;
    Py_ssize_t size;
    int64_t number; /* in the order in which they were found */
} Found;

/* What is at work on a text: the line, as it is and as it is read, where a word may matter in it, what was found, values that were
   joined, and what has been written. */
typedef struct {
    const Speller *speller;
    const Py_UCS4 *line;
    Py_UCS4 *read;
    Py_ssize_t size;
    int32_t *anchors;
    int64_t line_room;
    Py_ssize_t anchor_count;
    Found *found;
    int64_t found_count, found_room;
    Py_UCS4 *joined;
    int64_t joined_count, joined_room;
    Py_UCS4 *written;
    int64_t written_count, written_room;
    int gives_up; /* there is too much to join, or no memory */
} Work;

static void add_found(Work *work, Py_ssize_t start, Py_ssize_t length, int order, Text becomes, int open_before, int open_behind)
{
    const Speller *speller = work->speller;
    if (!holds(speller->dividing, work->read, work->size, start, start + length, open_before, open_behind))
        return;
    if (!more_room((void **)&work->found, sizeof(Found), work->found_count + 1, &work->found_room)) {
        work->gives_up = 1;
        return;
    }
    Found each = {start, length, order, speller->codes + becomes.first, becomes.size, work->found_count};
    work->found[work->found_count++] = each;
}

/* Fold what stands before a place, or behind it, on the same line. */
static void look_at(const Work *work, Look *look, Py_ssize_t first, Py_ssize_t stop)
{
    first = first < 0 ? 0 : first;
    stop = stop > work->size ? work->size : stop;
    look->size = (int)(stop - first);
    for (int i = 0; i < look->size; i++) {
        Py_UCS4 code = work->read[first + i];
        look->codes[i] = code ^ look->dividing->fold[code];
    }
}

/* What a word becomes in the first of its contexts that fits, if one does. */
static void find_in_context(Work *work, Py_ssize_t start, Py_ssize_t length, const Contexts *contexts)
{
    const Speller *speller = work->speller;
    Look before = {speller->dividing, &speller->before, {0}, -1, 1}, behind = {speller->dividing, &speller->behind, {0}, -1, 0};
    for (uint32_t i = contexts->first; i < contexts->first + contexts->count; i++) {
        const Surroundings *each = speller->around + i;
        if (each->behind >= 0) {
            if (behind.size < 0)
                look_at(work, &behind, start + length, start + length + LOOK_MOST);
            if (!places_after(&behind, each->behind, 1))
                continue;
        }
        if (each->before >= 0) {
            if (before.size < 0)
                look_at(work, &before, start - LOOK_MOST, start);
            if (!places_after(&before, each->before, (uint32_t)1 << before.size))
                continue;
        }
        add_found(work, start, length, -1, each->becomes, each->open_before, each->open_behind);
        return;
    }
}

/* The same of the one character at a place. */
static void find_alone(Work *work, Py_ssize_t place)
{
    int contexts = contexts_of(work->speller, work->read + place, 1);
    if (contexts >= 0)
        find_in_context(work, place, 1, work->speller->contexts + contexts);
}

/* The phrases of the pair at a place. */
static void find_phrases(Work *work, Py_ssize_t place)
{
    const Speller *speller = work->speller;
    const Py_UCS4 *read = work->read + place;
    uint32_t filtered = pair_place(read[0], read[1]);
    if (!(speller->filter[filtered >> 5] >> (filtered & 31) & 1))
        return;
    const Pair *pair = find_pair(speller, read[0], read[1]);
    for (uint32_t i = pair->first; i < pair->first + pair->count; i++) {
        const Phrase *phrase = speller->phrases + i;
        Py_ssize_t start = place - phrase->offset, size = phrase->phrase.size;
        if (start < 0 || start + size > work->size
            || memcmp(work->read + start, speller->codes + phrase->phrase.first, (size_t)size * sizeof *read))
            continue;
        if (phrase->order >= LOOK_BEHIND) {
            find_alone(work, start + (phrase->order == LOOK_BEHIND));
            continue;
        }
        if (phrase->contexts >= 0) {
            find_in_context(work, start, size, speller->contexts + phrase->contexts);
            if (!phrase->becomes.size)
                continue;
        }
        add_found(work, start, size, phrase->order, phrase->becomes, 0, 0);
    }
}

static int compare_starts(const void *first, const void *second)
{
    const Found *one = first, *other = second;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

/* The longest goes first, then ours, then the first in the text. */
static int compare_ranks(const void *first, const void *second)
{
    const Found *one = first, *other = second;
    if (one->length != other->length)
        return one->length > other->length ? -1 : 1;
    if (one->order != other->order)
        return one->order < other->order ? -1 : 1;
    return compare_starts(one, other);
}

static void put_in_order(Found *found, int64_t count, int (*compare)(const void *, const void *))
{
    if (count > 24) {
        qsort(found, (size_t)count, sizeof *found, compare);
        return;
    }
    for (int64_t i = 1; i < count; i++) {
        Found each = found[i];
        int64_t at = i;
        for (; at && compare(&each, found + at - 1) < 0; at--)
            found[at] = found[at - 1];
        found[at] = each;
    }
}

/* Two that overlap as one, if they say the same where they do; whether that is so. */
static int join(Work *work, const Found *first, const Found *second, Found *both)
{
    if (first->start > second->start || (first->start == second->start && first->length > second->length)) {
        const Found *swapped = first;
        first = second;
        second = swapped;
    }
    Py_ssize_t shared = first->start + first->length - second->start;
    if (first->size != first->length || second->size != second->length || shared >= second->length
        || memcmp(first->becomes + first->size - shared, second->becomes, (size_t)shared * sizeof(Py_UCS4)))
        return 0;
    Py_ssize_t length = first->length + second->length - shared;
    /* What was joined stays where it is while the line is at work. */
    if (!work->joined_count && !more_room((void **)&work->joined, sizeof *work->joined, 4 * work->size, &work->joined_room))
        work->gives_up = 1;
    if (work->joined_count + length > work->joined_room)
        work->gives_up = 1;
    if (work->gives_up)
        return 0;
    Py_UCS4 *made = work->joined + work->joined_count;
    memcpy(made, first->becomes, (size_t)first->size * sizeof *made);
    memcpy(made + first->size, second->becomes + shared, (size_t)(second->size - shared) * sizeof *made);
    work->joined_count += length;
    *both = (Found){first->start, length, first->order < second->order ? first->order : second->order, made, length, 0};
    return 1;
}

/* Of some that overlap those that win, in their order, put at the beginning; how many they are. */
static int64_t best(Work *work, Found *found, int64_t count)
{
    put_in_order(found, count, compare_ranks);
    Py_ssize_t first = found[0].start, stop = first + found[0].length;
    int64_t kept = 0, i = 0;
    while (i < count && first <= found[i].start && found[i].start + found[i].length <= stop)
        i++;
    if (i == count)
        return 1;
    for (i = 0; i < count; i++) {
        Found each = found[i];
        int64_t rival = -1, rivals = 0;
        for (int64_t j = 0; j < kept; j++)
            if (found[j].start < each.start + each.length && each.start < found[j].start + found[j].length) {
                rival = j;
                rivals++;
            }
        if (!rivals)
            found[kept++] = each;
        else if (rivals == 1)
            join(work, &each, found + rival, found + rival);
    }
    put_in_order(found, kept, compare_starts);
    return kept;
}

/* Find the words of a line that become something else than their characters do. */
static void find_words(Work *work)
{
    const uint64_t *told = work->speller->told;
    Py_ssize_t last = -1;
    work->found_count = work->joined_count = 0;
    for (Py_ssize_t i = 0; i < work->anchor_count; i++) {
        Py_ssize_t place = work->anchors[i];
        for (Py_ssize_t pair = place ? place - 1 : 0; pair <= place; pair++)
            if (pair > last && pair + 1 < work->size)
                find_phrases(work, last = pair);
        if (told[work->line[place]] >> TOLD_SHIFT & STANDS_ALONE)
            find_alone(work, place);
    }
    put_in_order(work->found, work->found_count, compare_starts);
    Found *found = work->found;
    int64_t count = work->found_count, kept = 0;
    for (int64_t first = 0, stop; first < count; first = stop) {
        Py_ssize_t end = found[first].start + found[first].length;
        for (stop = first + 1; stop < count && found[stop].start < end; stop++)
            if (found[stop].start + found[stop].length > end)
                end = found[stop].start + found[stop].length;
        int64_t winners = stop - first > 1 ? best(work, found + first, stop - first) : 1;
        memmove(found + kept, found + first, (size_t)winners * sizeof *found);
        kept += winners;
    }
    work->found_count = kept;
}

/* Room for so many more characters in what is written. */
static int make_room(Work *work, int64_t more)
{
    if (more_room((void **)&work->written, sizeof(Py_UCS4), work->written_count + more, &work->written_room))
        return 1;
    work->gives_up = 1;
    return 0;
}

static Py_UCS4 becomes(const Speller *speller, Py_UCS4 code)
{
    return code ^ (Py_UCS4)(speller->told[code] & CHARACTER);
}

/* Write what the words of a line become, and what its other characters do. */
static void write_words(Work *work)
{
    int64_t more = work->size;
    for (int64_t i = 0; i < work->found_count; i++)
        more += work->found[i].size;
    if (!make_room(work, more))
        return;
    Py_UCS4 *to = work->written + work->written_count;
    Py_ssize_t at = 0;
    for (int64_t i = 0; i <= work->found_count; i++) {
        const Found *found = work->found + i;
        Py_ssize_t stop = i < work->found_count ? found->start : work->size;
        while (at < stop)
            *to++ = becomes(work->speller, work->line[at++]);
        if (i == work->found_count)
            break;
        if (found->size)
            memcpy(to, found->becomes, (size_t)found->size * sizeof *to);
        to += found->size;
        at += found->length;
    }
    work->written_count = to - work->written;
}

/* Write a line as it is, but for what a table makes of some characters: all that only the other script uses (`strays`), or those of another
   region's standard. */
static void write_line(Work *work, int strays, int standard)
{
    const Speller *speller = work->speller;
    if (!make_room(work, work->size))
        return;
    Py_UCS4 *to = work->written + work->written_count;
    for (Py_ssize_t i = 0; i < work->size; i++) {
        Py_UCS4 code = work->line[i];
        if (standard)
            to[i] = code ^ speller->standard[code];
        else
            to[i] = strays && !(speller->told[code] >> TOLD_SHIFT & IS_SHARED) ? becomes(speller, code) : code;
    }
    work->written_count += work->size;
}

/* ------------------------------------------------------------------ the lines of a text */

typedef struct {
    const Py_UCS4 *codes;
    Py_ssize_t size;
    PyObject *speaks, *other;
    int script; /* of the document: -1 if it is not known yet */
} Document;

enum { NO_SCRIPT, SIMPLIFIED, TRADITIONAL };

static void count_proofs(const Speller *speller, const Py_UCS4 *codes, Py_ssize_t size, int64_t *simplified, int64_t *traditional)
{
    *simplified = *traditional = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        uint64_t told = speller->told[codes[i]] >> TOLD_SHIFT;
        *simplified += (told & IS_SIMPLIFIED) != 0;
        *traditional += (told & IS_TRADITIONAL) != 0;
    }
}

/* The script of a document (detect.py: prevailing). */
static int prevailing(const Speller *speller, const Py_UCS4 *codes, Py_ssize_t size)
{
    int64_t simplified, traditional;
    count_proofs(speller, codes, size < HEAD_CODES ? size : HEAD_CODES, &simplified, &traditional);
    int64_t total = simplified + traditional;
    if (!total || (total < LEAST_PROOFS && simplified && traditional))
        return NO_SCRIPT;
    if ((double)simplified >= 0.9 * (double)total)
        return SIMPLIFIED;
    return (double)traditional >= 0.9 * (double)total ? TRADITIONAL : NO_SCRIPT;
}

/* The script that the document of a line speaks; -1 if that cannot be asked. */
static int spoken(const Speller *speller, Document *document, Py_ssize_t line)
{
    if (document->speaks == Py_None) {
        if (document->script < 0)
            document->script = prevailing(speller, document->codes, document->size);
        return document->script;
    }
    PyObject *answer = PyObject_CallFunction(document->speaks, "n", line);
    if (!answer)
        return -1;
    int found = !PyUnicode_CompareWithASCIIString(answer, "hans")   ? SIMPLIFIED
                : !PyUnicode_CompareWithASCIIString(answer, "hant") ? TRADITIONAL
                                                                    : NO_SCRIPT;
    Py_DECREF(answer);
    return found;
}

/* What happens to a line: it stays, only strays are converted, it is brought to a standard, or its words are converted. */
enum { CANNOT_SAY = -1, LINE_STAYS, STRAYS_ALONE, TO_STANDARD, ALL_WORDS };

/* What a line into Simplified needs (targets.py: Mainland._kept), in which something is in doubt. */
static int mainland_needs(const Work *work, Document *document, Py_ssize_t number, uint64_t told)
{
    const Speller *speller = work->speller;
    if (told & IS_SIMPLIFIED) {
        int64_t simplified, traditional;
        count_proofs(speller, work->line, work->size, &simplified, &traditional);
        if (simplified > traditional)
            return traditional ? STRAYS_ALONE : LINE_STAYS;
        return ALL_WORDS;
    }
    if (told & IS_TRADITIONAL)
        return ALL_WORDS;
    int script = spoken(speller, document, number);
    return script < 0 ? CANNOT_SAY : script == SIMPLIFIED ? LINE_STAYS : ALL_WORDS;
}

/* The same into a region's standard (targets.py: Regional). */
static int region_needs(const Speller *speller, Document *document, Py_ssize_t number, uint64_t told)
{
    int script = told & IS_SIMPLIFIED ? SIMPLIFIED : told & IS_TRADITIONAL ? TRADITIONAL : spoken(speller, document, number);
    if (script < 0)
        return CANNOT_SAY;
    return script != TRADITIONAL ? ALL_WORDS : speller->standardizes ? TO_STANDARD : LINE_STAYS;
}

/* Write a line; `told` is what its characters tell. Whether that was possible. */
static int write_converted(Work *work, Document *document, Py_ssize_t number, uint64_t told)
{
    int kind = work->speller->kind, needs = ALL_WORDS;
    if (kind == TO_REGION)
        needs = region_needs(work->speller, document, number, told);
    else if (kind == TO_MAINLAND && told & IS_DOUBTFUL)
        needs = mainland_needs(work, document, number, told);
    if (needs == ALL_WORDS) {
        find_words(work);
        if (kind == TO_MAINLAND && work->found_count && !(told & IS_DOUBTFUL))
            needs = mainland_needs(work, document, number, told);
    }
    if (needs == CANNOT_SAY)
        return 0;
    if (needs == ALL_WORDS)
        write_words(work);
    else
        write_line(work, needs == STRAYS_ALONE, needs == TO_STANDARD);
    return !work->gives_up;
}

/* Write what something else makes of a line. */
static int write_answer(Work *work, PyObject *asked, Py_ssize_t number)
{
    int order = PY_LITTLE_ENDIAN ? -1 : 1, done = 0;
    PyObject *line = PyUnicode_DecodeUTF32((const char *)work->line, work->size * 4, "surrogatepass", &order);
    PyObject *answer = line ? PyObject_CallFunction(asked, "On", line, number) : NULL;
    if (answer && PyUnicode_Check(answer)) {
        Py_ssize_t size = PyUnicode_GetLength(answer);
        if (make_room(work, size) && PyUnicode_AsUCS4(answer, work->written + work->written_count, size, 0)) {
            work->written_count += size;
            done = 1;
        }
    }
    Py_XDECREF(line);
    Py_XDECREF(answer);
    return done;
}

/* Whether an address or a link may begin at a place: @ :// www. ]( */
static int may_be_address(const Py_UCS4 *at, Py_ssize_t left)
{
    switch (*at) {
    case '@':
        return 1;
    case ':':
        return left > 2 && at[1] == '/' && at[2] == '/';
    case 'w':
        return left > 3 && at[1] == 'w' && at[2] == 'w' && at[3] == '.';
    default:
        return left > 1 && at[1] == '(';
    }
}

/* Room for how the characters of a line are read, and for where words may matter in it. */
static int room_for_line(Work *work, Py_ssize_t size)
{
    int64_t room = work->line_room;
    if (size <= room)
        return 1;
    if (!more_room((void **)&work->read, sizeof *work->read, size, &room)
        || !more_room((void **)&work->anchors, sizeof *work->anchors, size, &work->line_room))
        work->gives_up = 1;
    return !work->gives_up;
}

/* Read a line up to its end: how its characters are read, where a word may matter, and what they tell. Returns what is behind it. */
static Py_ssize_t read_line(Work *work, const Document *document, Py_ssize_t start, int alone, uint64_t *told)
{
    const uint64_t *table = work->speller->told;
    const Py_UCS4 *line = work->line = document->codes + start;
    Py_ssize_t left = document->size - start, size = 0, anchors = 0;
    uint64_t all = 0;
    while (size < left && line[size] != '\n')
        size++;
    if (!room_for_line(work, size))
        return start + size;
    for (left = size, size = 0; size < left; size++) {
        Py_UCS4 code = line[size];
        uint64_t each = table[code];
        work->read[size] = code ^ (Py_UCS4)(each >> READ_SHIFT & CHARACTER);
        work->anchors[anchors] = (int32_t)size;
        each >>= TOLD_SHIFT;
        anchors += each & MAY_MATTER;
        if (each & OF_ADDRESS && !(alone && may_be_address(line + size, left - size)))
            each &= ~(uint64_t)OF_ADDRESS;
        all |= each;
    }
    work->size = size;
    work->anchor_count = anchors;
    *told = all;
    return start + size;
}

/* Convert the lines of a document: whether all could be. Lines with kana are for `other`; without one, they and what else has to be looked at
   first is a reason to give up. */
static int convert_lines(Work *work, Document *document)
{
    int alone = document->other == Py_None;
    Py_ssize_t number = 0;
    for (Py_ssize_t start = 0;; start++, number++) {
        uint64_t told;
        start = read_line(work, document, start, alone, &told);
        int done;
        if (work->gives_up)
            return 0;
        if (alone && told & (IS_UNUSUAL | OF_ADDRESS | (work->speller->kind != WHOLE_TEXT ? IS_KANA : 0)))
            return 0;
        if (told & IS_KANA && work->speller->kind != WHOLE_TEXT)
            done = write_answer(work, document->other, number);
        else
            done = write_converted(work, document, number, told);
        if (!done || PyErr_Occurred())
            return 0;
        if (start >= document->size)
            return 1;
        if (!make_room(work, 1))
            return 0;
        work->written[work->written_count++] = '\n';
    }
}

static PyObject *as_text(const Py_UCS4 *codes, Py_ssize_t size)
{
    int order = PY_LITTLE_ENDIAN ? -1 : 1;
#if WCHAR_MAX >= 0x10FFFF
    return PyUnicode_FromWideChar((const wchar_t *)codes, size);
#endif
    return PyUnicode_DecodeUTF32((const char *)codes, size * 4, "surrogatepass", &order);
}

static PyObject *spell(PyObject *module, PyObject *args)
{
    PyObject *capsule, *text, *result = NULL;
    Document document = {.script = -1};
    (void)module;
    if (!PyArg_ParseTuple(args, "OUOO", &capsule, &text, &document.speaks, &document.other))
        return NULL;
    Work work = {.speller = PyCapsule_GetPointer(capsule, SPELLING_NAME)};
    if (!work.speller)
        return NULL;
    Py_ssize_t size = document.size = PyUnicode_GetLength(text);
    if (size >= INT32_MAX / 8)
        return Py_NewRef(Py_None);
    Py_UCS4 *codes = PyMem_Malloc((size_t)(size + 1) * sizeof *codes);
    document.codes = codes;
    if (!codes || !make_room(&work, size))
        PyErr_NoMemory();
    else if (PyUnicode_AsUCS4(text, codes, size, 0) || !PyErr_Occurred()) {
        if (convert_lines(&work, &document))
            result = as_text(work.written, work.written_count);
        else if (!PyErr_Occurred())
            result = Py_NewRef(Py_None);
    }
    void *parts[] = {codes, work.read, work.anchors, work.written, work.joined, work.found};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        PyMem_Free(parts[i]);
    return result;
}

/* ------------------------------------------------------------------ the module */

static PyMethodDef functions[] = {
    {"translate", translate, METH_VARARGS, NULL},
    {"looks", looks, METH_VARARGS, NULL},
    {"words", words, METH_VARARGS, NULL},
    {"layer", layer, METH_VARARGS, NULL},
    {"in_place", in_place, METH_VARARGS, NULL},
    {"pairs", pairs, METH_VARARGS, NULL},
    {"chances", chances, METH_VARARGS, NULL},
    {"weigh", weigh, METH_VARARGS, NULL},
    {"best_runs", best_runs, METH_VARARGS, NULL},
    {"recurring", recurring, METH_VARARGS, NULL},
    {"stretches", stretches, METH_VARARGS, NULL},
    {"around", around, METH_VARARGS, NULL},
    {"in_common", in_common, METH_VARARGS, NULL},
    {"glued", glued, METH_VARARGS, NULL},
    {"likeliest", likeliest, METH_VARARGS, NULL},
    {"division", division, METH_VARARGS, NULL},
    {"speller", speller, METH_VARARGS, NULL},
    {"spell", spell, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT, .m_name = "_compiled", .m_doc = "Conversion and inner loops of reading, in C.", .m_methods = functions,
};

PyMODINIT_FUNC PyInit__compiled(void)
{
    return PyModuleDef_Init(&module);
}
