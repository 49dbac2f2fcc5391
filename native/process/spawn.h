// A command that is started but waits until it is resumed: the capture is attached in between.
#pragma once
#include <string>
#include <vector>

struct Stopped {
	int pid = -1;
	int gate = -1;   // closing or writing resumes it
	int report = -1; // errno of a failed exec, nothing if it succeeded
};

// Forks a child that waits, then runs the file (found in PATH) with these arguments and the present environment. Throws
// std::system_error.
Stopped spawnStopped(const std::vector<std::string> &argv, const std::vector<std::string> &env);
// Resumes it; returns 0 or the errno of its exec.
int resumeStopped(Stopped &child);
// Waits for its exit: the status of waitpid.
int waitStopped(int pid);
