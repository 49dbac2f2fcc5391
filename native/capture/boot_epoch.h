// When CLOCK_BOOTTIME began.
#pragma once
#include <cstdint>

// Wall-clock time at CLOCK_BOOTTIME 0 (ns since the epoch): the most precise of a few readings.
uint64_t epochOfBoot();
