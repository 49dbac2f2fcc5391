/* From the rows of batches to the event blocks of a .scap file, free of Node. What event a row becomes, and where each of its
 * parameters lies in the row, is said by programs that src/scap/write makes; nothing here knows an event. */
#ifndef KSYS_SCAP_WRITE_H
#define KSYS_SCAP_WRITE_H

#include "trace/block_codec.h"

#include <cmath>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <unordered_map>

namespace ksys::scap {

/* What a step writes; src/scap/write/program.ts has the same values. */
enum class WriteOp : int32_t {
	/* a length of 0 */
	Nothing,
	/* a number of the row, of the row's result, always the same one */
	Number, Result, Constant,
	/* bytes as they are, with a NUL at their end, an address (a NUL at the end of paths), poll's list */
	Bytes, Text, Address, Polled
};

/* How a number lies in a row: the indexes of WIRES in src/schema/layout.ts. */
enum Wire : int32_t { kI8 = 2, kU8, kI16, kU16, kI32, kU32, kI64, kU64 };

struct WriteStep {
	WriteOp op;
	/* the row's parameter */
	int32_t param;
	/* offset in the fixed part, or which of the variable parameters it is; a Constant's value */
	int32_t place;
	int32_t wire;
	/* bytes that are written */
	int32_t size;
	/* what stands for a number that is absent: nothing, 0, or all bits set */
	int32_t fill;
	/* table that makes libs' value of the kernel's; -1: it stays as it is */
	int32_t table;
	/* the kernel looks at it only where this number is as wanted (whole) or has one of the wanted bits; wire 0: always */
	int32_t ifPlace, ifWire, ifWhole, ifWanted;
};
constexpr size_t kWriteStep = sizeof(WriteStep) / sizeof(int32_t);

struct WriteProgram {
	/* code of the event that is written */
	uint16_t type = 0;
	std::vector<WriteStep> steps;
};

/* What the rows of a code become. */
struct WriteRow {
	enum Fate : uint8_t { Unknown, Written, Silent, LeftOut } fate = Unknown;
	/* bytes of the row's fixed part, number of its variable parameters */
	uint32_t fixed = 0, vars = 0;
	/* lengths of parameters take four bytes */
	bool wide = false;
	/* an event of libs' own, which is not shown anyway */
	bool internal = false;
	/* libs keeps its tables by it, and takes it for granted that numbers are there: it ends before one that is not */
	bool complete = false;
	/* the thread is no more */
	bool ends = false;
	WriteProgram own;
	/* of a call: the event at its beginning */
	bool hasEnter = false;
	WriteProgram enter;
};

/* The whole number that a double is nearest to on its way to 0, within what T holds; 0 for what is no number. */
template <typename T> T whole(double v) {
	using Range = std::numeric_limits<T>;
	if (std::isnan(v)) return 0;
	if (v <= double(Range::min())) return Range::min();
	return v >= double(Range::max()) ? Range::max() : T(v);
}

/* Something that has to be told before going on: a WriteRow by code or form, or a table's value. */
struct Asked {
	enum Kind : uint8_t { Nothing, Row, Value } kind = Nothing;
	uint32_t what = 0;
	uint64_t value = 0;
};

enum class Order : uint8_t {
	/* events are written in the order of the rows: each direction has rows of its own */
	OfRows,
	/* by time; the beginnings of calls are made of their rows */
	ByTime,
};

class EventWriter {
public:
	EventWriter(uint64_t start, Order order) : start_(start), order_(order) {}

	/* Rows of codes that there is no event for, and bytes of arguments that did not fit. */
	double leftOut = 0, cut = 0;

