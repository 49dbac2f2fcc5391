/* Pending enter events of a .scap file's threads; a damaged file must not fill the memory. */
#include "scap/thread_events.h"

#include <algorithm>
#include <cstring>

namespace ksys::scap {

namespace {
constexpr int32_t kLargestId = 1 << 22;
constexpr size_t kMostOthers = 1 << 16;
constexpr size_t kMostWaiting = 1 << 20;
constexpr size_t kMostApart = 16 << 20;
} // namespace

void IdTable::set(int32_t id, int32_t value) {
	if (id >= 0 && id < kLargestId) {
		if (size_t(id) >= values_.size()) {
			if (value == 0) return;
			values_.resize(std::max<size_t>(size_t(id) + 1, std::max<size_t>(1 << 16, values_.size() * 2)));
		}
		values_[size_t(id)] = value;
	} else if (value == 0) {
		others_.erase(id);
	} else if (others_.size() < kMostOthers || others_.count(id) != 0) {
		others_[id] = value;
	}
}

void IdTable::clear() {
	std::fill(values_.begin(), values_.end(), 0);
	others_.clear();
}

void Pending::keep(int32_t tid, uint16_t code, int count, int wide, double time, const uint8_t *data, size_t length) {
	int32_t slot = slots_.get(tid);
	if (slot != 0) {
		apart_ -= all_[size_t(slot)].apart.size();
		all_[size_t(slot)].apart.clear();
	}
	bool fits = length <= sizeof(Waiting::here) || apart_ + length <= kMostApart;
	if (!fits) {
		if (slot != 0) release(tid);
		return;
	}
	if (slot == 0) {
		if (!free_.empty()) {
			slot = free_.back();
		} else {
			if (all_.size() > kMostWaiting) return;
			slot = int32_t(all_.size());
		}
		slots_.set(tid, slot);
		if (slots_.get(tid) != slot) return;
		if (!free_.empty()) free_.pop_back();
		else all_.emplace_back();
	}
	Waiting &w = all_[size_t(slot)];
	w.code = code;
	w.count = uint8_t(count);
	w.wide = uint8_t(wide);
	w.time = time;
	w.length = uint32_t(length);
	if (length == 0) return;
	if (length <= sizeof w.here) {
		memcpy(w.here, data, length);
	} else {
		w.apart.assign(data, data + length);
		apart_ += length;
	}
}

void Pending::release(int32_t tid) {
	int32_t slot = slots_.get(tid);
	if (slot == 0) return;
	Waiting &w = all_[size_t(slot)];
	apart_ -= w.apart.size();
	/* memory of large ones is freed: few threads have any */
	std::vector<uint8_t>().swap(w.apart);
	slots_.set(tid, 0);
	free_.push_back(slot);
}

void Pending::clear() {
	slots_.clear();
	all_.resize(1);
	free_.clear();
	apart_ = 0;
}

} // namespace ksys::scap
