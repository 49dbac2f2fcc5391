// Reads files of /proc that may block their reader.
#pragma once
#include <optional>
#include <string>
#include <vector>

/// Name of the threads that read them.
constexpr char PROC_READER[] = "ksys proc";

// The content of each of these files, 256 KB at most; nothing if one cannot be read. /proc/PID/cmdline and environ are read
// from the process's memory. A process can lock that for any time, and the reader is then blocked, unaffected by all signals
// but SIGKILL. So threads read them. Files that block for half a second count as unreadable, and are not read again before
// their thread returns.
std::vector<std::optional<std::string>> readProcFiles(std::vector<std::string> paths);
