// Signals a process that is identified by pid and start time: a pid alone may have been reused.
#pragma once
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

// The start of a process in ticks since boot, as in /proc/PID/stat; -1 if there is none.
inline long long startOfProcess(int pid)
{
	char path[32], text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return -1;
	const size_t length = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[length] = '\0';
	// the name before it may contain any character
	const char *at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? atoll(at + 1) : -1;
}

// 0, or an errno: ESRCH if the process that started at `start` has ended. The pidfd is opened first: it refers to the process
// whose start is then compared.
inline int signalProcess(int pid, long long start, int signal)
{
	const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
	if (fd < 0)
		return errno;
	int error = startOfProcess(pid) == start ? 0 : ESRCH;
	if (!error && syscall(SYS_pidfd_send_signal, fd, signal, nullptr, 0))
		error = errno;
	close(fd);
	return error;
}
