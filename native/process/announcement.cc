#include "process/announcement.h"
#include <atomic>
#include <csignal>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace {

enum State { WAITING, WITHDRAWN, WRITTEN };

// Shared with the thread, which may outlive its creator. The descriptor wakes the thread; condition variables with a monotonic
// clock need a newer C library.
struct Announcement {
	const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	std::atomic<State> state{WAITING};
	~Announcement() { close(wake); }
};

std::shared_ptr<Announcement> current;

void speak(Announcement &a, int ms, const std::string &line)
{
	// signals are for the other threads
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, nullptr);
	pollfd woken = {.fd = a.wake, .events = POLLIN, .revents = 0};
	State waiting = WAITING;
	if (poll(&woken, 1, ms) || !a.state.compare_exchange_strong(waiting, WRITTEN))
		return;
	// a reader that closed the pipe misses nothing that it needs
	[[maybe_unused]] ssize_t n = write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

void announce(int ms, const std::string &line)
{
	withdraw();
	current = std::make_shared<Announcement>();
	if (current->wake < 0)
		return;
	try {
		std::thread([a = current, ms, line] { speak(*a, ms, line); }).detach();
	} catch (const std::system_error &) {
		// without a thread nothing is printed, and the capture continues
	}
}

bool withdraw()
{
	if (!current)
		return false;
	State before = WAITING;
	current->state.compare_exchange_strong(before, WITHDRAWN);
	eventfd_write(current->wake, 1);
	current.reset();
	return before == WRITTEN;
}