	void give(uint32_t id, WriteRow row);
	void give(uint32_t table, uint64_t value, uint32_t portable);
	/* Of rows of that form these parameters (bits) were recorded; what else is in them was told by other events.
	 * own: they become other events than rows of that code do otherwise, which are asked for as kCodeLimit + form. */
	void giveForm(uint32_t form, uint32_t params, bool own);
	/*
	 * Looks for calls in the rows that began so long before their end that what came since will have been written by then: their
	 * beginnings are kept. To be done with rows before the first is added, in the same order; more may follow them then. Returns the
	 * row to go on with.
	 */
	size_t scout(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Asked &asked);
	/* Adds rows that keep allows (0 drop, 1 keep, 2 keep hidden; null: all); forms: how they were recorded, null: as their
	 * definitions have it. Returns the row to go on with. */
	size_t add(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Asked &asked);
	/* Adds a block with an event of that batch time. */
	void insert(double time, const uint8_t *block, size_t bytes);
	/* Where nothing happens: now is the batch time. */
	void passed(double now);
	/* Writes blocks that nothing can come before any more, or all, as far as there is room; returns their bytes. */
	size_t take(uint8_t *to, size_t room, bool all);
	/* Whether take() had no room for the next block. */
	bool more = false;
	/* Everything was taken: what follows begins anew. */
	void renew();
	/* All rows were scouted: adding them begins. */
	void begin();

private:
	/* Memory that blocks are put into one behind the other; left: how many are still to be taken. */
	struct Chunk {
		std::unique_ptr<uint8_t[]> bytes;
		size_t room = 0, used = 0, left = 0;
	};
	struct Entry {
		int64_t time;
		uint64_t seq;
		uint32_t chunk, at, length;
		bool operator<(const Entry &o) const { return time != o.time ? time < o.time : seq < o.seq; }
	};

	template <typename F>
	size_t rows(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Asked &asked, F each);
	/* What of a row becomes which event. */
	struct Part {
		const WriteRow &row;
		const WriteProgram &program;
		int64_t time;
		bool hidden;
		/* parameters that are in it, as bits */
		uint32_t params;
	};
	bool build(const Part &part, const BatchView &batch, size_t i, Asked &asked, Entry &made);
	bool number(const WriteStep &s, const uint8_t *row, Asked &asked, uint64_t &v);
	bool portable(int32_t table, uint64_t raw, Asked &asked, uint64_t &v);
	bool buildEnter(const BatchView &batch, size_t i, const WriteRow &row, bool hidden, Asked &asked, Entry &made);
	bool beganUnseen(const BatchView &batch, size_t i, const WriteRow &row) const;
	bool isLong(const BatchView &batch, size_t i) const;
	void note(const BatchView &batch, size_t i, const WriteRow &row);
	void forget(const BatchView &batch, size_t i);
	void push(const Entry &e);
	/* Where so many bytes can be put. */
	uint8_t *reserve(size_t bytes);
	const Entry *first() const;
	void release(const Entry &e);
	void undo(const Entry &e);
	/* what is older is written */
	int64_t edge() const;

	/* ns since the epoch of a batch time; 0 for what lies before it */
	int64_t absolute(double time) const;

	uint64_t start_;
	Order order_;
	std::vector<WriteRow> rows_ = std::vector<WriteRow>(kCodeLimit);
	struct Values {
		uint64_t last = 0;
		uint32_t made = 0;
		bool any = false;
		std::unordered_map<uint64_t, uint32_t> all;
	};
	std::vector<Values> values_;
	struct Form {
		uint32_t params = ~0u;
		bool own = false;
	};
	std::vector<Form> forms_{1};
	std::vector<Chunk> chunks_;
	std::vector<uint32_t> free_;
	uint32_t current_ = UINT32_MAX;
	uint64_t seq_ = 0;
	double latest_ = -std::numeric_limits<double>::infinity();
	/* in the order of time; a heap of those that were not */
	std::deque<Entry> queue_;
	std::vector<Entry> heap_;
	/* beginnings of long calls by section, how far the present one is written, how many of all are still to be met again, and the memory
	 * that all take */
	std::vector<std::vector<Entry>> long_;
	size_t section_ = 0, longAt_ = 0, scouted_ = 0, scoutedBytes_ = 0;
	/* calls whose beginning was a row of its own, by thread */
	std::unordered_map<int32_t, uint16_t> begun_;
};

} // namespace ksys::scap

#endif
