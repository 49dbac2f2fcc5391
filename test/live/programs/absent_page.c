/* A process with a page that never arrives. It prints "ready" and waits; it exits with 77 if the kernel does not support this.
 * absent_page fuse DEVICE FOLDER: the page is in its environment, and of a file in FUSE, mounted at FOLDER for this process alone,
 *   whose server never answers a read.
 * absent_page userfaultfd: the page is in its environment, and a userfaultfd is responsible for it.
 * absent_page locked DEVICE FOLDER: a thread waits for a page of this file with the process's memory locked for reading, and
 *   another one wants to change the memory: from then on nothing else can lock it. The thread holds the lock because it waits for the
 *   second time: the server's answer to the first read is an error. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LACKING 77
#define FILE_NODE 2

extern char **environ;

/* the state that server and threads share */
static struct {
	volatile int reads, locker, changed;
} *shared;

static void must(int done, const char *what)
{
	if (done)
		return;
	int lacks = errno == ENODEV || errno == ENXIO || errno == ENOSYS;
	perror(what);
	exit(lacks ? LACKING : 1);
}

static void reply(int device, const struct fuse_in_header *to, int error, const void *data, size_t size)
{
	char bytes[512];
	struct fuse_out_header head = {.len = sizeof(head) + size, .error = error, .unique = to->unique};
	memcpy(bytes, &head, sizeof(head));
	if (size)
		memcpy(bytes + sizeof(head), data, size);
	if (write(device, bytes, head.len) < 0)
		perror("reply");
}

static struct fuse_attr attributes(uint64_t node)
{
	struct fuse_attr a = {.ino = node, .nlink = 1, .mode = S_IFDIR | 0755};
	if (node == FILE_NODE) {
		a.mode = S_IFREG | 0644;
		a.size = 1 << 20;
	}
	return a;
}

/* A folder with a file under any name. */
static void serve(int device, int failing)
{
	static char request[1 << 17];
	const struct fuse_in_header *head = (const void *)request;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (read(device, request, sizeof(request)) < 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			_exit(0);
		}
		switch (head->opcode) {
		case FUSE_INIT: {
			struct fuse_init_out o = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 65536};
			reply(device, head, 0, &o, sizeof(o));
			break;
		}
		case FUSE_LOOKUP: {
			struct fuse_entry_out o = {.nodeid = FILE_NODE, .entry_valid = 1000, .attr_valid = 1000, .attr = attributes(FILE_NODE)};
			reply(device, head, 0, &o, sizeof(o));
			break;
		}
		case FUSE_GETATTR: {
			struct fuse_attr_out o = {.attr_valid = 1000, .attr = attributes(head->nodeid)};
			reply(device, head, 0, &o, sizeof(o));
			break;
		}
		case FUSE_OPEN: {
			struct fuse_open_out o = {.fh = 1};
			reply(device, head, 0, &o, sizeof(o));
			break;
		}
		case FUSE_READ:
			if (shared->reads++ < failing)
				reply(device, head, -EIO, NULL, 0);
			break;
		case FUSE_FORGET:
		case FUSE_INTERRUPT:
			break;
		default:
			reply(device, head, -ENOSYS, NULL, 0);
		}
	}
}

/* Maps the file in FUSE. This many reads of it are answered with an error, the others not at all. */
static void *map_fuse(void *page, size_t size, const char *device, const char *folder, int failing)
{
	char options[128], path[4096];
	must(unshare(CLONE_NEWNS) == 0, "unshare");
	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private mounts");
	int fd = open(device, O_RDWR | O_CLOEXEC);
	must(fd >= 0, device);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	must(mount("absent_page", folder, "fuse", 0, options) == 0, "mount");
	if (fork() == 0)
		serve(fd, failing);
	close(fd);
	snprintf(path, sizeof(path), "%s/file", folder);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	must(file >= 0, path);
	page = mmap(page, size, PROT_READ, MAP_PRIVATE | (page ? MAP_FIXED : 0), file, 0);
	must(page != MAP_FAILED, "mmap");
	return page;
}

static void *touch(void *page)
{
	return (void *)(long)*(volatile char *)page;
}

static void *change(void *unused)
{
	shared->locker = gettid();
	while (shared->reads < 2)
		usleep(1000);
	mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	shared->changed = 1;
	return unused;
}

/* Whether a thread waits and no signal but SIGKILL wakes it. */
static int deaf(int tid)
{
	char path[64], stat[256] = "";
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	int fd = open(path, O_RDONLY);
	int n = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	return n > 0 && strstr(stat, ") D ");
}

static void lock_memory(size_t size, const char *device, const char *folder)
{
	void *page = map_fuse(NULL, size, device, folder, 1);
	pthread_t threads[2];
	must(!pthread_create(&threads[0], NULL, change, NULL), "pthread_create");
	must(!pthread_create(&threads[1], NULL, touch, page), "pthread_create");
	while (!shared->locker || !deaf(shared->locker)) {
		if (shared->changed)
			_exit(LACKING);
		usleep(1000);
	}
}

static void map_userfaultfd(void *page, size_t size)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register missing = {
		.range = {.start = (unsigned long)page, .len = size},
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	must(fd >= 0, "userfaultfd");
	must(ioctl(fd, UFFDIO_API, &api) == 0, "UFFDIO_API");
	must(mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED, "mmap");
	must(ioctl(fd, UFFDIO_REGISTER, &missing) == 0, "UFFDIO_REGISTER");
}

int main(int argc, char **argv)
{
	const size_t size = sysconf(_SC_PAGESIZE);
	const char *what = argc > 1 ? argv[1] : "";
	int fuse = !strcmp(what, "fuse"), locked = !strcmp(what, "locked");
	if (argc != (fuse || locked ? 4 : 2) || !(fuse || locked || !strcmp(what, "userfaultfd")))
		return 2;
	/* one variable that is long enough to have a page to itself */
	if (!environ[0] || strlen(environ[0]) < 2 * size) {
		char *filler = malloc(2 * size + 1), *alone[] = {filler, NULL};
		memset(filler, 'x', 2 * size);
		filler[2 * size] = 0;
		execve("/proc/self/exe", argv, alone);
		must(0, "exec");
	}
	void *page = (void *)(((unsigned long)environ[0] + size - 1) & -size);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED, "mmap");
	if (fuse)
		map_fuse(page, size, argv[2], argv[3], 0);
	else if (locked)
		lock_memory(size, argv[2], argv[3]);
	else
		map_userfaultfd(page, size);
	/* nothing that could need memory */
	must(write(1, "ready\n", 6) == 6, "write");
	for (;;)
		pause();
}
