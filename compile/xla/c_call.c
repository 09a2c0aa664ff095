/*
 * A C kernel as one call of an XLA program, through the C interface of XLA's foreign functions.
 *
 * Every kernel has a copy of this library of its own, told once which `dagc_batch` to call. Buffers are those of the
 * program: 8-byte values are read and written where they lie. Narrow ones (float32, int32, bools), and values that
 * `vmap` repeats over inner axes, pass through columns of words, a block of instances at a time. A host of XLA flushes
 * subnormals on its threads; nothing here computes with floats but the two conversions, which restore IEEE 754's
 * environment first.
 */

#include "xla/ffi/api/c_api.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

typedef struct {
    const int64_t *words;
    int64_t per_bar;
    int64_t per_instance;
} dagc_column;

typedef int64_t (*dagc_batch_entry)(int64_t bars, int64_t instances, const dagc_column *inputs, const dagc_column *params,
                                    int64_t *const *state, int64_t *const *outputs, int64_t *const *taps);

/* Instances of a block, where words are converted: a column of them stays in a first-level cache's reach. */
enum { BLOCK = 2048 };

static dagc_batch_entry batch;
static int64_t inputs, params, states, outputs;
static const int64_t *sizes; /* words of each state */

/* Called once, before the first call: what to call, and how many buffers there are of each kind. */
void dagc_c_call_bind(dagc_batch_entry entry, int64_t input_count, int64_t param_count, int64_t state_count,
                      int64_t output_count, const int64_t *state_sizes)
{
    batch = entry;
    inputs = input_count;
    params = param_count;
    states = state_count;
    outputs = output_count;
    sizes = state_sizes;
}

static int64_t elements(const XLA_FFI_Buffer *buffer)
{
    int64_t count = 1;
    for (int64_t axis = 0; axis < buffer->rank; axis++)
        count *= buffer->dims[axis];
    return count;
}

/* Bytes of an element; 0 for a type that no port has. */
static int width(const XLA_FFI_Buffer *buffer)
{
    switch (buffer->dtype) {
    case XLA_FFI_DataType_F64:
    case XLA_FFI_DataType_S64:
        return 8;
    case XLA_FFI_DataType_F32:
    case XLA_FFI_DataType_S32:
        return 4;
    case XLA_FFI_DataType_PRED:
        return 1;
    default:
        return 0;
    }
}

/* Element `at` as a word, as kernel.h has it. */
static int64_t word_of(const XLA_FFI_Buffer *buffer, int64_t at)
{
    switch (buffer->dtype) {
    case XLA_FFI_DataType_F32: {
        const double wide = ((const float *)buffer->data)[at];
        int64_t word;
        memcpy(&word, &wide, 8);
        return word;
    }
    case XLA_FFI_DataType_S32:
        return ((const int32_t *)buffer->data)[at];
    case XLA_FFI_DataType_PRED:
        return ((const uint8_t *)buffer->data)[at] != 0;
    default:
        return ((const int64_t *)buffer->data)[at];
    }
}

static void put_word(const XLA_FFI_Buffer *buffer, int64_t at, int64_t word)
{
    switch (buffer->dtype) {
    case XLA_FFI_DataType_F32: {
        double wide;
        memcpy(&wide, &word, 8);
        ((float *)buffer->data)[at] = (float)wide;
        break;
    }
    case XLA_FFI_DataType_S32:
        ((int32_t *)buffer->data)[at] = (int32_t)word;
        break;
    case XLA_FFI_DataType_PRED:
        ((uint8_t *)buffer->data)[at] = (uint8_t)(word != 0);
        break;
    default:
        ((int64_t *)buffer->data)[at] = word;
        break;
    }
}

static XLA_FFI_Error *refused(const XLA_FFI_CallFrame *frame, const char *message)
{
    XLA_FFI_Error_Create_Args error;
    memset(&error, 0, sizeof error);
    error.struct_size = XLA_FFI_Error_Create_Args_STRUCT_SIZE;
    error.message = message;
    error.errc = XLA_FFI_Error_Code_INVALID_ARGUMENT;
    return frame->api->XLA_FFI_Error_Create(&error);
}

/* The column of words for instances [first, first + count) of `total`: the buffer itself, or `room` filled from it. */
static dagc_column column_of(const XLA_FFI_Buffer *buffer, int64_t total, int64_t first, int64_t count, int64_t *room)
{
    const int64_t held = elements(buffer);
    dagc_column column = {room, 0, 1};
    if (held == 1) {
        room[0] = word_of(buffer, 0);
        column.per_instance = 0;
    } else if (held == total && width(buffer) == 8) {
        column.words = (const int64_t *)buffer->data + first;
    } else {
        const int64_t repeated = total / held;
        for (int64_t i = 0; i < count; i++)
            room[i] = word_of(buffer, (first + i) / repeated);
    }
    return column;
}

/* Whether this buffer's words lie as `dagc_batch` takes them, for all instances at once. */
static int is_ready(const XLA_FFI_Buffer *buffer, int64_t total)
{
    const int64_t held = elements(buffer);
    return held == 1 || (held == total && width(buffer) == 8);
}

