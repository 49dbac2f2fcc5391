/* The threads that write a trace. */
#include "trace/writer_threads.h"
#include "trace/block_codec.h"
#include "process/heap.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace ksys {

namespace {

using Clock = std::chrono::steady_clock;
/* memory that malloc retains of unusually large blocks would otherwise stay for as long as the capture runs */
constexpr auto kTrim = std::chrono::seconds(20);
/* bytes per write to a pipe or socket: the call returns when its reader has taken them, which shows progress */
constexpr size_t kPiece = 64 << 10;

struct Job {
	TraceOut::Make make;
	TraceOut::Done done;
};

/* Writes all of it, and counts the written bytes; an errno if that fails. `at`: the offset in a file, -1 if it cannot be positioned. */
int writeAll(int fd, const std::vector<uint8_t> &bytes, int64_t at, std::atomic<uint64_t> &written) {
	for (size_t done = 0; done < bytes.size();) {
		const uint8_t *from = bytes.data() + done;
		size_t left = bytes.size() - done;
		ssize_t n = at < 0 ? write(fd, from, std::min(left, kPiece)) : pwrite(fd, from, left, at + int64_t(done));
		if (n >= 0) {
			done += size_t(n);
			written += uint64_t(n);
		} else if (errno == EAGAIN) {
			pollfd ready = {fd, POLLOUT, 0};
			poll(&ready, 1, -1);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

std::vector<uint8_t> headOf(const std::vector<uint8_t> &block) {
	try {
		BlockHeader h = BlockHeader::read(block.data(), block.size());
		return std::vector<uint8_t>(block.begin(), block.begin() + long(kHeaderBytes + h.summaryBytes));
	} catch (const BlockError &) {
		return {};
	}
}

} // namespace

struct TraceOut::Shared {
	int fd;
	bool regular;
	/* owned by the job whose turn it is: the file's size, and why it cannot be written any more */
	uint64_t size = 0;
	int failure = 0;
	std::string what;
	std::atomic<uint64_t> written{0};
	std::mutex lock;
	std::condition_variable wake, next;
	std::deque<Job> jobs;
	bool closing = false;
	/* jobs that threads have taken, and the number of the one whose turn it is */
	uint64_t taken = 0, turn = 0;
	Clock::time_point trimmed = Clock::now();

	bool failed() const { return failure != 0 || !what.empty(); }

	/* The block's bytes; none if it cannot be built, which fails in its turn. */
	static std::vector<uint8_t> made(const Make &make, Appended &a) {
		try {
			return make();
		} catch (const std::bad_alloc &) {
			a.error = ENOMEM;
		} catch (const std::exception &e) {
			a.what = e.what();
		}
		return {};
	}
	/* Writes a block whose turn it is. */
	void append(const std::vector<uint8_t> &bytes, Appended &a) {
		a.offset = size;
		if (!failed()) {
			failure = a.error;
			what = a.what;
		}
		if (!failed()) {
			failure = writeAll(fd, bytes, regular ? int64_t(size) : -1, written);
			if (failure != 0 && regular) (void)!ftruncate(fd, int64_t(size));
		}
		a.error = failure;
		a.what = what;
		if (failed()) return;
		size += bytes.size();
		a.bytes = bytes.size();
		a.head = headOf(bytes);
	}
	void run() {
		std::unique_lock<std::mutex> hold(lock);
		for (;;) {
			wake.wait(hold, [this] { return closing || !jobs.empty(); });
			if (jobs.empty()) return;
			Job job = std::move(jobs.front());
			jobs.pop_front();
			const uint64_t mine = taken++;
			hold.unlock();
			Appended a;
			std::vector<uint8_t> bytes = made(job.make, a);
			job.make = nullptr;
			hold.lock();
			next.wait(hold, [&] { return turn == mine; });
			hold.unlock();
			append(bytes, a);
			job.done(a);
			hold.lock();
			turn++;
			next.notify_all();
			if (const auto now = Clock::now(); now - trimmed > kTrim) {
				trimmed = now;
				hold.unlock();
				trimHeaps();
				hold.lock();
			}
		}
	}
};

TraceOut::TraceOut(int fd, bool regular, int threads) : shared_(std::make_shared<Shared>()) {
	shared_->fd = fd;
	shared_->regular = regular;
	mapLargeBlocks();
	/* detached: a pipe without a reader must not delay the end of the process */
	for (int i = 0; i < threads; i++) std::thread([shared = shared_] { shared->run(); }).detach();
}

TraceOut::~TraceOut() {
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->closing = true;
	shared_->wake.notify_all();
}

void TraceOut::add(Make make, Done done) {
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->jobs.push_back({std::move(make), std::move(done)});
	shared_->wake.notify_one();
}

uint64_t TraceOut::written() const { return shared_->written; }

} // namespace ksys
