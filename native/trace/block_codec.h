/* The trace block codec, free of Node: columns of events <-> one self-contained, checksummed, compressed block.
 *
 * A block: header (kHeaderBytes), summary, state part, rest. All little-endian.
 * The state part holds what is needed to deliver the rows that keep thread and fd tables true, the rest what all others
 * need besides. Each part is a sequence of streams: block_rows.h says which, block_v1.h which they were in version 1. */
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
/* a block is closed when its arguments reach this; one row may go beyond */
constexpr size_t kArenaGoal = 4 << 20;
/* what a reader accepts */
constexpr size_t kMaxArena = 32 << 20;
constexpr size_t kMaxPayload = 64 << 20;
constexpr size_t kCodeLimit = 2560;

enum BlockKind : uint8_t { kMeta = 1, kSnapshot = 2, kEvents = 3, kKeyframe = 4, kIndex = 5, kEnd = 6, kRenewal = 7, kForms = 8 };
/* kByThread: rows are laid out as block_rows.h has it, not as in version 1. */
enum BlockFlag : uint8_t { kNativeFlags = 1, kByThread = 2 };

/* What is wrong with a block; the text is shown to the person. */
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
	/* the block's place in the file, from 0 */
	uint32_t seq = 0;

	void write(uint8_t *out) const;
	/* Throws BlockError when it is not a header or its sizes are not possible. */
	static BlockHeader read(const uint8_t *in, size_t bytes);
};

/* Columns under construction, in EventBatch's meaning. Offsets are of this arena. */
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
	/* where the arguments of rows end; null: where those of the next row begin. Not part of the buffer */
	uint32_t *argEnd = nullptr;
	size_t capacity, arenaBytes;

	/* Throws BlockError when the buffer is smaller than the batch is said to be. */
	BatchView(uint8_t *base, size_t bytes, size_t capacity, size_t arenaBytes);
};

/* Copies rows [from, to) that keep allows (0 drop, 1 keep, 2 keep hidden; null: all) until the block is full.
 * forms: how each row was recorded, kept in the upper bits of its flags; null when there is nothing to say.
 * Returns the row at which it stopped. */
size_t appendRows(Columns &columns, const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms);

/* A complete event block. names: process names of the rows as the summary holds them, null when unknown. */
std::vector<uint8_t> encodeEvents(const Columns &columns, uint32_t seq, const std::vector<uint8_t> *names);

/* How rows of a type are laid out, for checking that lengths inside a row stay inside it. */
struct Layouts {
	/* bytes of the fixed part, kUnknown when there is no such event */
	static constexpr uint16_t kUnknown = 0xffff;
	uint16_t fixed[kCodeLimit];
	uint8_t vars[kCodeLimit];
	Layouts();
};

struct Decoded {
	size_t rows = 0;
	/* rows left out: an impossible type, or arguments that do not fit their declaration */
	size_t skipped = 0;
};

/* OUTCOME of src/source/row-bounds.ts */
enum Outcome : uint8_t { kAnyOutcome, kFailed, kSucceeded };

/* Rows that need not be delivered, and what was left out. Hidden ones are not counted. */
struct Omitted {
	/* by event code, 1: nobody looks at such rows unless they are hidden or keep the state true */
	std::vector<uint8_t> types;
	/* by event code: ns that the call took at least (0: any, known or not), and what its result must say; of the state part all
	 * rows are wanted */
	std::vector<double> minLatency;
	std::vector<uint8_t> outcome;
	/* when set, only rows of these processes (in ascending order) are wanted, and those in ofAnyProcess */
	bool byProcess = false;
	std::vector<int32_t> processes;
	/* by event code, 1: such rows are wanted whoever's they are, where they are of the state part */
	std::vector<uint8_t> ofAnyProcess;
	bool wantsOfAny(uint16_t type, bool state) const { return state && type < ofAnyProcess.size() && ofAnyProcess[type]; }
	/* by event code */
	std::vector<uint32_t> counts = std::vector<uint32_t>(kCodeLimit);
	size_t rows = 0;
	/* that of the last one */
	double lastTime = 0;
};

/* Decodes a whole block (header first) into the batch, which must have argEnd; stateOnly: the rest is neither read nor
 * needed. omitted: null when all rows are wanted. */
Decoded decodeEvents(const uint8_t *block, size_t bytes, BatchView &out, const Layouts &layouts, bool stateOnly,
	Omitted *omitted = nullptr);

/* A block of one compressed payload (metadata, snapshots, index). time: where a keyframe stands. */
std::vector<uint8_t> encodePayload(uint8_t kind, uint32_t seq, const uint8_t *payload, size_t bytes, double num, double time);
std::vector<uint8_t> decodePayload(const uint8_t *block, size_t bytes);

uint32_t crc32c(const uint8_t *data, size_t bytes);

} // namespace ksys

#endif
