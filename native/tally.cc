#include "tally.h"
#include <cerrno>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

bool Tally::open(int fd, size_t n, volatile uint32_t *which)
{
	void *p = mmap(nullptr, n * sizeof(ksys_tally), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return false;
	tables = static_cast<ksys_tally *>(p);
	cpus = n;
	side = which;
	return true;
}

void Tally::close()
{
	if (tables)
		munmap(tables, cpus * sizeof(ksys_tally));
	tables = nullptr;
	full = 0;
}

void Tally::turn(uint64_t now)
{
	ended = *side & 1;
	*side = ended ^ 1;
	// The programs run without being preempted: once every CPU has gone through its scheduler none is left that saw the old side.
	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(20'000);
	from = began;
	began = now;
	cpu = place = 0;
	full = cpus;
}
