/* The trace block codec, independent of Node: columns of events <-> one self-contained, checksummed, compressed block.
 *
 * A block: header (kHeaderBytes), summary, state section, rest. All little-endian. The state section holds what is needed to
 * deliver the rows that keep thread and fd tables correct, the rest what all others need besides. Each section is a sequence
 * of streams: see block_rows.h, and block_v1.h for version 1. */
#ifndef KSYS_TRACE_BLOCK_CODEC_H
#define KSYS_TRACE_BLOCK_CODEC_H

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ksys {

constexpr uint32_t kBlockMagic = 0x4b4c424b; /* "KBLK" */
constexpr size_t kHeaderBytes = 96;
constexpr size_t kMaxRows = 65536;
/* a block is closed when its arguments reach this size; one row may exceed it */
constexpr size_t kArenaGoal = 4 << 20;
/* what a reader accepts */
constexpr size_t kMaxArena = 32 << 20;
constexpr size_t kMaxPayload = 64 << 20;
/* what it accepts of a payload that has the stored bytes to justify it: 30,000 processes take 120 MB, and a thirtieth of that in the file */
constexpr size_t kMaxLargePayload = 1 << 30, kMostExpansion = 256;
constexpr size_t kCodeLimit = 2560;

enum BlockKind : uint8_t { kMeta = 1, kSnapshot = 2, kEvents = 3, kKeyframe = 4, kIndex = 5, kEnd = 6, kRenewal = 7, kForms = 8 };
/* kByThread: rows are laid out as in block_rows.h, not as in version 1. */
enum BlockFlag : uint8_t { kNativeFlags = 1, kByThread = 2 };

/* An error in a block; the text is shown to the user. */
struct BlockError : std::runtime_error {
	using std::runtime_error::runtime_error;
};

struct BlockHeader {
	uint8_t kind = 0, flags = 0;
	uint32_t summaryBytes = 0, stateBytes = 0, restBytes = 0;
	uint32_t stateRows = 0, restRows = 0, stateArena = 0, restArena = 0;
	uint32_t summaryCrc = 0, stateCrc = 0, restCrc = 0;
	double numMin = 0, numMax = 0, timeMin = 0, timeMax = 0;
	/* bytes of a payload block when decompressed */
	uint32_t rawBytes = 0;
	/* the block's index in the file, from 0 */
	uint32_t seq = 0;

	void write(uint8_t *out) const;
	/* Throws BlockError if it is not a header or its sizes are impossible. */
	static BlockHeader read(const uint8_t *in, size_t bytes);
};

/* Columns under construction, with EventBatch's meaning. Offsets are relative to this arena. */
struct Columns {
	size_t rows = 0;
	std::vector<double> num, time, latency, ret;
	std::vector<int32_t> tid, pid;
	std::vector<uint32_t> absent, argOff;
	std::vector<uint16_t> type, flags, cpu;
	std::vector<uint8_t> arena;
	bool native = true;

	Columns();
	void clear();
	bool full() const { return rows >= kMaxRows || arena.size() >= kArenaGoal; }
};

/* An EventBatch's memory (src/model/batch.ts): the same layout, computed from its capacity. */
struct BatchView {
	double *num, *time, *latency, *ret;
	int32_t *tid, *pid;
	uint32_t *absent, *argOff;
	uint16_t *type, *flags, *cpu;
	uint8_t *arena;
	/* where the arguments of rows end; null: where those of the next row start. Not part of the buffer */
	uint32_t *argEnd = nullptr;
	size_t capacity, arenaBytes;

	/* Throws BlockError if the buffer is smaller than the given sizes require. */
	BatchView(uint8_t *base, size_t bytes, size_t capacity, size_t arenaBytes);
};

/* Copies rows [from, to) that keep allows (0 drop, 1 keep, 2 keep hidden; null: all) until the block is full. forms: how
 * each row was recorded, stored in the upper bits of its flags; null: as their definitions. Returns the row at which it
 * stopped. */
size_t appendRows(Columns &columns, const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms);

/* A complete event block. names: process names of the rows for the summary, null if unknown. */
std::vector<uint8_t> encodeEvents(const Columns &columns, uint32_t seq, const std::vector<uint8_t> *names);

/* Layouts of rows by type, to check that lengths inside a row stay inside it. */
struct Layouts {
	/* bytes of the fixed part, kUnknown if there is no such event */
	static constexpr uint16_t kUnknown = 0xffff;
	uint16_t fixed[kCodeLimit];
	uint8_t vars[kCodeLimit];
	Layouts();
};

struct Decoded {
	size_t rows = 0;
	/* skipped rows: an impossible type, or arguments that do not fit their declaration */
	size_t skipped = 0;
};

/* OUTCOME of src/source/row-bounds.ts */
enum Outcome : uint8_t { kAnyOutcome, kFailed, kSucceeded };

/* Rows that need not be delivered, and counts of the omitted ones. Hidden ones are not counted. */
struct Omitted {
	/* by event code, 1: such rows are not needed unless they are hidden or keep the state correct */
	std::vector<uint8_t> types;
	/* by event code: minimum latency in ns (0: any, known or not), and the required result; of the state section all rows are needed */
	std::vector<double> minLatency;
	std::vector<uint8_t> outcome;
	/* if set, only rows of these processes (in ascending order) are needed, and those in ofAnyProcess */
	bool byProcess = false;
	std::vector<int32_t> processes;
	/* by event code, 1: such rows of the state section are needed from every process */
	std::vector<uint8_t> ofAnyProcess;
	bool wantsOfAny(uint16_t type, bool state) const { return state && type < ofAnyProcess.size() && ofAnyProcess[type]; }
	/* by event code */
	std::vector<uint32_t> counts = std::vector<uint32_t>(kCodeLimit);
	size_t rows = 0;
	/* time of the last omitted row */
	double lastTime = 0;
};

/* Decodes a whole block (header first) into the batch, which must have argEnd; stateOnly: the rest is neither read nor
 * needed. omitted: null if all rows are needed. */
Decoded decodeEvents(const uint8_t *block, size_t bytes, BatchView &out, const Layouts &layouts, bool stateOnly,
	Omitted *omitted = nullptr);

/* Whether a payload of that size is read from that many stored bytes: a small file must not take much memory. */
bool mayUnpack(size_t bytes, size_t stored);
/* The payload of a block that PayloadEncoder built. */
std::vector<uint8_t> decodePayload(const uint8_t *block, size_t bytes);

uint32_t crc32c(const uint8_t *data, size_t bytes);

} // namespace ksys

#endif
