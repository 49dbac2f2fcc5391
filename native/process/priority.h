// Scheduling priority of this process's threads when others compete for the processors.
#pragma once

// All threads run before those of ordinary programs until settle(), including threads created in the meantime: real-time, the
// lowest such priority. `recording`: afterwards nice RECORDING. Does nothing if this process was started with a priority, and
// only what is permitted if CAP_SYS_NICE is missing.
void hurry(bool recording);

// The same again, after settle().
void hurryAgain();

// All threads have ordinary priority again.
void settle();

// In a child before its exec, or in a thread that is not urgent: reverts the inherited priority. Makes only system calls.
void unhurry();
