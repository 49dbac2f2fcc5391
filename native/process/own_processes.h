// Processes that work for ksys itself: like its own calls, theirs are not recorded as events.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <sys/types.h>

namespace own_processes {

constexpr uint32_t MOST = 16;
inline std::array<std::atomic<pid_t>, MOST> pids{};
inline std::atomic<uint32_t> count{0};

// Beyond MOST, the oldest are recorded again.
inline void add(pid_t pid)
{
	pids[count.load() % MOST].store(pid);
	count.fetch_add(1);
}

// The process has ended: its pid may be reused.
inline void remove(pid_t pid)
{
	for (auto &entry : pids) {
		pid_t own = pid;
		entry.compare_exchange_strong(own, 0);
	}
}

inline bool has(pid_t pid)
{
	const uint32_t n = count.load(std::memory_order_relaxed);
	for (uint32_t i = 0; i < n && i < MOST; i++)
		if (pids[i].load(std::memory_order_relaxed) == pid)
			return true;
	return false;
}

} // namespace own_processes
