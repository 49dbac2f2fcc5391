#include "capture/present_cpus.h"
#include <algorithm>
#include <cstdio>

std::vector<bool> presentCpus(int possible)
{
	std::vector<bool> present(possible);
	if (FILE *f = fopen("/sys/devices/system/cpu/present", "re")) {
		int from, to; // "0-3,8,10-11"
		while (fscanf(f, "%d", &from) == 1) {
			const int after = fgetc(f);
			if (after != '-' || fscanf(f, "%d", &to) != 1)
				to = from;
			for (int cpu = std::max(from, 0); cpu <= to && cpu < possible; cpu++)
				present[cpu] = true;
			if (after == '-')
				fgetc(f);
		}
		fclose(f);
	}
	if (std::ranges::none_of(present, [](bool is) { return is; }))
		present.assign(possible, true);
	return present;
}
