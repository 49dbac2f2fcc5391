#include "capture/merge.h"
#include <algorithm>
#include <cstdio>
#include <ctime>

namespace {

// A record of an idle CPU's buffer can be this old before the others stop waiting for it.
constexpr uint64_t HOLD = 5'000'000;
constexpr uint64_t FOREVER = UINT64_MAX;
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

double Merge::completeUntil(uint64_t looked) const
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
	uint64_t limit = until; // at most; for streams without a record: a new one may have this time
	turns.clear();
	for (size_t i = 0; i < rings.size() + lanes.size(); i++)
		if (stream(i).front)
			turns.add(stream(i).front->time, i);
		else
			limit = std::min(limit, std::max(stream(i).passed, old));
	turns.order();
	while (!turns.empty() && turns.time() <= limit) {
		const size_t i = turns.first(), cpu = i % rings.size();
		const uint64_t next = std::min(turns.nextTime(), limit);
		const bool fits = i < rings.size() ? drain(batch, rings[i], next, cpu) : drain(batch, lanes[cpu], next, cpu);
		if (!fits)
			break;
		if (const ksys_rec *front = stream(i).front)
			turns.advance(front->time);
		else {
			limit = std::min(limit, std::max(stream(i).passed, old));
			turns.drop();
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