static XLA_FFI_Error *run(const XLA_FFI_CallFrame *frame)
{
    XLA_FFI_Buffer *const *given = (XLA_FFI_Buffer *const *)frame->args.args;
    XLA_FFI_Buffer *const *made = (XLA_FFI_Buffer *const *)frame->rets.rets;
    const int64_t read = inputs + params;
    if (!batch || frame->args.size != read + states || frame->rets.size != outputs + states)
        return refused(frame, "dagc: this program was made for another kernel");
    const int64_t total = outputs ? elements(made[0]) : elements(made[0]) / sizes[0];
    int ready = 1;
    for (int64_t k = 0; k < read; k++) {
        const int64_t held = elements(given[k]);
        if (!width(given[k]) || held < 1 || total % held)
            return total ? refused(frame, "dagc: a buffer of a type or shape that no input of the kernel has") : NULL;
        ready &= is_ready(given[k], total);
    }
    for (int64_t k = 0; k < outputs; k++) {
        if (!width(made[k]) || elements(made[k]) != total)
            return refused(frame, "dagc: a result of a type or shape that no output of the kernel has");
        ready &= width(made[k]) == 8;
    }
    for (int64_t k = 0; k < states; k++) {
        const XLA_FFI_Buffer *from = given[read + k], *to = made[outputs + k];
        if (!width(to) || from->dtype != to->dtype || elements(from) != total * sizes[k] || elements(to) != total * sizes[k])
            return refused(frame, "dagc: a state of a type or shape that the kernel does not have");
        ready &= width(to) == 8;
    }
    if (total == 0)
        return NULL;
    const int64_t block = ready || total < BLOCK ? total : BLOCK;
    int64_t wide = outputs;
    for (int64_t k = 0; k < states; k++)
        wide += sizes[k];
    const int64_t rooms = ready ? 0 : block * (read + wide);
    int64_t *memory = malloc((size_t)(8 * (rooms + read) + 8));
    dagc_column *columns = malloc(sizeof *columns * (size_t)(read + 1));
    int64_t **pointers = malloc(sizeof *pointers * (size_t)(states + outputs + 1));
    if (!memory || !columns || !pointers) {
        free(memory);
        free(columns);
        free(pointers);
        return refused(frame, "dagc: out of memory");
    }
    int64_t *const single = memory + rooms; /* a word each for values that all instances share */
    for (int64_t first = 0; first < total; first += block) {
        const int64_t count = total - first < block ? total - first : block;
        int64_t *room = memory;
        for (int64_t k = 0; k < read; k++) {
            const int is_single = elements(given[k]) == 1;
            columns[k] = column_of(given[k], total, first, count, is_single || ready ? single + k : room);
            room += ready ? 0 : block;
        }
        for (int64_t k = 0; k < states; k++) {
            const XLA_FFI_Buffer *from = given[read + k], *to = made[outputs + k];
            const int64_t at = first * sizes[k], words = count * sizes[k];
            if (width(to) == 8) {
                pointers[k] = (int64_t *)to->data + at;
                if (from->data != to->data)
                    memcpy(pointers[k], (const int64_t *)from->data + at, (size_t)(8 * words));
            } else {
                pointers[k] = room;
                for (int64_t i = 0; i < words; i++)
                    room[i] = word_of(from, at + i);
            }
            room += ready ? 0 : block * sizes[k];
        }
        for (int64_t k = 0; k < outputs; k++) {
            pointers[states + k] = width(made[k]) == 8 ? (int64_t *)made[k]->data + first : room;
            room += ready ? 0 : block;
        }
        batch(1, count, columns, columns + inputs, pointers, pointers + states, NULL);
        for (int64_t k = 0; k < states; k++)
            if (width(made[outputs + k]) != 8)
                for (int64_t i = 0; i < count * sizes[k]; i++)
                    put_word(made[outputs + k], first * sizes[k] + i, pointers[k][i]);
        for (int64_t k = 0; k < outputs; k++)
            if (width(made[k]) != 8)
                for (int64_t i = 0; i < count; i++)
                    put_word(made[k], first + i, pointers[states + k][i]);
    }
    free(memory);
    free(columns);
    free(pointers);
    return NULL;
}

/* What XLA calls: for its own questions about the handler, and to run it. */
XLA_FFI_Error *dagc_c_call(XLA_FFI_CallFrame *frame)
{
    const XLA_FFI_Extension_Base *extension = frame->extension_start;
    if (extension && extension->type == XLA_FFI_Extension_Metadata) {
        XLA_FFI_Metadata *metadata = ((XLA_FFI_Metadata_Extension *)frame->extension_start)->metadata;
        metadata->api_version.major_version = XLA_FFI_API_MAJOR;
        metadata->api_version.minor_version = XLA_FFI_API_MINOR;
        return NULL;
    }
#if defined(__SSE2__)
    const unsigned host = _mm_getcsr();
    _mm_setcsr(0x1f80);
#endif
    XLA_FFI_Error *const problem = run(frame);
#if defined(__SSE2__)
    _mm_setcsr(host);
#endif
    return problem;
}
