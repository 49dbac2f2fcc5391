/* Calls of 32-bit programs, made as they make them; the data that they point to are in the lower 4 GB. The first ones have the
 * numbers of other 64-bit calls. */
#include "say.h"
#include <arpa/inet.h>
#include <elf.h>
#include <stddef.h>
#include <sys/resource.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>

#if defined(__x86_64__)
static long old(long nr, long a, long b, long c, long d, long e, long f)
{
	long r;
	__asm__ volatile("push %%rbp\n mov %[f], %%rbp\n int $0x80\n pop %%rbp"
			 : "=a"(r) : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e), [f] "r"(f) : "memory", "r8", "r9", "r10", "r11");
	return r;
}
#define OLD(nr, a, b, c, d, e) old(nr, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e), 0)

static char *low;
static size_t used;
static void *keep(const void *p, size_t n)
{
	void *to = low + used;
	memcpy(to, p, n);
	used += (n + 15) & ~15ul;
	return to;
}
#define STR(s) keep(s, strlen(s) + 1)
#define WORDS(...) keep((uint32_t[]){ __VA_ARGS__ }, sizeof(uint32_t[]){ __VA_ARGS__ })
#define P(x) ((uint32_t)ARG(x))
static long sockets(int function, uint32_t *args) { return OLD(102, function, args, 0, 0, 0); }

/* A whole 32-bit program: queries its ids, then becomes a 64-bit one. */
struct program {
	Elf32_Ehdr head;
	Elf32_Phdr part;
	unsigned char code[32];
	uint32_t argv[2];
	char again[8], self[512];
};
#define BASE 0x08048000
#define AT(field) (BASE + offsetof(struct program, field))
static void whole_program(const char *path)
{
	static struct program p = {
		.head = {.e_ident = ELFMAG "\1\1\1", .e_type = ET_EXEC, .e_machine = EM_386, .e_version = 1, .e_entry = AT(code),
			 .e_phoff = sizeof(Elf32_Ehdr), .e_ehsize = sizeof(Elf32_Ehdr), .e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1},
		.part = {.p_type = PT_LOAD, .p_vaddr = BASE, .p_filesz = sizeof p, .p_memsz = sizeof p, .p_flags = PF_R | PF_X, .p_align = 4096},
		.argv = {AT(again)}, .again = "again",
	};
	/* getpid(); execve(self, argv, 0) */
	memcpy(p.code, "\xb8\x14\0\0\0\xcd\x80\xb8\x0b\0\0\0\xbb____\xb9____\x31\xd2\xcd\x80", 26);
	*(uint32_t *)(p.code + 13) = AT(self);
	*(uint32_t *)(p.code + 18) = AT(argv);
	need(readlink("/proc/self/exe", p.self, sizeof p.self - 1) > 0, "exe");
	int status, f = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	need(f >= 0 && write(f, &p, sizeof p) == sizeof p, path);
	close(f);
	flush_said();
	pid_t pid = fork();
	if (pid == 0) {
		execl(path, "32", "bits", NULL);
		_exit(1);
	}
	need(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 8, "32-bit program");
	const char *name = strrchr(path, '/') + 1;
	say("execve", 0, "exe=32\targs=bits.\ttid=%d(%.15s)\tfilename=%s", pid, name, path);
	say("getpid", pid, "");
	say("execve", 0, "exe=again\targs=NULL\ttid=%d(i386)\tfilename=%s", pid, p.self);
	say("exit_group", 0, "error_code=8");
	unlink(path);
}

