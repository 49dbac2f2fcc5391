// The kernel's functions at which a program runs for single calls, in the form that the kernel attaches them in.
#pragma once
#include "abi.h"
#include <cstdint>
#include <string>
#include <vector>

class HookList {
public:
	// calls: the functions of calls, which must outlive the list. It also has those that decide that a call is not performed.
	explicit HookList(const std::vector<std::string> &calls);

	const char **names() const { return const_cast<const char **>(symbols.data()); }
	const unsigned long long *cookies() const { return kinds.data(); }
	size_t count() const { return symbols.size(); }

private:
	void add(const char *symbol, uint64_t kind);

	std::vector<const char *> symbols;
	std::vector<unsigned long long> kinds; // HOOK_*
};

// How many calls the kernel did not report to the program of a link, because too many were in progress.
uint64_t callsMissed(int link);
