#include "capture/merge.h"
#include "process/own_processes.h"
#include "row_tail.h"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace {

// A record of an idle CPU's buffer can be this old before the others stop waiting for it.
constexpr uint64_t HOLD = 5'000'000;
constexpr uint64_t FOREVER = UINT64_MAX;
constexpr uint32_t DROP_BYTES = 4 + 8 * (1 + LOST_KINDS);
// Calls are counted in intervals that start at multiples of this, in wall-clock time.
constexpr uint64_t SPAN = 100'000'000;

// Offset of CLOCK_BOOTTIME in this process's time namespace, ns; 0 without time namespaces.
int64_t boottimeAhead()
{
	long long sec = 0, nsec = 0;
	if (FILE *f = fopen("/proc/self/timens_offsets", "re")) {
		char line[128];
		while (fgets(line, sizeof(line), f))
			if (sscanf(line, "boottime %lld %lld", &sec, &nsec) == 2)
				break;
		fclose(f);
	}
	return sec * 1'000'000'000 + nsec;
}

} // namespace

double Merge::toldUntil(uint64_t looked) const
{
	return looked > startBoot + HOLD ? static_cast<double>(looked - HOLD - startBoot) : 0;
}

uint64_t bootNow()
{
	static const int64_t ahead = boottimeAhead();
	timespec ts;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * 1'000'000'000ull + ts.tv_nsec - ahead;
}

void Merge::step(Batch &batch, bool all)
{
	if (emptying) {
		emptying =
			counters.empty([&](uint64_t time, const ksys_counter &c, size_t cpu) { return putCounted(batch, time, c, cpu); }) ||
			programs.empty([&](uint64_t time, const ksys_program_counter &c, size_t cpu) { return putProgram(batch, time, c, cpu); });
		if (emptying)
			return;
	}
	// The clock is read first: what is produced after it is read later than any record seen below. Then the lanes: a call's own
	// records are written to the ring buffer before its record in the lane.
	const uint64_t old = all ? FOREVER : bootNow() - HOLD;
	for (Lane &l : lanes)
		l.look();
	for (Ring &r : rings)
		r.look();
	uint64_t limit = FOREVER; // for streams without a record: a new one may have this time
	waiting.clear();
	for (size_t i = 0; i < rings.size() + lanes.size(); i++)
		if (stream(i).front)
			waiting.push_back(i);
		else
			limit = std::min(limit, std::max(stream(i).passed, old));
	while (!waiting.empty()) {
		// The stream whose first record is oldest (the first of equals), and when the next stream's turn is.
		uint64_t time = FOREVER, next = FOREVER;
		size_t first = 0;
		for (size_t k = 0; k < waiting.size(); k++) {
			uint64_t t = stream(waiting[k]).front->time;
			if (t < time) {
				next = time;
				time = t;
				first = k;
			} else
				next = std::min(next, t);
		}
		if (time > limit)
			break;
		const size_t i = waiting[first], cpu = i % rings.size();
		next = std::min(next, limit);
		if (i < rings.size() ? !drain(batch, rings[i], next, cpu) : !drain(batch, lanes[cpu], next, cpu))
			break;
		if (!stream(i).front) {
			limit = std::min(limit, std::max(stream(i).passed, old));
			waiting.erase(waiting.begin() + first);
		}
	}
	for (Ring &r : rings)
		r.give();
	for (Lane &l : lanes)
		l.give();
}

// Moves the first record, and those that follow it before the limit; false if the batch is full.
template <typename S> bool Merge::drain(Batch &batch, S &from, uint64_t limit, uint16_t cpu)
{
	do {
		if (!put(batch, *from.front, from.frontSize - sizeof(ksys_rec) - from.frontRest, cpu, from.frontRest))
			return false;
		from.pop();
	} while (from.front && from.front->time < limit);
	return true;
}

bool Merge::turn(bool all)
{
	if (emptying)
		return false;
	const auto turned = [&](auto &tables) {
		uint64_t now = bootNow(), toWall = startReal - startBoot;
		if (!tables.isOpen() || (!all && (now + toWall) / SPAN == (tables.began + toWall) / SPAN))
			return false;
		tables.turn(now);
		return true;
	};
	emptying = turned(counters) || turned(programs);
	return true;
}

