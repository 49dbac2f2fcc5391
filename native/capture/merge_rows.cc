// The rows that Merge adds to batches: records, counted calls, stacks, losses.
#include "capture/merge.h"
#include "process/own_processes.h"
#include "row_tail.h"
#include <algorithm>
#include <cstring>

namespace {

constexpr uint32_t DROP_BYTES = 4 + 8 * (1 + LOST_KINDS);

} // namespace

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
	if (!stack.written && !putStack(b, rec, number, frames, cpu))
		return false;
	stack.written = true;
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
	} made;
	const uint16_t none = 0, bytes = 6 + 8 * frames.count();
	const uint32_t size = 4 + 2 + bytes + 2;
	if (size > sizeof(made.row) || !b.fits(size))
		return false;
	uint8_t *to = made.row;
	auto add = [&to](const void *from, size_t n) {
		memcpy(to, from, n);
		to += n;
	};
	made.rec = rec;
	made.rec.type = KS_STACK;
	made.rec.flags = ROW_HIDDEN | ROW_STATE;
	made.rec.latency = ~0ull;
	made.rec.ret = 0;
	made.rec.absent = 0;
	add(&number, sizeof(number));
	add(&bytes, sizeof(bytes));
	add(&frames.of.users, 2);
	add(&frames.of.callers, 2);
	add(&frames.of.kernels, 2);
	add(frames.words, 8 * frames.count());
	add(&none, sizeof(none));
	append(b, made.rec, size, cpu);
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
	uint64_t added[1 + LOST_KINDS] = {};
	for (size_t kind = 0; kind < LOST_KINDS; kind++) {
		added[1 + kind] = sums[kind] - reported[kind];
		if (kind != LOST_STATE && kind != LOST_DATA)
			added[0] += added[1 + kind];
	}
	drop.rec.time = std::max(delivered, startBoot);
	drop.rec.latency = ~0ull;
	drop.rec.type = KS_DROP;
	drop.ratio = 1;
	memcpy(drop.lost, added, sizeof(added));
	if (put(b, drop.rec, DROP_BYTES, 0))
		reported = sums;
}
