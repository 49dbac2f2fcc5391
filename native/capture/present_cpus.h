// The CPUs that the machine has. Kernels number more, for CPUs that could be added: they need buffers, but small ones.
#pragma once
#include <vector>

// For each possible CPU whether it is present; all of them if the kernel does not tell.
std::vector<bool> presentCpus(int possible);