// A row for calls of an interval that started at `time`; its parameters are added by the caller.
uint32_t Merge::countedRow(Batch &b, uint64_t time, uint64_t calls, uint16_t cpu)
{
	uint32_t i = b.count;
	b.time[i] = static_cast<double>(time - startBoot);
	b.latency[i] = -1;
	b.ret[i] = 0;
	b.tid[i] = b.pid[i] = 0;
	b.cpu[i] = cpu;
	b.count = i + 1;
	number += static_cast<double>(calls);
	events.store(events.load(std::memory_order_relaxed) + calls, std::memory_order_relaxed);
	return i;
}

// The row's number is the count of its calls; its latency is their sum.
bool Merge::putCounted(Batch &b, uint64_t time, const ksys_counter &c, uint16_t cpu)
{
	if (!b.fits(0))
		return false;
	uint32_t i = countedRow(b, time, c.calls, cpu);
	b.num[i] = static_cast<double>(c.calls);
	if (!(c.key & COUNTER_TIMELESS))
		b.latency[i] = static_cast<double>(c.time);
	b.ret[i] = -static_cast<double>(c.key >> COUNTER_ERROR & 0xffff);
	b.absent[i] = ~0u;
	b.type[i] = c.key & 0xffff;
	b.flags[i] = ROW_COUNTED;
	b.argOff[i + 1] = b.argOff[i];
	return true;
}

// Calls counted by program have more properties than columns: they are parameters of ks_counted.
bool Merge::putProgram(Batch &b, uint64_t time, const ksys_program_counter &c, uint16_t cpu)
{
	constexpr uint32_t MOST = 4 + 5 * 8 + 2 + sizeof(c.latencies) + 2 + sizeof(c.comm);
	if (!b.fits(MOST))
		return false;
	uint32_t i = countedRow(b, time, c.calls, cpu);
	uint8_t *const row = b.arena + b.argOff[i], *to = row;
	auto add = [&to](const void *from, size_t n) {
		memcpy(to, from, n);
		to += n;
	};
	const uint32_t type = c.key & 0xffff;
	const uint16_t bytes = sizeof(c.latencies), name = strnlen(reinterpret_cast<const char *>(c.comm), sizeof(c.comm));
	add(&type, sizeof(type));
	for (uint64_t n : {c.cgroup, c.calls, c.errors, c.results, c.time})
		add(&n, sizeof(n));
	add(&bytes, sizeof(bytes));
	add(c.latencies, bytes);
	add(&name, sizeof(name));
	add(c.comm, name);
	b.num[i] = 0;
	b.absent[i] = 0;
	b.type[i] = KS_COUNTED;
	b.flags[i] = ROW_HIDDEN;
	b.argOff[i + 1] = b.argOff[i] + (to - row);
	return true;
}

// A record whose row, with the addresses of its stack, has `size` bytes, followed by `rest` more bytes of its data.
bool Merge::put(Batch &b, const ksys_rec &rec, uint32_t size, uint16_t cpu, uint32_t rest)
{
	if (rec.flags & ROW_STACK)
		return putWithStack(b, rec, size, cpu, rest);
	if (!b.fits(size + rest + sizeof(rec.ret)))
		return false;
	stacks.note(rec);
	append(b, rec, size + rest, cpu);
	if (isInexact(rec.ret))
		behind(b, &rec.ret, sizeof(rec.ret));
	return true;
}

// The row, followed by the number of its stack instead of the addresses.
bool Merge::putWithStack(Batch &b, const ksys_rec &rec, uint32_t size, uint16_t cpu, uint32_t rest)
{
	const Frames frames = Frames::behind(reinterpret_cast<const uint8_t *>(&rec + 1), size);
	Stacks::Known &stack = stacks.of(rec.pid, frames);
	const uint32_t number = stack.number;
	if (!stack.told && !putStack(b, rec, number, frames, cpu))
		return false;
	stack.told = true;
	if (!b.fits(frames.of.row + rest + sizeof(rec.ret) + sizeof(number)))
		return false;
	append(b, rec, frames.of.row, cpu);
	behind(b, reinterpret_cast<const uint8_t *>(&rec + 1) + size, rest);
	if (isInexact(rec.ret))
		behind(b, &rec.ret, sizeof(rec.ret));
	behind(b, &number, sizeof(number));
	return true;
}

