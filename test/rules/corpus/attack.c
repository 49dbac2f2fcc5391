/* Operations of attackers that shells cannot perform: attack WHAT [WORDS]. Many of them fail, which rules see nevertheless. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* setuid(0) as this user, which only root may do. */
static void as(const char *user)
{
	struct passwd *p = getpwnam(user);
	if (p && p->pw_uid)
		syscall(SYS_setresuid, p->pw_uid, p->pw_uid, p->pw_uid);
	syscall(SYS_setuid, 0);
}

static void trace(int attach)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		if (!attach)
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		pause();
		_exit(0);
	}
	if (attach)
		ptrace(PTRACE_SEIZE, child, NULL, NULL);
	usleep(20000);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

/* Runs /bin/true from memory, or from its file, by its descriptor. */
static void run(int memory)
{
	char *argv[] = {"true", NULL}, buf[65536];
	int from = open("/bin/true", O_RDONLY), to = memory ? memfd_create("nothing", 0) : from;
	ssize_t n;
	while (memory && (n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			exit(1);
	fexecve(to, argv, environ);
	exit(1);
}

/* A connection over loopback becomes standard input, or a file does. */
static void redirect(int network)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);
	bind(listener, (void *)&a, sizeof(a));
	listen(listener, 1);
	getsockname(listener, (void *)&a, &len);
	connect(fd, (void *)&a, sizeof(a));
	dup2(network ? fd : open("/dev/null", O_RDONLY), 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *word = argc > 2 ? argv[2] : "";
	char zeros[128] = {0};
	if (!strcmp(what, "setuid"))
		as(word);
	else if (!strcmp(what, "attach") || !strcmp(what, "traceme"))
		trace(*what == 'a');
	else if (!strcmp(what, "socket"))
		socket(strcmp(word, "packet") ? AF_INET : AF_PACKET, SOCK_RAW, strcmp(word, "packet") ? IPPROTO_ICMP : 0x300);
	else if (!strcmp(what, "memfd") || !strcmp(what, "file"))
		run(*what == 'm');
	else if (!strcmp(what, "link"))
		syscall(SYS_linkat, AT_FDCWD, word, AT_FDCWD, argv[3], 0);
	else if (!strcmp(what, "rename"))
		rename(word, argv[3]);
	else if (!strcmp(what, "module"))
		syscall(SYS_finit_module, -1, "", 0);
	else if (!strcmp(what, "userfaultfd"))
		syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	else if (!strcmp(what, "eventfd"))
		eventfd(0, 0);
	else if (!strcmp(what, "bpf"))
		syscall(SYS_bpf, strcmp(word, "load") ? 0 : 5, zeros, sizeof(zeros));
	else if (!strcmp(what, "reverse") || !strcmp(what, "redirect"))
		redirect(!strcmp(what, "reverse"));
	else
		return 2;
	return 0;
}
