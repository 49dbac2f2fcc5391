/* Waits that are interrupted, restarted, cut short by the end of the process; and ends of threads and processes. */
#include "say.h"
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)
#define NANOSLEEP NUMBER(SYS_nanosleep) " "

static int ends[2];
static void nothing(int s) { (void)s; }
/* not at once: by then the reader waits */
static void fill(int s)
{
	static int times;
	(void)s;
	if (++times == 5 && write(ends[1], "late", 4) != 4) _exit(9);
}
static void handle(void (*f)(int), int flags)
{
	struct sigaction a = { .sa_handler = f, .sa_flags = flags };
	sigaction(SIGALRM, &a, 0);
}
/* repeatedly, because one may arrive before the call waits */
static void alarms(int on)
{
	struct itimerval t = { { 0, on ? 30000 : 0 }, { 0, on ? 30000 : 0 } };
	setitimer(ITIMER_REAL, &t, 0);
}
static void *thread(void *p) { call(SYS_exit, 5, 0, 0, 0, 0, 0); return p; }

/* A call may return the kernel's own restart code while the program gets another result: the first is recorded. */
#define INTERRUPTED(name, kernel, what, ...)                                                                            \
	alarms(1); r = __VA_ARGS__; alarms(0);                                                                          \
	need(r == -EINTR, #name " was to be interrupted"); say(#name, kernel, what)

int main(void)
{
	char buf[16];
	long r;
	int word = 1, status;
	struct timespec long_time = { 100, 0 };
	struct pollfd p = { .events = POLLIN };
	struct epoll_event ev;
	need(pipe(ends) == 0, "pipe");
	p.fd = ends[0];
	handle(nothing, 0);
	INTERRUPTED(read, -512, "res=-512(ERESTARTSYS)\tdata=NULL", CALL3(read, ends[0], buf, sizeof buf));
	INTERRUPTED(nanosleep, -516, "res=-516(ERESTART_RESTARTBLOCK)\tinterval=100000000000(100s)", CALL2(nanosleep, &long_time, 0));
	INTERRUPTED(poll, -516, "res=-516(ERESTART_RESTARTBLOCK)\ttimeout=100000", CALL3(poll, &p, 1, 100000));
	INTERRUPTED(ppoll, -514, "res=-514(ERESTARTNOHAND)\ttimeout=100000000000(100s)", CALL5(ppoll, &p, 1, &long_time, 0, 8));
	INTERRUPTED(pause, -514, "res=-514(ERESTARTNOHAND)", CALL0(pause));
	INTERRUPTED(futex, -512, "res=-512(ERESTARTSYS)\tval=1", CALL4(futex, &word, FUTEX_WAIT, 1, 0));
	long e = CALL1(epoll_create1, 0);
	INTERRUPTED(epoll_wait, -4, "res=-4(EINTR)", CALL4(epoll_wait, e, &ev, 1, -1));
	/* one read for the program, several for the kernel */
	handle(fill, SA_RESTART);
	alarms(1);
	r = CALL3(read, ends[0], buf, 4);
	alarms(0);
	say("read", -512, "res=-512(ERESTARTSYS)\tsize=4");
	say("read", r, "res=4\tdata=late\tsize=4");
	handle(nothing, 0);

	pthread_t t;
	need(pthread_create(&t, 0, thread, 0) == 0, "thread");
	pthread_join(t, 0);
	say("exit", 0, "error_code=5");
	flush_said();
	pid_t pid = fork();
	if (pid == 0) {
		struct timespec ever = { 1000, 0 };
		CALL2(nanosleep, &ever, 0);
		_exit(1);
	}
	for (char path[40], now[8] = ""; strncmp(now, NANOSLEEP, sizeof NANOSLEEP - 1) != 0;) {
		snprintf(path, sizeof path, "/proc/%d/syscall", pid);
		int f = open(path, O_RDONLY);
		need(f >= 0 && read(f, now, 7) > 0, path);
		close(f);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	say("nanosleep", -516, "interval=1000000000000(1000s)");
	say("procexit", 0, "status=9\tret=0\tsig=9(SIGKILL)");
	if (fork() == 0) CALL1(exit_group, 6);
	wait(&status);
	say("exit_group", 0, "error_code=6");
	say("procexit", 0, "status=1536\tret=6\tsig=0");
	flush_said();
	return 0;
}
