#include "capture/quiesce.h"
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

// Programs run in RCU read-side sections, which this barrier waits for; if the kernel rejects it (with CPUs without a timer
// tick), this sleeps instead.
void awaitPrograms()
{
	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(20'000);
}
