// Waits until programs in the kernel have finished.
#pragma once

// Returns once no program that was running at the time of the call still runs: what those have read or written is settled.
void awaitPrograms();
