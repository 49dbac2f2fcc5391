#include "capture/counters.h"
#include "capture/quiesce.h"
#include <cerrno>
#include <sys/mman.h>

bool Counters::open(int fd, size_t n, volatile uint32_t *which)
{
	void *p = mmap(nullptr, n * sizeof(ksys_counter_table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	tables = static_cast<ksys_counter_table *>(p);
	cpus = n;
	side = which;
	return true;
}

void Counters::close()
{
	if (tables)
		munmap(tables, cpus * sizeof(ksys_counter_table));
	tables = nullptr;
	full = 0;
}

void Counters::turn(uint64_t now)
{
	ended = *side & 1;
	*side = ended ^ 1;
	awaitPrograms();
	from = began;
	began = now;
	cpu = place = 0;
	full = cpus;
}
