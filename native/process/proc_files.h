// Reads files of /proc that may block their reader.
#pragma once
#include "growing_bytes.h"
#include <algorithm>
#include <string>
#include <vector>

/// Name of the threads that read them.
constexpr char PROC_READER[] = "ksys proc";

// The content of files, one after the other, and where the content of each is: `from` is negative if it could not be read.
struct ProcFiles {
	struct Place {
		double from = -1, size = 0;
	};
	GrowingBytes bytes;
	std::vector<Place> places;

	// Appends the content of the file with that index.
	void add(size_t index, const char *content, size_t size)
	{
		places[index] = {double(bytes.size()), double(size)};
		std::copy_n(content, size, bytes.room(size));
		bytes.grow(size);
	}
};

// The content of each of these files, 256 KB at most. /proc/PID/cmdline and environ are read from the process's memory. A process can lock that for any time, and the reader is then blocked, unaffected by all signals
// but SIGKILL. So threads read them. Files that block for half a second count as unreadable, and are not read again before
// their thread returns.
ProcFiles readProcFiles(std::vector<std::string> paths);
