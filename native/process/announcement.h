// A line on standard error when something takes long: from a thread of its own, since the one that would say it waits in the kernel.
#pragma once
#include <string>

/// Has the line written after so many milliseconds, unless `withdraw` is called before. One announcement at a time.
void announce(int ms, const std::string &line);

/// Ends the announcement; whether the line has been written.
bool withdraw();
