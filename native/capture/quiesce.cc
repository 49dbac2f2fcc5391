#include "capture/quiesce.h"
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

// Programs run in sections that RCU waits for, and so does this barrier; where the kernel refuses it (with CPUs that have no
// timer tick), some time is given to them.
void awaitPrograms()
{
	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(20'000);
}