// Appends bytes to the last row, for which there is space.
void Merge::behind(Batch &b, const void *bytes, uint32_t size)
{
	uint32_t &end = b.argOff[b.count];
	memcpy(b.arena + end, bytes, size);
	end += size;
}

// Describes a stack: its number, the numbers of words and the words themselves as one parameter, and a text that is not known
// yet.
bool Merge::putStack(Batch &b, const ksys_rec &rec, uint32_t number, const Frames &frames, uint16_t cpu)
{
	struct {
		ksys_rec rec;
		uint8_t row[4 + 2 + 6 + 8 * (KSYS_FRAMES + 64) + 2];
	} told;
	const uint16_t none = 0, bytes = 6 + 8 * frames.count();
	const uint32_t size = 4 + 2 + bytes + 2;
	if (size > sizeof(told.row) || !b.fits(size))
		return false;
	uint8_t *to = told.row;
	auto add = [&to](const void *from, size_t n) {
		memcpy(to, from, n);
		to += n;
	};
	told.rec = rec;
	told.rec.type = KS_STACK;
	told.rec.flags = ROW_HIDDEN | ROW_STATE;
	told.rec.latency = ~0ull;
	told.rec.ret = 0;
	told.rec.absent = 0;
	add(&number, sizeof(number));
	add(&bytes, sizeof(bytes));
	add(&frames.of.users, 2);
	add(&frames.of.callers, 2);
	add(&frames.of.kernels, 2);
	add(frames.words, 8 * frames.count());
	add(&none, sizeof(none));
	append(b, told.rec, size, cpu);
	return true;
}

// Appends a row that fits.
void Merge::append(Batch &b, const ksys_rec &rec, uint32_t size, uint16_t cpu)
{
	uint32_t i = b.count, off = b.argOff[i];
	uint16_t flags = rec.flags;
	if (own_processes::has(static_cast<pid_t>(rec.pid)))
		flags |= ROW_HIDDEN;
	bool own = rec.type >= KS_FORK && rec.type <= KS_LAST;
	if (rec.time < delivered) {
		flags |= ROW_LATE;
		late.store(late.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
	} else
		delivered = rec.time;
	b.num[i] = own ? 0 : ++number;
	b.time[i] = static_cast<double>(static_cast<int64_t>(rec.time - startBoot));
	b.latency[i] = rec.latency == ~0ull ? -1 : static_cast<double>(rec.latency);
	b.ret[i] = static_cast<double>(rec.ret);
	b.tid[i] = rec.tid;
	b.pid[i] = rec.pid;
	b.absent[i] = rec.absent;
	b.type[i] = rec.type;
	b.flags[i] = flags;
	b.cpu[i] = cpu;
	memcpy(b.arena + off, &rec + 1, size);
	b.argOff[i + 1] = off + size;
	b.count = i + 1;
	if (!own)
		events.store(events.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Merge::noteLoss(Batch &b)
{
	std::array<uint64_t, LOST_KINDS> sums = {};
	for (size_t i = 0; i < rings.size(); i++)
		for (size_t kind = 0; kind < LOST_KINDS; kind++)
			sums[kind] += __atomic_load_n(&lost[i].records[kind], __ATOMIC_RELAXED);
	sums[LOST_SKIPPED] = skipped();
	for (size_t kind = 0; kind < LOST_KINDS; kind++)
		lostSoFar[kind].store(sums[kind], std::memory_order_relaxed);
	if (sums == reported)
		return;
	struct {
		ksys_rec rec;
		uint32_t ratio;
		uint32_t lost[2 * (1 + LOST_KINDS)]; // the sum of events, then the kinds
	} drop = {};
	static_assert(sizeof(drop) - sizeof(ksys_rec) >= DROP_BYTES);
	uint64_t told[1 + LOST_KINDS] = {};
	for (size_t kind = 0; kind < LOST_KINDS; kind++) {
		told[1 + kind] = sums[kind] - reported[kind];
		if (kind != LOST_STATE && kind != LOST_DATA)
			told[0] += told[1 + kind];
	}
	drop.rec.time = std::max(delivered, startBoot);
	drop.rec.latency = ~0ull;
	drop.rec.type = KS_DROP;
	drop.ratio = 1;
	memcpy(drop.lost, told, sizeof(told));
	if (put(b, drop.rec, DROP_BYTES, 0))
		reported = sums;
}
