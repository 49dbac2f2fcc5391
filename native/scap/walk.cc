/* The walk over event blocks. Every length and count of the file is checked before it is used. */
#include "scap/event.h"

#include <algorithm>

namespace ksys::scap {

namespace {

/* Frame of each block: type and total length, and the length again at its end. */
constexpr size_t kFrameHead = 8, kFrameTail = 4;
/* Event header: time, tid, length, code, and in newer versions the parameter count. */
constexpr size_t kHeaderOld = 22, kHeader = 26;
constexpr double kNoLatency = -1;

} // namespace

void Walk::start(uint32_t high, uint32_t low) {
	startHigh_ = high;
	startLow_ = low;
	started_ = true;
}

void Walk::clear() {
	pending_.clear();
	processes_.clear();
}

void Walk::give(const Key &key, const Program *program) {
	uint32_t place = 1;
	if (program != nullptr) {
		/* row() reserves space for every parameter once */
		uint64_t copied[2] = {0, 0};
		for (const Step &s : program->steps) {
			bool enter = s.op == Op::EnterNumber || s.op == Op::EnterBytes || s.op == Op::EnterText;
			bool reads = s.op != Op::NoResult && s.op != Op::NoNumber && s.op != Op::NoBytes;
			int have = key.kind == Key::Generic ? 0 : enter ? key.enterN : key.n;
			bool fits = s.op >= Op::Number && s.op <= Op::NoBytes && s.param >= 0 && s.param < kMaxParams &&
				(!reads || (s.source >= 0 && s.source < have)) && s.size >= 0 && s.size <= kSigned + 8;
			if (!fits) throw std::invalid_argument("a program leads out of its event's parameters");
			if (s.op != Op::Bytes && s.op != Op::Text && s.op != Op::EnterBytes && s.op != Op::EnterText) continue;
			uint64_t bit = uint64_t(1) << s.source;
			if ((copied[enter] & bit) != 0) throw std::invalid_argument("a program copies a parameter twice");
			copied[enter] |= bit;
		}
		if (program->steps.size() > kMaxParams) throw std::invalid_argument("a program is too long");
		place = uint32_t(programs_.size());
		programs_.push_back(*program);
	}
	if (key.kind == Key::Generic) {
		generics_[key.a * 2 + uint32_t(key.n)] = place;
		return;
	}
	if (key.a >= kCodes || key.n < 0 || key.n > kMaxParams || key.enterN < -1 || key.enterN > kMaxParams)
		throw std::invalid_argument("there is no such program");
	auto &list = (key.kind == Key::Exit ? exits_ : enters_)[key.a];
	list.resize((kMaxParams + 1) * (kMaxParams + 2));
	list[size_t(key.n * (kMaxParams + 2) + key.enterN + 1)] = place;
}

/* The program, null if there is none or if it must be supplied first (lacks_). */
const Program *Walk::lookUp(const Key &key) {
	uint32_t place = 0;
	if (key.kind == Key::Generic) {
		auto found = generics_.find(key.a * 2 + uint32_t(key.n));
		if (found != generics_.end()) place = found->second;
	} else {
		const auto &list = (key.kind == Key::Exit ? exits_ : enters_)[key.a];
		if (!list.empty()) place = list[size_t(key.n * (kMaxParams + 2) + key.enterN + 1)];
	}
	if (place > 1) return &programs_[place];
	if (place == 0) {
		lacks_ = true;
		needed_ = key;
	}
	return nullptr;
}

const Program *Walk::generic(int id, int native, int direction) {
	uint32_t call;
	if (id == 0 && native >= 0) call = kNative + std::min(uint32_t(native), tables_.natives);
	else if (id < 0 || uint32_t(id) >= tables_.generics) return nullptr;
	else call = uint32_t(id);
	return lookUp({Key::Generic, call, direction, -1});
}

const EventBlock *Walk::blockOf(uint32_t type) {
	if (lastBlock_ != nullptr && lastBlock_->type == type) return lastBlock_;
	for (const EventBlock &b : tables_.blocks)
		if (b.type == type) return lastBlock_ = &b;
	return nullptr;
}

WalkResult Walk::run(const uint8_t *bytes, size_t at, size_t end, BatchView &out, uint16_t *forms, size_t rows) {
	WalkResult made;
	out_ = &out;
	forms_ = forms;
	rows_ = rows;
	if (rows == 0) out.argOff[0] = 0;
	if (rows > out.capacity || out.argOff[rows] > out.arenaBytes) throw std::invalid_argument("the batch is overfull");
	auto note = [&](Wrong what) {
		if (made.wrong.size() < kMostWrong) made.wrong.emplace_back(at, what);
	};
	while (end - at >= kFrameHead) {
		const uint8_t *block = bytes + at;
		size_t length = load<uint32_t>(block + 4);
		if (length < kFrameHead + kFrameTail || length > end - at || (length & 3) != 0) break;
		const EventBlock *kind = blockOf(load<uint32_t>(block));
		if (kind == nullptr || load<uint32_t>(block + length - kFrameTail) != length) break;
		lacks_ = false;
		Done done = event(block, length, *kind);
		if (done == Done::Program) {
			made.outcome = Outcome::Program;
			made.needed = needed_;
			break;
		}
		if (done == Done::Full && rows_ > 0) {
			made.outcome = Outcome::Full;
			break;
		}
		if (done == Done::Full) note(Wrong::TooLarge);
		else if (done == Done::Wrong) note(what_);
		at += length;
	}
	made.at = at;
	made.rows = rows_;
	return made;
}

Walk::Done Walk::wrong(Wrong what) {
	what_ = what;
	return Done::Wrong;
}

Walk::Done Walk::event(const uint8_t *block, size_t length, const EventBlock &kind) {
	const uint8_t *end = block + length - kFrameTail;
	Event e;
	e.cpuAt = block + kFrameHead;
	size_t before = kFrameHead + 2 + (kind.flagged ? 4 : 0);
	if (before > length - kFrameTail) return wrong(Wrong::NoHead);
	const uint8_t *head = block + before;
	e.flags = kind.flagged ? load<uint32_t>(head - 4) : 0;
	size_t headSize = kind.counted ? kHeader : kHeaderOld;
	if (size_t(end - head) < headSize) return wrong(Wrong::ShortHeader);
	e.code = load<uint16_t>(head + 20);
	e.role = e.code < kCodes ? tables_.roles[e.code] : Role::Unknown;
	if (e.role == Role::Unknown) {
		unknown++;
		return Done::Ok;
	}
	uint8_t marks = tables_.marks[e.code];
	int64_t size = load<uint32_t>(head + 16);
	if (!kind.counted && (marks & kThreeTooLong) != 0) size -= 3;
	if (size < int64_t(headSize) || size > end - head) return wrong(Wrong::Length);
	e.wide = (marks & kWide) != 0 ? 4 : 2;
	e.stop = head + size;
	e.base = head + headSize;
	if (kind.counted) {
		uint32_t n = load<uint32_t>(head + 22);
		if (n > kMaxParams || !measure(exitAt_, e.base, int(n), e.wide, e.stop)) return wrong(Wrong::Parameters);
		e.n = int(n);
	} else {
		e.n = count(e.base, tables_.most[e.code], e.wide, e.stop);
		if (e.n < 0) return wrong(Wrong::Parameters);
	}
	uint32_t low = load<uint32_t>(head), high = load<uint32_t>(head + 4);
	if (!started_) start(high, low);
	e.time = (double(high) - double(startHigh_)) * kTwo32 + (double(low) - double(startLow_));
	e.tid = load<int32_t>(head + 8);
	switch (e.role) {
	case Role::Enter:
	case Role::GenericEnter:
		return enter(e);
	case Role::Single:
		return single(e);
	case Role::Exit:
	case Role::GenericExit:
		return exit(e);
	default:
		num_++;
		return Done::Ok;
	}
}

Walk::Done Walk::enter(const Event &e) {
	const Program *p = nullptr;
	if (e.role == Role::GenericEnter) {
		if (e.n >= 1) p = generic(id(0), e.n < 2 ? -1 : id(1), 0);
	} else if (tables_.both) {
		p = lookUp({Key::Enter, e.code, std::min<int>(e.n, tables_.most[e.code]), -1});
	}
	if (lacks_) return Done::Program;
	if (p != nullptr && (tables_.both || (p->bits & kNoReturn) != 0)) {
		if (!row(*p, e, kNoLatency, -1)) return Done::Full;
		if (tables_.both) out_->flags[rows_ - 1] |= ROW_ENTER;
	}
	num_++;
	pending_.keep(e.tid, e.code, e.n, e.wide, e.time, e.base, e.n == 0 ? 0 : size_t(e.stop - e.base));
	return Done::Ok;
}

Walk::Done Walk::single(const Event &e) {
	const Program *p = lookUp({Key::Exit, e.code, std::min<int>(e.n, tables_.most[e.code]), -1});
	if (lacks_) return Done::Program;
	if (p != nullptr) {
		if (!row(*p, e, kNoLatency, -1)) return Done::Full;
		uint8_t marks = tables_.marks[e.code];
		if ((marks & kHidden) != 0) out_->flags[rows_ - 1] |= ROW_HIDDEN;
		if ((marks & kEndsThread) != 0) {
			pending_.release(e.tid);
			processes_.set(e.tid, 0);
		}
	}
	num_++;
	return Done::Ok;
}

Walk::Done Walk::exit(const Event &e) {
	int enterN = -1;
	double latency = kNoLatency;
	const Waiting *w = pending_.of(e.tid);
	if (w != nullptr && w->code == e.code - 1) {
		enterN = w->count;
		latency = e.time - w->time;
		if (latency < 0) latency = kNoLatency;
		if (enterN > 0) measure(enterAt_, w->data(), enterN, w->wide, w->data() + w->length);
	} else {
		w = nullptr;
	}
	const Program *p = nullptr;
	if (e.role == Role::Exit) {
		int most = e.code > 0 ? tables_.most[e.code - 1] : 0;
		p = lookUp({Key::Exit, e.code, std::min<int>(e.n, tables_.most[e.code]), std::min(enterN, most)});
	} else if (e.n >= 1) {
		/* joined with its enter event, a generic exit event also contains the kernel's number of the call */
		int native = e.n > 1 ? id(1) : -1;
		if (native < 0 && enterN > 1 && !tables_.both && enterAt_[2] - enterAt_[1] == 2)
			native = load<uint16_t>(enterAt_[1]);
		p = generic(id(0), native, 1);
	}
	if (lacks_) return Done::Program;
	if (p != nullptr && !row(*p, e, latency, enterN)) return Done::Full;
	num_++;
	if (w != nullptr) pending_.release(e.tid);
	/* a fork or exec contains the process of a thread */
	if (p != nullptr && (p->bits & kAnnounces) != 0 && e.n >= 5 && exitAt_[4] - exitAt_[3] == 8 &&
		exitAt_[5] - exitAt_[4] == 8 && load<int32_t>(exitAt_[3]) == e.tid)
		processes_.set(e.tid, load<int32_t>(exitAt_[4]));
	return Done::Ok;
}

/* Finds the n parameters after their lengths; false if they do not end within `stop`. */
bool Walk::measure(const uint8_t **into, const uint8_t *at, int n, int wide, const uint8_t *stop) const {
	if (stop - at < n * wide) return false;
	const uint8_t *end = at + n * wide;
	into[0] = end;
	for (int i = 0; i < n; i++) {
		size_t length = wide == 2 ? load<uint16_t>(at) : load<uint32_t>(at);
		at += wide;
		if (length > size_t(stop - end)) return false;
		end += length;
		into[i + 1] = end;
	}
	return true;
}

/* Old headers have no count: returns the largest one whose lengths and values end where the event does. -1 if none fits. */
int Walk::count(const uint8_t *at, int most, int wide, const uint8_t *stop) {
	for (int n = std::min(most, kMaxParams); n >= 0; n--)
		if (measure(exitAt_, at, n, wide, stop) && exitAt_[n] == stop) return n;
	return -1;
}

/* libs' or the kernel's number of a generic event's call, -1 if it is absent. */
int Walk::id(int param) const {
	return exitAt_[param + 1] - exitAt_[param] == 2 ? load<uint16_t>(exitAt_[param]) : -1;
}

} // namespace ksys::scap
