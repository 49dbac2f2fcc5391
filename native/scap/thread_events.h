/* What the walk over a .scap file stores of threads: their processes, and their enter events that wait for the exit. */
#ifndef KSYS_SCAP_THREAD_EVENTS_H
#define KSYS_SCAP_THREAD_EVENTS_H

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace ksys::scap {

using std::size_t;

/* Values by thread id, 0 if there is none. Ids that a kernel can have are in a vector that grows; ids that only a damaged
 * file can contain go into a map of limited size. */
class IdTable {
public:
	int32_t get(int32_t id) const {
		if (id >= 0 && size_t(id) < values_.size()) return values_[size_t(id)];
		if (others_.empty()) return 0;
		auto found = others_.find(id);
		return found == others_.end() ? 0 : found->second;
	}
	void set(int32_t id, int32_t value);
	void clear();

private:
	std::vector<int32_t> values_;
	std::unordered_map<int32_t, int32_t> others_;
};

/* An enter event that waits for its exit. */
struct Waiting {
	double time = 0;
	uint32_t length = 0;
	uint16_t code = 0;
	uint8_t count = 0, wide = 2;
	/* lengths and values of its parameters: short ones here, long ones allocated separately */
	uint8_t here[48];
	std::vector<uint8_t> apart;

	const uint8_t *data() const { return length <= sizeof here ? here : apart.data(); }
};

/* At most one waiting enter event per thread. */
class Pending {
public:
	/* The thread's event, null if none waits. Valid until the next call of keep(). */
	Waiting *of(int32_t tid) {
		int32_t slot = slots_.get(tid);
		return slot == 0 ? nullptr : &all_[size_t(slot)];
	}
	/* Stores an event, whose parameters are copied; an older one of the thread is discarded. */
	void keep(int32_t tid, uint16_t code, int count, int wide, double time, const uint8_t *data, size_t length);
	/* The event has been joined with its exit, or never will be. */
	void release(int32_t tid);
	void clear();

private:
	IdTable slots_;
	std::vector<Waiting> all_{1};
	std::vector<int32_t> free_;
	/* bytes that are allocated separately */
	size_t apart_ = 0;
};

} // namespace ksys::scap

#endif
