/* The order of events: a call is one row, emitted when it ends, and two events. Events wait until no earlier ones can follow. */
#include "scap/write.h"

#include "abi.h"

#include <algorithm>
#include <cstring>

namespace ksys::scap {

namespace {

constexpr uint8_t kKeepHidden = 2;
/* ns for which events wait for calls that started before them */
constexpr double kWait = 250e6;
/* bytes of stored enter events of long calls: those beyond are written later than their time */
constexpr size_t kMostScouted = 256 << 20;
/* a double holds all integers up to this; beyond, until the next century, errors are smaller than that */
constexpr double kExact = 9e15;
constexpr int64_t kUnknown = 4096;
constexpr size_t kChunk = 1 << 20;

bool isHidden(const BatchView &batch, size_t i, const uint8_t *keep) {
	return keep == nullptr ? (batch.flags[i] & ROW_HIDDEN) != 0 : keep[i] == kKeepHidden;
}

/* A time shifted by ns, not before the epoch: a hostile file may contain any numbers. */
int64_t later(int64_t time, int64_t ns) {
	int64_t made = 0;
	if (__builtin_add_overflow(time, ns, &made)) return ns < 0 ? 0 : INT64_MAX;
	return std::max<int64_t>(made, 0);
}

/* for std heaps, which have the largest on top */
constexpr auto behind = [](const auto &a, const auto &b) { return b < a; };

} // namespace

void EventWriter::give(uint32_t id, WriteRow row) {
	if (id >= kCodeLimit + forms_.size() || row.vars > 32) throw std::invalid_argument("there is no such code");
	auto fits = [&](const WriteProgram &p) {
		/* build() reserves space for each variable parameter once */
		uint64_t copied = 0;
		for (const WriteStep &s : p.steps) {
			bool number = s.op == WriteOp::Number, variable = s.op >= WriteOp::Bytes && s.op <= WriteOp::Polled;
			auto inside = [&](int32_t place, int32_t wire) {
				return place >= 0 && wire >= kI8 && wire <= kU64 && uint32_t(place) + (1u << ((wire - kI8) / 2)) <= row.fixed;
			};
			bool ok = s.op >= WriteOp::Nothing && s.op <= WriteOp::Polled && s.param >= 0 && s.param < 32 && s.size >= 0 &&
				s.size <= 8 && (!number || inside(s.place, s.wire)) && (s.ifWire == 0 || inside(s.ifPlace, s.ifWire)) &&
				(!variable || (s.place >= 0 && uint32_t(s.place) < row.vars)) && s.table < 4096;
			if (!ok) throw std::invalid_argument("a program leads out of its row");
			if (!variable) continue;
			if ((copied >> s.place & 1) != 0) throw std::invalid_argument("a program copies a parameter twice");
			copied |= uint64_t(1) << s.place;
		}
	};
	fits(row.own);
	fits(row.enter);
	if (id >= rows_.size()) rows_.resize(id + 1);
	rows_[id] = std::move(row);
}

void EventWriter::giveForm(uint32_t form, uint32_t params, bool own) {
	if (form > 0xffff) throw std::invalid_argument("there are not so many forms");
	if (form >= forms_.size()) forms_.resize(form + 1);
	forms_[form] = {params, own};
	/* the stored conversion belongs to the previous form of that number */
	if (kCodeLimit + form < rows_.size()) rows_[kCodeLimit + form] = {};
}

int64_t EventWriter::edge() const { return absolute(latest_ - kWait); }

/* Events without a time are as far before the start as the epoch, and have none again: a double cannot represent that exactly. */
int64_t EventWriter::absolute(double time) const {
	int64_t made = later(int64_t(start_), whole<int64_t>(time));
	return time < -kExact && made < kUnknown ? 0 : made;
}

uint8_t *EventWriter::reserve(size_t bytes) {
	if (current_ == UINT32_MAX || bytes > chunks_[current_].room - chunks_[current_].used) {
		if (free_.empty()) {
			free_.push_back(uint32_t(chunks_.size()));
			chunks_.emplace_back();
		}
		current_ = free_.back();
		free_.pop_back();
		Chunk &c = chunks_[current_];
		if (c.room < bytes) {
			c.room = std::max(bytes, kChunk);
			c.bytes.reset(new uint8_t[c.room]);
		}
	}
	return chunks_[current_].bytes.get() + chunks_[current_].used;
}

template <typename F>
size_t EventWriter::rows(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms, Request &request,
	F each) {
	if (to > batch.capacity) throw std::invalid_argument("the batch has fewer rows");
	for (size_t i = from; i < to; i++) {
		latest_ = std::max(latest_, batch.time[i]);
		if (keep != nullptr && keep[i] == 0) {
			forget(batch, i);
			continue;
		}
		uint16_t code = batch.type[i];
		if (code >= kCodeLimit) continue;
		size_t form = forms == nullptr || forms[i] >= forms_.size() ? 0 : forms[i];
		size_t id = forms_[form].own ? kCodeLimit + form : code;
		if (id >= rows_.size() || rows_[id].fate == WriteRow::Unknown) {
			request = {Request::Row, uint32_t(id), 0};
			return i;
		}
		if (!each(i, rows_[id], forms_[form].params)) return i;
		note(batch, i, rows_[id]);
	}
	return to;
}

/* Whether the row is a call whose enter event, an event of its own, was no row. */
bool EventWriter::beganUnseen(const BatchView &batch, size_t i, const WriteRow &row) const {
	if (row.fate != WriteRow::Written || !row.hasEnter || !(batch.latency[i] >= 0) || (batch.flags[i] & ROW_ENTER) != 0) return false;
	auto found = begun_.find(batch.tid[i]);
	return found == begun_.end() || found->second + 1 != batch.type[i];
}

/* Whether events of that time were written already, or may have been. */
bool EventWriter::isLong(const BatchView &batch, size_t i) const {
	return batch.time[i] - batch.latency[i] < latest_ - kWait;
}

bool EventWriter::buildEnter(const BatchView &batch, size_t i, const WriteRow &row, bool hidden, Request &request, Entry &made) {
	int64_t time = later(absolute(batch.time[i]), -whole<int64_t>(batch.latency[i]));
	return build({row, row.enter, time, hidden, ~0u}, batch, i, request, made);
}

size_t EventWriter::scout(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms,
	Request &request) {
	return rows(batch, from, to, keep, forms, request, [&](size_t i, const WriteRow &row, uint32_t) {
		if (scoutedBytes_ > kMostScouted || !beganUnseen(batch, i, row) || !isLong(batch, i)) return true;
		Entry e;
		if (!buildEnter(batch, i, row, isHidden(batch, i, keep) && !row.internal, request, e)) return false;
		chunks_[e.chunk].left++;
		if (long_.size() <= section_) long_.resize(section_ + 1);
		long_[section_].push_back(e);
		scouted_++;
		scoutedBytes_ += sizeof e + e.length;
		return true;
	});
}

/* Stores which calls started with a row of their own. */
void EventWriter::note(const BatchView &batch, size_t i, const WriteRow &row) {
	if ((batch.flags[i] & ROW_ENTER) != 0) begun_[batch.tid[i]] = batch.type[i];
	else if ((row.hasEnter || row.ends) && !begun_.empty()) begun_.erase(batch.tid[i]);
}

/* A row that is not written may be the end of a call whose enter event was written. */
void EventWriter::forget(const BatchView &batch, size_t i) {
	if (begun_.empty()) return;
	auto found = begun_.find(batch.tid[i]);
	if (found != begun_.end() && found->second + 1 == batch.type[i]) begun_.erase(found);
}

void EventWriter::begin() {
	for (auto &section : long_) std::sort(section.begin(), section.end());
	begun_.clear();
	latest_ = -std::numeric_limits<double>::infinity();
	section_ = longAt_ = 0;
	/* chunks of scouted blocks remain unchanged */
	current_ = UINT32_MAX;
}

size_t EventWriter::add(const BatchView &batch, size_t from, size_t to, const uint8_t *keep, const uint16_t *forms,
	Request &request) {
	return rows(batch, from, to, keep, forms, request, [&](size_t i, const WriteRow &row, uint32_t params) {
		if (row.fate != WriteRow::Written) {
			if (row.fate == WriteRow::LeftOut) leftOut++;
			return true;
		}
		bool hidden = isHidden(batch, i, keep) && !row.internal;
		bool both = order_ == Order::ByTime && beganUnseen(batch, i, row);
		/* the first ones were scouted: a file may have grown since */
		bool wasScouted = both && scouted_ > 0 && isLong(batch, i);
		if (wasScouted) both = false;
		double before = cut;
		Entry enter, own;
		if (both && !buildEnter(batch, i, row, hidden, request, enter)) return false;
		if (!build({row, row.own, absolute(batch.time[i]), hidden, params}, batch, i, request, own)) {
			/* the enter event is built again, with the rest */
			if (both) undo(enter);
			cut = before;
			return false;
		}
		if (wasScouted) scouted_--;
		if (both) push(enter);
		push(own);
		return true;
	});
}

void EventWriter::push(const Entry &e) {
	chunks_[e.chunk].left++;
	if (order_ == Order::OfRows || queue_.empty() || queue_.back().time <= e.time) {
		queue_.push_back(e);
		return;
	}
	heap_.push_back(e);
	std::push_heap(heap_.begin(), heap_.end(), behind);
}

void EventWriter::insert(double time, const uint8_t *block, size_t bytes) {
	memcpy(reserve(bytes), block, bytes);
	Chunk &c = chunks_[current_];
	Entry e{absolute(time), seq_++, current_, uint32_t(c.used), uint32_t(bytes)};
	c.used += bytes;
	c.left++;
	/* rows with earlier times are still to come */
	heap_.push_back(e);
	std::push_heap(heap_.begin(), heap_.end(), behind);
}

/* The next event in the order; null if there is none. */
const EventWriter::Entry *EventWriter::first() const {
	const Entry *e = queue_.empty() ? nullptr : &queue_.front();
	if (!heap_.empty() && (e == nullptr || heap_.front() < *e)) e = &heap_.front();
	if (section_ >= long_.size() || longAt_ == long_[section_].size()) return e;
	const Entry &next = long_[section_][longAt_];
	/* if the capture ends early, calls that started after its end are not included */
	return next.time <= absolute(latest_) && (e == nullptr || next.time <= e->time) ? &next : e;
}

size_t EventWriter::take(uint8_t *to, size_t room, bool all) {
	int64_t before = edge();
	all = all || order_ == Order::OfRows;
	size_t at = 0;
	more = false;
	for (const Entry *e = first(); e != nullptr && (all || e->time < before); e = first()) {
		Entry taken = *e;
		if (taken.length > room - at) {
			more = true;
			break;
		}
		if (!queue_.empty() && e == &queue_.front()) queue_.pop_front();
		else if (!heap_.empty() && e == &heap_.front()) {
			std::pop_heap(heap_.begin(), heap_.end(), behind);
			heap_.pop_back();
		} else longAt_++;
		memcpy(to + at, chunks_[taken.chunk].bytes.get() + taken.at, taken.length);
		at += taken.length;
		release(taken);
	}
	return at;
}

/* A block was taken from its chunk. */
void EventWriter::release(const Entry &e) {
	Chunk &c = chunks_[e.chunk];
	if (--c.left > 0) return;
	c.used = 0;
	if (e.chunk != current_) free_.push_back(e.chunk);
}

/* Removes a block that is not in any list yet. */
void EventWriter::undo(const Entry &e) {
	Chunk &c = chunks_[e.chunk];
	if (e.chunk == current_) c.used = e.at;
	else if (c.left == 0) {
		c.used = 0;
		free_.push_back(e.chunk);
	}
}

void EventWriter::passed(double now) { latest_ = std::max(latest_, now); }

void EventWriter::renew() {
	begun_.clear();
	latest_ = -std::numeric_limits<double>::infinity();
	section_++;
	longAt_ = 0;
}

} // namespace ksys::scap
