/* Event blocks of version 1: two sections with columns of their own, and a bitmap of how they interleave. Read only.
 * Internal to the block codec. */
#ifndef KSYS_TRACE_BLOCK_V1_H
#define KSYS_TRACE_BLOCK_V1_H

#include "trace/block_codec.h"

#include <memory>

namespace ksys::v1 {

/* Streams of a section, in file order. Planes have one byte per row. */
enum Stream {
	S_THREADS,                  /* dictionary: (tid i32, pid i32) */
	S_KINDS,                    /* dictionary: (absent u32, flags u16, type u16) */
	S_NUM,                      /* difference to the previous row */
	S_TIME0, S_TIME1, S_TIME2,  /* difference to the previous row */
	S_LAT0, S_LAT1, S_LAT2,     /* latency + 1 */
	S_RET0, S_RET1,             /* result + kRetBias */
	S_THREAD0, S_THREAD1,       /* index into S_THREADS */
	S_KIND0, S_KIND1,           /* index into S_KINDS */
	S_CPU0, S_CPU1,
	S_LEN0, S_LEN1,             /* bytes of the row less those of the last row of its kind, modulo 2^16 */
	S_WIDE,                     /* f64 values that do not fit their planes, row by row: num, time, latency, ret */
	S_LONG,                     /* u32 lengths of rows of 64 KiB and more */
	S_ARENA,                    /* arguments, grouped by kind */
	S_STATE,                    /* in the rest only: one bit per row of the block, 1 = it is in the state section */
	S_COUNT
};
constexpr int kPlaneFirst = S_NUM, kPlaneLast = S_LEN1;

/* A section in memory: bounds of every dictionary index and length are checked when it is loaded. */
struct Part {
	size_t rows = 0;
	std::unique_ptr<uint8_t[]> memory;
	/* one-byte planes, and values that had several, by row */
	const uint8_t *num = nullptr;
	std::vector<uint32_t> time, latency;
	std::vector<uint16_t> ret, thread, kind, cpu;
	std::vector<uint64_t> threads, kinds;
	std::vector<double> wide;
	std::vector<uint32_t> length;
	/* position of the next row of a kind in the arena */
	std::vector<uint32_t> cursor;
	std::vector<uint8_t> stateBits;
	const uint8_t *arena = nullptr;
	size_t row = 0, wideAt = 0;

	void load(const uint8_t *data, size_t bytes, size_t rows, size_t arenaBytes, size_t bitmapBytes);
	/* An integer; other values would break code that prints or compares it. */
	double nextInteger();
};

/* Decodes the sections of a block: state and, unless null, rest. */
Decoded decodeParts(const BlockHeader &h, const uint8_t *state, const uint8_t *rest, BatchView &out, const Layouts &layouts,
	Omitted *omitted);

} // namespace ksys::v1

#endif
