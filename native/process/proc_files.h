// Files of /proc that may keep whoever reads them waiting.
#pragma once
#include <optional>
#include <string>
#include <vector>

/// Name of the threads that read them.
constexpr char PROC_READER[] = "ksys proc";

/// What is in each of these files, 256 KB at most; nothing where one cannot be read. /proc/PID/cmdline and environ are read from the
/// process's memory. A process can keep that locked for as long as it likes, and whoever reads waits, deaf to all signals but
/// SIGKILL. So threads do it. Files that keep one waiting for half a second count as those that cannot be read, and are
/// not read again before it is back.
std::vector<std::optional<std::string>> readProcFiles(std::vector<std::string> paths);
