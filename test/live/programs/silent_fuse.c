// silent_fuse SECONDS: generated code calls getppid() for SECONDS, and its perf map is on a FUSE file system that never answers a
// read. The file system is mounted by root and accessible to all users, as fusermount does if /etc/fuse.conf has user_allow_other; its
// server and the code run as nobody.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOBODY = 65534, FILE_NODE = 2 };

static void reply(int fd, const struct fuse_in_header *to, int error, const void *data, size_t size)
{
	char bytes[4096];
	struct fuse_out_header *out = (void *)bytes;
	out->len = sizeof *out + size;
	out->error = error;
	out->unique = to->unique;
	if (size)
		memcpy(bytes + sizeof *out, data, size);
	if (write(fd, bytes, out->len) < 0)
		perror("silent_fuse: reply");
}

static struct fuse_attr attr_of(uint64_t node)
{
	int folder = node == FUSE_ROOT_ID;
	return (struct fuse_attr){.ino = node, .mode = folder ? S_IFDIR | 0755 : S_IFREG | 0644, .size = folder ? 0 : 1 << 20,
	                          .nlink = 1, .uid = NOBODY, .gid = NOBODY};
}

static void serve(int fd)
{
	static char bytes[1 << 17];
	const struct fuse_in_header *in = (void *)bytes;
	while (read(fd, bytes, sizeof bytes) > 0) {
		switch (in->opcode) {
		case FUSE_INIT: {
			struct fuse_init_out out = {.major = 7, .minor = 31, .max_write = 65536};
			reply(fd, in, 0, &out, sizeof out);
			break;
		}
		case FUSE_LOOKUP: {
			struct fuse_entry_out out = {.nodeid = FILE_NODE, .entry_valid = 1000, .attr_valid = 1000, .attr = attr_of(FILE_NODE)};
			reply(fd, in, 0, &out, sizeof out);
			break;
		}
		case FUSE_GETATTR: {
			struct fuse_attr_out out = {.attr_valid = 1000, .attr = attr_of(in->nodeid)};
			reply(fd, in, 0, &out, sizeof out);
			break;
		}
		case FUSE_OPEN: {
			struct fuse_open_out out = {.fh = 1, .open_flags = getenv("DIRECT") ? FOPEN_DIRECT_IO : 0};
			reply(fd, in, 0, &out, sizeof out);
			break;
		}
		case FUSE_READ:
		case FUSE_FORGET:
		case FUSE_INTERRUPT:
			break;
		default:
			reply(fd, in, -38, NULL, 0); // ENOSYS
		}
	}
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	char options[128];
	int fd = open("/dev/fuse", O_RDWR);
	if (fd < 0)
		return fail("silent_fuse: /dev/fuse");
	if (unshare(CLONE_NEWNS) || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail("silent_fuse: mount namespace");
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d,allow_other", fd, NOBODY, NOBODY);
	if (mount("silent", "/tmp", "fuse", 0, options))
		return fail("silent_fuse: mount");
	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return fail("silent_fuse: setresuid");
	prctl(PR_SET_DUMPABLE, 1);
	pid_t server = fork();
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd);
		return 0;
	}
	close(fd);
	// push %rbp; mov %rsp,%rbp; mov $110,%eax (getppid); syscall; pop %rbp; ret
	static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0x5d, 0xc3};
	void *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED)
		return fail("silent_fuse: mmap");
	memcpy(made, code, sizeof code);
	for (int i = 0; i < atoi(argc > 1 ? argv[1] : "5") * 10; i++) {
		((long (*)(void))made)();
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	}
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return 0;
}
