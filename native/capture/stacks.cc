#include "capture/stacks.h"
#include <cstring>
#include <sys/random.h>

namespace {

constexpr size_t MOST_PROCESSES = 1 << 16;

// Must be unpredictable for the traced processes: different stacks with one number would be reported as one.
uint64_t seed()
{
	uint64_t random = 0;
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = reinterpret_cast<uintptr_t>(&random);
	return random;
}

uint64_t mix(uint64_t h, uint64_t v)
{
	unsigned __int128 product = static_cast<unsigned __int128>(h ^ v) * 0x9e3779b97f4a7c15ull;
	return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t word(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

} // namespace

Frames Frames::behind(const uint8_t *row, uint32_t size)
{
	Frames f;
	memcpy(&f.of, row + size - sizeof(f.of), sizeof(f.of));
	f.words = row + f.of.row;
	return f;
}

void Stacks::note(const ksys_rec &rec)
{
	uint32_t pid = rec.pid;
	if (known.empty())
		return; // stacks are not recorded, or none was yet
	if (rec.type == KS_FORK)
		memcpy(&pid, reinterpret_cast<const uint8_t *>(&rec + 1) + 4, sizeof(pid)); // of the new thread
	else if (rec.type != KS_EXEC && rec.type != KS_MMAP)
		return;
	if (rec.type == KS_FORK && pid == rec.pid)
		return; // a thread has its process's code
	if (changes.size() >= MOST_PROCESSES) {
		changes.clear();
		known.clear();
	}
	changes[pid] = ++change;
}

Stacks::Known &Stacks::of(uint32_t pid, const Frames &f)
{
	static const uint64_t seeds[] = {seed(), seed()};
	const auto it = changes.find(pid);
	const uint64_t who = f.of.users ? uint64_t{it == changes.end() ? 0 : it->second} << 32 | pid : 0;
	Key key = {mix(seeds[0], who), mix(seeds[1], who)};
	auto add = [&key](uint64_t v) {
		key.a = mix(key.a, v);
		key.b = mix(key.b + 1, v);
	};
	for (uint32_t i = 0; i < f.count(); i++)
		add(word(f.words + 8 * i));
	add(uint64_t{f.of.users} << 16 | f.of.callers);
	if (known.size() >= MOST && !known.contains(key))
		known.clear();
	auto [at, added] = known.try_emplace(key, Known{last + 1, false});
	if (added)
		last++;
	return at->second;
}
