/* absent_page fuse DEVICE FOLDER | absent_page userfaultfd: a process with a page of its environment that never comes. The page is one of
 * a file in FUSE, mounted at FOLDER for this process alone, whose server answers no read; or one that a userfaultfd is to bring.
 * Says "ready" and waits; exits with 77 where the kernel has no such thing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/userfaultfd.h>
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
static void serve(int device)
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
		case FUSE_FORGET:
		case FUSE_INTERRUPT:
			break;
		default:
			reply(device, head, -ENOSYS, NULL, 0);
		}
	}
}

static void map_fuse(void *page, size_t size, const char *device, const char *folder)
{
	char options[128], path[4096];
	must(unshare(CLONE_NEWNS) == 0, "unshare");
	must(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private mounts");
	int fd = open(device, O_RDWR | O_CLOEXEC);
	must(fd >= 0, device);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	must(mount("absent_page", folder, "fuse", 0, options) == 0, "mount");
	if (fork() == 0)
		serve(fd);
	close(fd);
	snprintf(path, sizeof(path), "%s/file", folder);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	must(file >= 0, path);
	must(mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) != MAP_FAILED, "mmap");
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
	int fuse = argc == 4 && strcmp(argv[1], "fuse") == 0;
	if (!fuse && (argc != 2 || strcmp(argv[1], "userfaultfd") != 0))
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
	if (fuse)
		map_fuse(page, size, argv[2], argv[3]);
	else
		map_userfaultfd(page, size);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
