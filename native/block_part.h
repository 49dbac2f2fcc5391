/* One part of an event block: the streams it consists of, written and read. Internal to the block codec. */
#ifndef KSYS_BLOCK_PART_H
#define KSYS_BLOCK_PART_H

#include "block_codec.h"

#include <memory>

namespace ksys {

/* Streams of a part, in file order. Planes have one byte per row. */
enum Stream {
	S_THREADS,                  /* dictionary: (tid i32, pid i32) */
	S_KINDS,                    /* dictionary: (absent u32, flags u16, type u16) */
	S_NUM,                      /* difference to the row before */
	S_TIME0, S_TIME1, S_TIME2,  /* difference to the row before */
	S_LAT0, S_LAT1, S_LAT2,     /* latency + 1 */
	S_RET0, S_RET1,             /* result + kRetBias */
	S_THREAD0, S_THREAD1,       /* index into S_THREADS */
	S_KIND0, S_KIND1,           /* index into S_KINDS */
	S_CPU0, S_CPU1,
	S_LEN0, S_LEN1,             /* bytes of the row less those of the last row of its kind, modulo 2^16 */
	S_WIDE,                     /* f64 values that do not fit their planes, row by row: num, time, latency, ret */
	S_LONG,                     /* u32 lengths of rows of 64 KiB and more */
	S_ARENA,                    /* arguments, grouped by kind */
	S_STATE,                    /* in the rest only: one bit per row of the block, 1 = it is in the state part */
	S_COUNT
};
constexpr int kPlaneFirst = S_NUM, kPlaneLast = S_LEN1;

/* ROW.* of src/model/batch.ts */
constexpr uint16_t kRowHidden = 1, kRowState = 32;
/* A plane's largest value says: see S_WIDE. */
constexpr uint32_t kNumWide = 0xff, kTimeWide = 0xffffff, kRetWide = 0xffff;
constexpr int kRetBias = 4096;
/* a length difference that says: see S_LONG */
constexpr uint32_t kLenLong = 0x8000;
/* readable bytes behind a part's arena, so that short rows are copied in whole words */
constexpr size_t kSlack = 32;
/* integers that a double holds exactly */
constexpr double kExact = 9007199254740992.0;

/* zstd's levels. Measured on a mixed load: 6.5 bytes a call become 6.0 for 0.1 us more; times and latencies gain nothing. */
constexpr int kFast = 1, kThorough = 5;

/* Appends one stream: mode, raw size, stored size, bytes; the smallest of constant, zstd and raw. */
void putStream(std::vector<uint8_t> &out, const uint8_t *data, size_t bytes, int level = kFast);

/* Reads streams one after the other. */
class StreamReader {
public:
	StreamReader(const uint8_t *data, size_t bytes) : at_(data), end_(data + bytes) {}
	/* Raw size of the next stream. */
	size_t peek() const;
	/* Decompresses the next stream, of exactly `bytes`, to out. */
	void read(uint8_t *out, size_t bytes);
	bool done() const { return at_ == end_; }

private:
	const uint8_t *at_, *end_;
};

/* A part in memory: bounds of every dictionary index and length are checked when it is loaded. */
struct Part {
	size_t rows = 0;
	std::unique_ptr<uint8_t[]> memory;
	/* one byte planes, and values that had several, by row */
	const uint8_t *num = nullptr;
	std::unique_ptr<uint32_t[]> time, latency;
	std::unique_ptr<uint16_t[]> ret, thread, kind, cpu;
	std::vector<uint64_t> threads, kinds;
	std::vector<double> wide;
	std::vector<uint32_t> length;
	/* where the next row of a kind lies in the arena */
	std::vector<uint32_t> cursor;
	std::vector<uint8_t> stateBits;
	const uint8_t *arena = nullptr;
	size_t row = 0, wideAt = 0;

	void load(const uint8_t *data, size_t bytes, size_t rows, size_t arenaBytes, size_t bitmapBytes);
	/* An integer; anything else would break who prints or compares it. */
	double nextInteger();
};

} // namespace ksys

#endif
