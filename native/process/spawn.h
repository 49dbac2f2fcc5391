// A command that is started but does nothing until it is told to: capture is attached in between.
#pragma once
#include <string>
#include <vector>

struct Stopped {
	int pid = -1;
	int gate = -1;   // closing or writing lets it run
	int report = -1; // errno of a failed exec, nothing when it worked
};

/// Forks a child that waits, then runs the file (found in PATH) with these arguments and the environment of now. Throws
/// std::system_error.
Stopped spawnStopped(const std::vector<std::string> &argv, const std::vector<std::string> &env);
/// Lets it run; returns 0 or the errno of its exec.
int resumeStopped(Stopped &child);
/// Waits for its end: the status of waitpid.
int waitStopped(int pid);
