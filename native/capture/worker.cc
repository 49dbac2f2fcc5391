#include "capture/worker.h"
#include <algorithm>
#include <chrono>

namespace {

constexpr uint64_t MS = 1'000'000;
constexpr uint64_t SECOND = 1000 * MS;
constexpr uint64_t GATHER = 20 * MS;  // a batch with many rows is delivered after this
constexpr uint64_t GATHER_FEW = 60 * MS; // one with few after this: each costs a wake-up of JavaScript
constexpr uint32_t MANY = 256;
constexpr uint64_t IDLE = 200 * MS;   // an empty one after this
constexpr uint64_t REST = MS;          // between polls, if something arrived within the last SOON
constexpr uint64_t REST_QUIET = 10 * MS; // if nothing did; less if a buffer could fill up in the meantime
constexpr uint64_t REST_SMALL = 2 * MS;
constexpr uint64_t REST_LONG = 25 * MS; // if nothing did for LONG and the buffers are large
constexpr uint64_t SOON = 4 * MS;
constexpr uint64_t LONG = 500 * MS;
constexpr size_t SMALL_RING = 4 << 20;
constexpr size_t LARGE_RING = 32 << 20;
constexpr uint32_t TRICKLE = 128;     // fewer rows per poll are no reason to poll more often
constexpr uint32_t BUSY = 256;        // rows per poll after which the next follows at once

} // namespace

void Worker::start(size_t bytesOfRing, std::function<void()> eachSecond)
{
	ringSize = bytesOfRing;
	look = std::move(eachSecond);
	thread = std::thread([this] { run(); });
}

void Worker::ask(Request request)
{
	{
		std::lock_guard<std::mutex> hold(lock);
		if (!closing) {
			requests.push_back(std::move(request));
			wake.notify_one();
			return;
		}
	}
	request.done(-1);
}

void Worker::close()
{
	{
		std::lock_guard<std::mutex> hold(lock);
		closing = true;
		wake.notify_one();
	}
	if (thread.joinable())
		thread.join();
}

void Worker::run()
{
	for (;;) {
		Request request;
		{
			std::unique_lock<std::mutex> hold(lock);
			wake.wait(hold, [this] { return closing || !requests.empty(); });
			if (closing)
				break;
			request = std::move(requests.front());
			requests.pop_front();
		}
		Batch batch(request.memory, request.rows, request.arena);
		request.done(fill(batch));
	}
	std::lock_guard<std::mutex> hold(lock);
	for (Request &r : requests)
		r.done(-1);
	requests.clear();
}

void Worker::lookAgain()
{
	uint64_t now = bootNow();
	if (!look || ending || now < nextLook)
		return;
	// in step; after a pause (a stopped process) the next second starts now
	nextLook = nextLook + SECOND > now ? nextLook + SECOND : now + SECOND;
	look();
}

// Until the batch is full, or has rows and is GATHER (GATHER_FEW) old, or is empty and IDLE old. The first rows are delivered
// at once: users wait for a first output.
int Worker::fill(Batch &batch)
{
	uint64_t begin = bootNow();
	for (;;) {
		bool last = ending;
		lookAgain();
		if (!turned)
			turned = merge.turn(last) && last;
		uint32_t before = batch.count;
		const uint64_t looked = bootNow();
		merge.step(batch, last);
		uint32_t moved = batch.count - before;
		if (!batch.fits(merge.longestRow))
			break;
		if (!batch.count)
			batch.time[0] = merge.completeUntil(looked);
		uint64_t age = bootNow() - begin;
		uint64_t enough = !begun ? 0 : batch.count < MANY ? GATHER_FEW : GATHER;
		if (closing || age >= IDLE || (batch.count && age >= enough))
			break;
		if (turned && !moved) {
			merge.noteLoss(batch);
			return batch.count ? static_cast<int>(batch.count) : -1;
		}
		if (moved >= BUSY)
			continue;
		if (moved >= TRICKLE)
			quiet = 0;
		uint64_t rest = quiet < SOON                                   ? REST
				: ringSize < SMALL_RING                        ? REST_SMALL
				: quiet < LONG || ringSize < LARGE_RING        ? REST_QUIET
									       : REST_LONG;
		std::this_thread::sleep_for(std::chrono::nanoseconds(rest));
		quiet += rest;
	}
	begun = begun || batch.count;
	merge.noteLoss(batch);
	return batch.count;
}