int main(int argc, char **argv)
{
	if (argc > 0 && strcmp(argv[0], "again") == 0) _exit(8);
	char path[] = "/tmp/ksys-i386-XXXXXX";
	int status, file = mkstemp(path);
	need(file >= 0 && write(file, "0123456789", 10) == 10, "file");
	low = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	need(low != MAP_FAILED, "mmap");
	char *name = keep(path, sizeof path + 8), *out = low + 60000;
	long r, pid = fork();
	if (pid == 0) _exit(0);
	waitpid(pid, &status, 0);

	r = OLD(7, -1, 0, 0, 0, 0); say("waitpid", r, "res=-10(ECHILD)\toptions=0");
	r = OLD(20, 0, 0, 0, 0, 0); say("getpid", r, "res=%d", getpid());
	r = OLD(140, file, 1, 2, out, SEEK_SET); say("llseek", r, "res=0\tfd=%d(<f>%s)\toffset=4294967298\twhence=0(SEEK_SET)", file, path);
	r = OLD(19, file, 4, SEEK_SET, 0, 0); say("lseek", r, "res=4\toffset=4");
	r = OLD(3, file, out, 3, 0, 0); say("read", r, "res=3\tdata=456\tfd=%d(<f>%s)\tsize=3", file, path);
	int pair[2];
	need(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
	uint32_t *vectors = WORDS(P(STR("ab")), 2, P(STR("cde")), 3);
	r = OLD(146, pair[0], vectors, 2, 0, 0); say("writev", r, "res=5\tdata=abcde\tsize=5");
	r = OLD(145, pair[1], WORDS(P(out), 9), 1, 0, 0); say("readv", r, "res=5\tsize=9\tdata=abcde");
	r = OLD(370, pair[0], WORDS(0, 0, P(vectors), 2, 0, 0, 0), 0, 0, 0); say("sendmsg", r, "res=5\tdata=abcde\tsize=5");
	r = OLD(372, pair[1], WORDS(0, 0, P(WORDS(P(out), 9)), 1, 0, 0, 0), 0, 0, 0); say("recvmsg", r, "res=5\tsize=9\tdata=abcde");
	r = OLD(180, file, out, 3, 2, 1); say("pread", r, "res=0\tsize=3\tpos=4294967298");
	uint32_t *vector = WORDS(P(out), 3), *text = WORDS(P(STR("far")), 3);
	r = OLD(334, file, text, 1, 2, 1); say("pwritev", r, "res=3\tdata=far\tsize=3\tpos=4294967298");
	r = OLD(333, file, vector, 1, 2, 1); say("preadv", r, "res=3\tdata=far\tsize=3\tpos=4294967298");
	r = old(379, file, P(text), 1, 2, 1, 2 /* RWF_DSYNC */); say("pwritev2", r, "res=3\tpos_l=4294967298\tpos_h=1\tflags=2(RWF_DSYNC)");
	r = old(378, file, P(vector), 1, 2, 1, 1 /* RWF_HIPRI */); say("preadv2", r, "pos_l=4294967298\tpos_h=1\tflags=1(RWF_HIPRI)");
	r = old(324, file, 1 /* FALLOC_FL_KEEP_SIZE */, 2, 1, 3, 0); say("fallocate", r, "offset=4294967298\tlen=3");
	r = old(272, file, 5, 0, 6, 0, 4 /* POSIX_FADV_DONTNEED */); say("fadvise64", r, "offset=5\tlen=6\tadvice=4(POSIX_FADV_DONTNEED)");
	r = OLD(193, name, 10, 0, 0, 0); say("truncate", r, "res=0\tlength=10");
	r = OLD(466, -1, 0, 0, STR("user.x"), 0); say("removexattrat", r, "name=user.x");
	r = OLD(195, name, out, 0, 0, 0); say("stat64", r, "res=0\tpath=%s", path);
	r = OLD(196, STR("/nothing"), out, 0, 0, 0); say("lstat64", r, "res=-2(ENOENT)\tpath=/nothing");
	r = OLD(197, file, out, 0, 0, 0); say("fstat64", r, "res=0");
	r = OLD(22, STR("/nothing"), 0, 0, 0, 0); say("umount", r, "res=-2(ENOENT)\tname=/nothing");
	r = old(192, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 3); say("mmap2", r, "addr=0\tlength=4096\tprot=1(PROT_READ)\tfd=-1(EPERM)\tpgoffset=3");
	r = OLD(90, 16, 0, 0, 0, 0); say("old_mmap", r, "res=-14(EFAULT)\targ=10");
	r = OLD(82, WORDS(0, 0, 0, 0, P(WORDS(0, 0))), 0, 0, 0, 0); say("select", r, "res=0");
	r = OLD(67, 99, 0, 0, 0, 0); say("sigaction", r, "res=-22(EINVAL)\tsig=99");
	r = OLD(117, 2 /* SEMGET */, 0, 1, 0600 | 01000, 0); say("ipc", r, "call=2\tfirst=0\tsecond=1\tthird=380");
	r = OLD(117, 3 /* SEMCTL */, r, 0, 0, WORDS(0)); say("ipc", r, "call=3");
	r = OLD(5, name, O_RDONLY, 0, 0, 0); say("open", r, "fd=%ld(<f>%s)\tname=%s\tflags=1(O_RDONLY)", r, path, path);
	r = OLD(6, r, 0, 0, 0, 0); say("close", r, "res=0");
	/* the contents of a 32-bit structure are not shown incorrectly */
	r = OLD(191, RLIMIT_NOFILE, out, 0, 0, 0); say("getrlimit", r, "res=0\tcur=NULL\tmax=NULL\tresource=7(RLIMIT_NOFILE)");
	r = OLD(146, file, WORDS(P(STR("vec")), 3), 1, 0, 0); say("writev", r, "res=3\tdata=vec\tsize=3");

	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	long s = sockets(1, WORDS(AF_INET, SOCK_DGRAM, 0)); say("socket", s, "fd=%ld(<4>)\tdomain=2(AF_INET)\ttype=2(SOCK_DGRAM)", s);
	r = sockets(2, WORDS(s, P(keep(&a, sizeof a)), sizeof a)); say("bind", r, "res=0\taddr=127.0.0.1:0");
	socklen_t len = sizeof a;
	need(getsockname(s, (void *)&a, &len) == 0, "getsockname");
	int port = ntohs(a.sin_port);
	r = sockets(3, WORDS(s, P(keep(&a, sizeof a)), sizeof a)); say("connect", r, "res=0\taddr=127.0.0.1:%d", port);
	r = sockets(9, WORDS(s, P(STR("to me")), 5, 0)); say("send", r, "res=5\tdata=to me\tfd=%ld(<4u>127.0.0.1:%d->127.0.0.1:%d)\tsize=5", s, port, port);
	r = sockets(10, WORDS(s, P(out), 100, 0)); say("recv", r, "res=5\tdata=to me\tsize=100");
	r = sockets(10, WORDS(s, P(out), 100, MSG_DONTWAIT)); say("recv", r, "res=-11(EAGAIN)");
	r = sockets(99, WORDS(1)); say("socketcall", r, "res=-22(EINVAL)\tcall=99");
	/* no 64-bit call has this number: it is unknown, not the 32-bit call that is recorded after the kernel's */
	r = call(513, 0, 0, 0, 0, 0, 0); say("unknown", r, "nativeID=513");
	unlink(path);
	strcat(name, ".32");
	whole_program(name);
	flush_said();
	return 0;
}
#else
int main(void) { return 0; }
#endif
