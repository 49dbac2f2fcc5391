// Reads its own environment, in a page that arrives late: meanwhile another thread has replaced the file of the descriptor.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096

static int faults, file;

static void *swap(void *page)
{
	struct uffd_msg m;
	struct uffdio_zeropage zero = {.range = {(unsigned long)page, PAGE}};
	struct pollfd p = {faults, POLLIN, 0};
	int null = open("/dev/null", O_RDONLY);
	poll(&p, 1, 10000);
	if (read(faults, &m, sizeof(m)) == sizeof(m))
		dup2(null, file);
	ioctl(faults, UFFDIO_ZEROPAGE, &zero);
	return 0;
}

int main(void)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register reg = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	pthread_t t;
	char *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	reg.range.start = (unsigned long)page;
	reg.range.len = PAGE;
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &reg))
		return 2;
	file = open("/proc/self/environ", O_RDONLY);
	pthread_create(&t, 0, swap, page);
	ssize_t n = read(file, page, PAGE);
	pthread_join(t, 0);
	return n > 0 && memmem(page, n, "hunter7", 7) ? 0 : 3;
}
