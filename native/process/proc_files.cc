#include "process/proc_files.h"
#include "abi.h"
#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <set>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr size_t MOST_BYTES = KSYS_MAX_PROC_FILE, MOST_THREADS = 1024;
// Files for which another thread is started at once, and how many threads that are at most: each takes some ten us.
constexpr size_t FILES_PER_THREAD = 2000, MOST_AT_ONCE = 8;
// Times without progress: after the first more threads are started; after the second reading is given up.
constexpr auto STALL = 50ms, PATIENCE = 500ms;

// For all data here. Never destroyed, as threads may be here when the process ends.
std::mutex &mutex = *new std::mutex;
// Files that threads are still blocked in, of finished readings.
std::set<std::string> &awaited = *new std::set<std::string>;

struct Reading {
	std::vector<std::string> paths;
	ProcFiles contents;
	std::vector<bool> done;
	size_t next = 0, left = 0;
	bool over = false;
	const int finished = eventfd(0, EFD_CLOEXEC); // readable when nothing is left

	~Reading() { close(finished); }
};

// Reads a file to the start of `space`, of at least a page, which grows as needed; returns its size, or -1.
ssize_t contentOf(const std::string &path, std::string &space)
{
	const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	size_t used = 0;
	ssize_t n;
	while (used < MOST_BYTES && (n = read(fd, space.data() + used, std::min(space.size(), MOST_BYTES) - used)) > 0) {
		used += n;
		if (used == space.size())
			space.resize(std::min(2 * used, MOST_BYTES));
	}
	close(fd);
	return ssize_t(used);
}

void readFiles(std::shared_ptr<Reading> reading)
{
	prctl(PR_SET_NAME, PROC_READER, 0, 0, 0);
	std::string space(4096, 0);
	std::unique_lock hold(mutex);
	while (!reading->over && reading->next < reading->paths.size()) {
		const size_t i = reading->next++;
		const std::string &path = reading->paths[i];
		if (awaited.contains(path)) {
			reading->done[i] = true;
			reading->left--;
			continue;
		}
		hold.unlock();
		const ssize_t size = contentOf(path, space);
		hold.lock();
		if (reading->over) {
			awaited.erase(path);
			return;
		}
		if (size >= 0)
			reading->contents.add(i, space.data(), size_t(size));
		reading->done[i] = true;
		reading->left--;
	}
	if (reading->left == 0)
		eventfd_write(reading->finished, 1);
}

// Starts threads, as many as possible; returns their number.
size_t start(const std::shared_ptr<Reading> &reading, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		try {
			std::thread(readFiles, reading).detach();
		} catch (const std::system_error &) {
			return i;
		}
	}
	return count;
}

} // namespace

ProcFiles readProcFiles(std::vector<std::string> paths)
{
	auto reading = std::make_shared<Reading>();
	const size_t count = paths.size();
	reading->paths = std::move(paths);
	reading->contents.places.resize(count);
	reading->done.resize(count);
	reading->left = count;
	std::unique_lock hold(mutex);
	const size_t processors = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, MOST_AT_ONCE);
	size_t threads = start(reading, std::clamp<size_t>(count / FILES_PER_THREAD, 1, processors));
	for (auto latest = Clock::now(); reading->left > 0 && Clock::now() - latest < PATIENCE;) {
		const size_t left = reading->left;
		hold.unlock();
		pollfd end{reading->finished, POLLIN, 0};
		poll(&end, 1, STALL.count());
		hold.lock();
		if (reading->left < left)
			latest = Clock::now();
		else if (reading->next < count)
			threads += start(reading, std::min(threads + 1, MOST_THREADS - threads));
	}
	reading->over = true;
	for (size_t i = 0; i < reading->next; i++)
		if (!reading->done[i])
			awaited.insert(reading->paths[i]);
	return std::move(reading->contents);
}
