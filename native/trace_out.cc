/* The thread that writes a trace. */
#include "trace_out.h"
#include "block_codec.h"

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace ksys {

namespace {

struct Job {
	TraceOut::Make make;
	TraceOut::Done done;
};

/* Writes all of it; an errno when that fails. `at`: where in a file, -1 for what has no places. */
int writeAll(int fd, const std::vector<uint8_t> &bytes, int64_t at) {
	for (size_t done = 0; done < bytes.size();) {
		const uint8_t *from = bytes.data() + done;
		size_t left = bytes.size() - done;
		ssize_t n = at < 0 ? write(fd, from, left) : pwrite(fd, from, left, at + int64_t(done));
		if (n >= 0) {
			done += size_t(n);
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
	uint64_t size = 0;
	int failure = 0;
	std::string what;
	std::mutex lock;
	std::condition_variable wake;
	std::deque<Job> jobs;
	bool closing = false;

	bool failed() const { return failure != 0 || !what.empty(); }

	/* Makes the block and writes it, unless one before failed. */
	void append(const Make &make, Appended &a) {
		std::vector<uint8_t> bytes;
		try {
			bytes = make();
		} catch (const std::bad_alloc &) {
			failure = ENOMEM;
		} catch (const std::exception &e) {
			what = e.what();
		}
		if (failed()) return;
		failure = writeAll(fd, bytes, regular ? int64_t(size) : -1);
		if (failure != 0) {
			if (regular) (void)!ftruncate(fd, int64_t(size));
			return;
		}
		size += bytes.size();
		a.bytes = bytes.size();
		a.head = headOf(bytes);
	}
	void run() {
		for (;;) {
			Job job;
			{
				std::unique_lock<std::mutex> hold(lock);
				wake.wait(hold, [this] { return closing || !jobs.empty(); });
				if (jobs.empty()) return;
				job = std::move(jobs.front());
				jobs.pop_front();
			}
			Appended a;
			a.offset = size;
			if (!failed()) append(job.make, a);
			a.error = failure;
			a.what = what;
			job.make = nullptr;
			job.done(a);
		}
	}
};

TraceOut::TraceOut(int fd, bool regular) : shared_(std::make_shared<Shared>()) {
	shared_->fd = fd;
	shared_->regular = regular;
	/* on its own: a pipe that nobody reads must not hold up the end of the process */
	std::thread([shared = shared_] { shared->run(); }).detach();
}

TraceOut::~TraceOut() {
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->closing = true;
	shared_->wake.notify_one();
}

void TraceOut::add(Make make, Done done) {
	std::lock_guard<std::mutex> hold(shared_->lock);
	shared_->jobs.push_back({std::move(make), std::move(done)});
	shared_->wake.notify_one();
}

} // namespace ksys
