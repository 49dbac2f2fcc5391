// Prints a line on standard error if something takes long: from a separate thread, since the caller is blocked in the kernel.
#pragma once
#include <string>

// Prints the line after that many milliseconds, unless `withdraw` is called before. One announcement at a time.
void announce(int ms, const std::string &line);

// Cancels the announcement; returns whether the line has been printed.
bool withdraw();
