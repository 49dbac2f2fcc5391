// When this process's threads run, where others want the processors too.
#pragma once

/// All threads run before those of ordinary programs until settle(), those too that begin meanwhile: real-time, the lowest such
/// priority. `recording`: afterwards nice RECORDING. Does nothing where somebody has chosen a priority for this process, and as
/// much as it may where CAP_SYS_NICE is missing.
void hurry(bool recording);

/// The same once more, behind settle().
void hurryAgain();

/// All threads are ordinary ones again.
void settle();

/// In a child before its exec, or in a thread that is nobody's hurry: what it inherited of the above is taken back. Makes nothing
/// but system calls.
void unhurry();
