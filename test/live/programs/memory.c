/* Memory, time, signals, polling and interprocess calls. */
#include "say.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

static void on(int s) { (void)s; }

int main(void)
{
	long r, fd;
	r = CALL6(mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("mmap", r, "addr=0\tlength=8192\tprot=3(PROT_READ|PROT_WRITE)\tflags=10(MAP_PRIVATE|MAP_ANONYMOUS)\tfd=-1(EPERM)\toffset=0");
	void *m = (void *)r;
	r = CALL3(mprotect, m, 4096, PROT_READ); say("mprotect", r, "addr=%lX\tlength=4096\tprot=1(PROT_READ)", (long)m);
	r = CALL2(mlock, m, 4096); say("mlock", r, "addr=%lX\tlen=4096", (long)m);
	r = CALL2(munlock, m, 4096); say("munlock", r, "addr=%lX\tlen=4096", (long)m);
	r = CALL3(mlock2, m, 4096, 1); say("mlock2", r, "addr=%lX\tlen=4096\tflags=1(MLOCK_ONFAULT)", (long)m);
	r = CALL1(mlockall, 3); say("mlockall", r, "res=0\tflags=3(MCL_CURRENT|MCL_FUTURE)");
	r = CALL0(munlockall); say("munlockall", r, "res=0");
	r = CALL2(munmap, m, 8192); say("munmap", r, "addr=%lX\tlength=8192", (long)m);
	r = CALL1(brk, 0); say("brk", r, "addr=0");
	fd = CALL2(memfd_create, "mem", MFD_CLOEXEC); say("memfd_create", fd, "fd=%ld(<m>mem)\tname=mem\tflags=1(MFD_CLOEXEC)", fd);
	struct timespec ts = { 0, 2000000 };
	r = CALL2(nanosleep, &ts, 0); say("nanosleep", r, "interval=2000000(0.002s)");
	struct pollfd pf[2] = { { 0, POLLIN, 0 }, { 999, POLLOUT, 0 } };
	r = CALL3(poll, pf, 2, 1); say("poll", r, "timeout=1");
	struct timespec t0 = { 0, 1000 };
	r = CALL5(ppoll, pf, 1, &t0, 0, 8); say("ppoll", r, "timeout=1000(1e-06s)");
	fd = CALL2(timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC); say("timerfd_create", fd, "res=%ld(<t>)", fd);
	fd = CALL1(eventfd, 4); say("eventfd", fd, "res=%ld(<e>)\tinitval=4", fd);
	fd = CALL2(eventfd2, 3, EFD_NONBLOCK); say("eventfd2", fd, "res=%ld(<e>)\tinitval=3", fd);
	fd = CALL0(inotify_init); say("inotify_init", fd, "res=%ld(<i>)", fd);
	fd = CALL1(inotify_init1, IN_CLOEXEC); say("inotify_init1", fd, "res=%ld(<i>)", fd);
	long mask = 1 << (SIGUSR2 - 1);
	CALL4(rt_sigprocmask, SIG_BLOCK, &mask, 0, 8);
	fd = CALL3(signalfd, -1, &mask, 8); say("signalfd", fd, "res=%ld(<s>)\tfd=-1(EPERM)", fd);
	fd = CALL4(signalfd4, -1, &mask, 8, SFD_CLOEXEC); say("signalfd4", fd, "res=%ld(<s>)\tfd=-1(EPERM)", fd);
	fd = CALL1(epoll_create, 5); say("epoll_create", fd, "res=%ld\tsize=5", fd);
	CALL1(close, fd);
	fd = CALL1(epoll_create1, EPOLL_CLOEXEC); say("epoll_create1", fd, "res=%ld\tflags=1(EPOLL_CLOEXEC)", fd);
	struct epoll_event ev[4];
	r = CALL4(epoll_wait, fd, ev, 4, 1); say("epoll_wait", r, "res=0\tmaxevents=4");
	struct timeval tv = { 0, 1000 };
	fd_set in;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	r = CALL5(select, fd + 1, &in, 0, 0, &tv); say("select", r, "res=0");
	r = CALL5(select, -1, 0, 0, 0, &tv); say("select", r, "res=-22(EINVAL)");
	int word = 5;
	r = CALL6(futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0); say("futex", r, "addr=%lX\tval=1", (long)&word);
	r = CALL6(futex, &word, FUTEX_WAIT, 6, 0, 0, 0); say("futex", r, "res=-11(EAGAIN)\tval=6");
	signal(SIGUSR1, on);
	r = CALL2(kill, getpid(), SIGUSR1); say("kill", r, "pid=%d(memory)\tsig=10(SIGUSR1)", getpid());
	say("signaldeliver", 0, "spid=%d(memory)\tdpid=%d(memory)\tsig=10(SIGUSR1)", getpid(), getpid());
	r = CALL3(tgkill, getpid(), getpid(), SIGUSR1); say("tgkill", r, "pid=%d(memory)\ttid=%d(memory)\tsig=10(SIGUSR1)", getpid(), getpid());
	r = CALL2(tkill, getpid(), 0); say("tkill", r, "tid=%d(memory)\tsig=0", getpid());
	long id = CALL3(semget, IPC_PRIVATE, 2, 0600 | IPC_CREAT); say("semget", id, "key=0(IPC_PRIVATE)\tnsems=2\tsemflg=8576(IPC_CREAT|0600)");
	struct sembuf sb[2] = { { 0, 1, 0 }, { 1, 2, IPC_NOWAIT } };
	r = CALL3(semop, id, sb, 2); say("semop", r, "nsops=2\tsem_num_0=0\tsem_op_0=1\tsem_num_1=1\tsem_op_1=2\tsemid=%ld", id);
	r = CALL4(semctl, id, 0, IPC_RMID, 0); say("semctl", r, "semid=%ld\tsemnum=0", id);
	flush_said();
	return 0;
}
