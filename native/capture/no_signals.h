// Keeps signals from interrupting what the kernel would not resume.
#pragma once
#include <csignal>
#include <pthread.h>

// While it exists, its thread, and threads created in the meantime, are not interrupted: the kernel aborts checking a program
// when a signal is pending, and a periodic signal (a profiler's, an interval timer's) would prevent loading forever.
class NoSignals {
public:
	NoSignals()
	{
		sigset_t all;
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
	}
	~NoSignals() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }

private:
	sigset_t before;
};
