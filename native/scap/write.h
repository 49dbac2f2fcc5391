/* Converts the rows of batches to the event blocks of a .scap file, independent of Node. The event of a row, and the place
 * of each of its parameters in the row, are defined by programs that src/scap/write supplies; nothing here is specific to an
 * event. */
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
	/* a number of the row, the row's result, a constant */
	Number, Result, Constant,
	/* unchanged bytes, bytes with a NUL at their end, an address (a NUL at the end of paths), poll's list */
	Bytes, Text, Address, Polled
};

/* How a number is stored in a row: the indexes of WIRES in src/schema/layout.ts. */
enum Wire : int32_t { kI8 = 2, kU8, kI16, kU16, kI32, kU32, kI64, kU64 };

struct WriteStep {
	WriteOp op;
	/* the row's parameter */
	int32_t param;
	/* offset in the fixed part, or the index among the variable parameters; a Constant's value */
	int32_t place;
	int32_t wire;
	/* bytes that are written */
	int32_t size;
	/* the value for an absent number: nothing, 0, or all bits set */
	int32_t fill;
	/* table that converts the kernel's value to libs'; -1: unchanged */
	int32_t table;
	/* the kernel reads it only if this number equals the wanted value (whole) or has one of the wanted bits; wire 0: always */
	int32_t ifPlace, ifWire, ifWhole, ifWanted;
};
constexpr size_t kWriteStep = sizeof(WriteStep) / sizeof(int32_t);

struct WriteProgram {
	/* code of the event that is written */
	uint16_t type = 0;
	std::vector<WriteStep> steps;
};

/* What the rows of a code are converted to. */
struct WriteRow {
	enum Fate : uint8_t { Unknown, Written, Silent, LeftOut } fate = Unknown;
	/* bytes of the row's fixed part, number of its variable parameters */
	uint32_t fixed = 0, vars = 0;
	/* lengths of parameters take four bytes */
	bool wide = false;
	/* an event of libs' own, which is never shown */
	bool internal = false;
	/* libs updates its tables from it, and requires that numbers are present: it ends before an absent one */
	bool complete = false;
	/* the thread has ended */
	bool ends = false;
	WriteProgram own;
	/* for a call: its enter event */
	bool hasEnter = false;
	WriteProgram enter;
};

/* A double truncated to an integer within the range of T; 0 for NaN. */
template <typename T> T whole(double v) {
	using Range = std::numeric_limits<T>;
	if (std::isnan(v)) return 0;
	if (v <= double(Range::min())) return Range::min();
	return v >= double(Range::max()) ? Range::max() : T(v);
}

/* Something that the caller must supply before writing can continue: a WriteRow by code or form, or a table's value. */
struct Request {
	enum Kind : uint8_t { Nothing, Row, Value } kind = Nothing;
	uint32_t what = 0;
	uint64_t value = 0;
};

enum class Order : uint8_t {
	/* events are written in the order of the rows: each direction has rows of its own */
	OfRows,
	/* by time; enter events are derived from the rows of their calls */
	ByTime,
};

class EventWriter {
public:
	EventWriter(uint64_t start, Order order) : start_(start), order_(order) {}

	/* Rows of codes without an event, and bytes of arguments that did not fit. */
	double leftOut = 0, cut = 0;

	void give(uint32_t id, WriteRow row);
	void give(uint32_t table, uint64_t value, uint32_t portable);
	/* In rows of that form these parameters (bits) were recorded; the others were recorded by other events. own: they are
	 * converted to other events than other rows of that code, which are requested as kCodeLimit + form. */
	void giveForm(uint32_t form, uint32_t params, bool own);
	/* Finds calls in the rows that started so long before their end that later events will have been written by then: their
	 * enter events are stored. Must be called with rows before the first is added, in the same order; more may follow them
	 * then. Returns the row to continue with. */
	size_t scout(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Request &request);
	/* Adds rows that keep allows (0 drop, 1 keep, 2 keep hidden; null: all); forms: how they were recorded, null: as their
	 * definitions. Returns the row to continue with. */
	size_t add(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Request &request);
	/* Adds a block with an event of that batch time. */
	void insert(double time, const uint8_t *block, size_t bytes);
	/* Without rows: the present batch time. */
	void passed(double now);
	/* Writes blocks that no earlier ones can follow, or all, as far as they fit; returns their bytes. */
	size_t take(uint8_t *to, size_t room, bool all);
	/* Whether the next block did not fit in take(). */
	bool more = false;
	/* Everything was taken: starts again. */
	void renew();
	/* All rows were scouted: adding them starts. */
	void begin();

private:
	/* Memory for consecutive blocks; left: how many are still to be taken. */
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
	size_t rows(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Request &request, F each);
	/* Which part of a row is converted to which event. */
	struct Part {
		const WriteRow &row;
		const WriteProgram &program;
		int64_t time;
		bool hidden;
		/* parameters that are in it, as bits */
		uint32_t params;
	};
	bool build(const Part &part, const BatchView &batch, size_t i, Request &request, Entry &made);
	bool number(const WriteStep &s, const uint8_t *row, Request &request, uint64_t &v);
	bool portable(int32_t table, uint64_t raw, Request &request, uint64_t &v);
	bool buildEnter(const BatchView &batch, size_t i, const WriteRow &row, bool hidden, Request &request, Entry &made);
	bool beganUnseen(const BatchView &batch, size_t i, const WriteRow &row) const;
	bool isLong(const BatchView &batch, size_t i) const;
	void note(const BatchView &batch, size_t i, const WriteRow &row);
	void forget(const BatchView &batch, size_t i);
	void push(const Entry &e);
	/* Reserves space for that many bytes. */
	uint8_t *reserve(size_t bytes);
	const Entry *first() const;
	void release(const Entry &e);
	void undo(const Entry &e);
	/* what is older is written */
	int64_t edge() const;

	/* ns since the epoch of a batch time; 0 if it is before the epoch */
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
	/* enter events of long calls by section, how far the present one is written, how many of all are still to be met again, and
	 * the memory that all take */
	std::vector<std::vector<Entry>> long_;
	size_t section_ = 0, longAt_ = 0, scouted_ = 0, scoutedBytes_ = 0;
	/* calls whose enter event was a row of its own, by thread */
	std::unordered_map<int32_t, uint16_t> begun_;
};

} // namespace ksys::scap

#endif
