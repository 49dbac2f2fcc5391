/* Start, change and end of processes and threads. */
#include "say.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0) _exit(7);
	long r;
	int status;
	char self[4096] = "";
	need(readlink("/proc/self/exe", self, sizeof self - 1) > 0, "readlink");

	r = CALL5(prctl, PR_SET_NAME, "newname", 0, 0, 0); say("prctl", r, "option=15(PR_SET_NAME)\targ2_str=newname");
	r = CALL0(getppid); say("getppid", r, "");
	r = CALL0(getuid); say("getuid", r, "uid=0(root)");
	r = CALL0(geteuid); say("geteuid", r, "euid=0(root)");
	r = CALL0(getgid); say("getgid", r, "gid=0(root)");
	r = CALL0(getegid); say("getegid", r, "egid=0(root)");
	uid_t a, b, c;
	r = CALL3(getresuid, &a, &b, &c); say("getresuid", r, "ruid=0(root)\teuid=0(root)\tsuid=0(root)");
	r = CALL3(getresgid, &a, &b, &c); say("getresgid", r, "rgid=0(root)\tegid=0(root)\tsgid=0(root)");
	struct rlimit lim;
	r = CALL2(getrlimit, RLIMIT_NOFILE, &lim); say("getrlimit", r, "cur=%ld\tmax=%ld\tresource=7(RLIMIT_NOFILE)", (long)lim.rlim_cur, (long)lim.rlim_max);
	r = CALL2(setrlimit, RLIMIT_NOFILE, &lim); say("setrlimit", r, "cur=%ld\tmax=%ld\tresource=7(RLIMIT_NOFILE)", (long)lim.rlim_cur, (long)lim.rlim_max);
	r = CALL4(prlimit64, 0, RLIMIT_NOFILE, 0, &lim); say("prlimit", r, "oldcur=%ld\toldmax=%ld\tresource=7(RLIMIT_NOFILE)", (long)lim.rlim_cur, (long)lim.rlim_max);
	flush_said();

	r = fork();
	if (r == 0) {
		char *av[] = { self, "again", "and again", 0 }, *ev[] = { "A=1", "B=two", 0 };
		CALL3(execve, self, av, ev);
		_exit(1);
	}
	waitpid(r, &status, 0);
	say("execve", 0, "exe=%s\targs=again.and again.\tenv=A=1.B=two.\ttid=%ld(process)\tpid=%ld(process)\tcomm=process", self, r, r);
	say("exit_group", 0, "");
	say("procexit", 0, "ret=7");
	/* a path too long to be stored at the call's enter, through two folders and a link */
	static char deep[1024];
	int at = snprintf(deep, sizeof deep, "/tmp/ksys-long-%d", getpid());
	int ends[3] = { at };
	for (int i = 0; i < 3; i++) {
		ends[i] = at;
		need(mkdir(deep, 0700) == 0, "mkdir");
		if (i == 2) break;
		deep[at++] = '/';
		memset(deep + at, 'a' + i, 200);
		at += 200;
	}
	strcpy(deep + at, "/link");
	need(symlink(self, deep) == 0, "symlink");
	r = vfork();
	if (r == 0) {
		syscall(SYS_execve, deep, (char *[]){ deep, "again", 0 }, (char *[]){ "A=1", 0 });
		_exit(1);
	}
	waitpid(r, &status, 0);
	say("execve", 0, "exe=%s\ttrusted_exepath=%s\tfilename=%s\tpid=%ld(link)", deep, self, deep, r);
	unlink(deep);
	for (int i = 2; i >= 0; i--) { deep[ends[i]] = 0; rmdir(deep); }
	char *none[] = { "x", 0 };
	long e = CALL3(execve, "/nonexistent/program", none, none);
	say("execve", e, "res=-2(ENOENT)\tfilename=/nonexistent/program");
	r = call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
	if (r == 0) call(SYS_exit_group, 3, 0, 0, 0, 0, 0);
	say("clone", r, "res=%ld(newname)\tpid=%d(newname)", r, getpid());
	waitpid(r, &status, 0);
	struct clone_args ca = { .flags = 0, .exit_signal = SIGCHLD };
	r = CALL2(clone3, &ca, sizeof ca);
	if (r == 0) call(SYS_exit_group, 4, 0, 0, 0, 0, 0);
	say("clone3", r, "res=%ld(newname)", r);
	r = call(SYS_wait4, r, (long)&status, 0, 0, 0, 0);
	say("wait4", r, "");
	r = CALL2(setpgid, 0, 0); say("setpgid", r, "pid=0\tpgid=0");
	r = CALL2(pidfd_open, getpid(), 0); say("pidfd_open", r, "fd=%ld(<P>)\tpid=%d(newname)\tflags=0", r, getpid());
	long g = CALL3(pidfd_getfd, r, 1, 0); say("pidfd_getfd", g, "pid_fd=%ld(<P>)\tflags=0", r);
	r = CALL1(unshare, CLONE_FS); say("unshare", r, "flags=2(CLONE_FS)");
	r = CALL3(setresuid, -1, 0, -1); say("setresuid", r, "ruid=-1(<NONE>)\teuid=0(root)\tsuid=-1(<NONE>)");
	r = CALL3(setresgid, 0, 0, 0); say("setresgid", r, "rgid=0(root)\tegid=0(root)\tsgid=0(root)");
	r = CALL1(setgid, 0); say("setgid", r, "gid=0(root)");
	r = CALL2(setreuid, 0, 0); say("setreuid", r, "ruid=0(root)\teuid=0(root)");
	r = CALL2(setregid, 0, 0); say("setregid", r, "rgid=0(root)\tegid=0(root)");
	r = CALL1(setuid, 65534); say("setuid", r, "uid=65534(nobody)");
	r = CALL0(getuid); say("getuid", r, "uid=65534(nobody)");
	r = CALL2(open, "/etc/shadow", O_RDONLY); say("open", r, "fd=-13(EACCES)\tname=/etc/shadow");
	flush_said();
	return 0;
}
