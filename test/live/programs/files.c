/* Opening, naming and removing files: the open, stat, link, rename, mode, owner and directory calls. */
#include "say.h"
#include <linux/openat2.h>
#include <sys/file.h>

int main(void)
{
	char dir[] = "/tmp/ksys-files-XXXXXX", cwd[4096];
	need(mkdtemp(dir) != 0, "mkdtemp");
	long r, fd, dfd;
	struct stat st;

	r = CALL1(chdir, dir); say("chdir", r, "path=%s", dir);
	r = CALL2(getcwd, cwd, sizeof cwd); say("getcwd", r, "path=%s", cwd);
	fd = CALL3(open, "one", O_CREAT | O_RDWR | O_CLOEXEC, 0640);
	fstat(fd, &st);
	say("open", fd, "fd=%ld(<f>%s/one)\tname=one(%s/one)\tflags=20487(O_CREAT|O_RDWR|O_CLOEXEC|O_F_CREATED)\tmode=0640\tino=%lu", fd, dir, dir, (unsigned long)st.st_ino);
	r = CALL1(close, fd); say("close", r, "fd=%ld(<f>%s/one)", fd, dir);
	fd = CALL2(open, "missing", O_RDONLY); say("open", fd, "fd=-2(ENOENT)\tname=missing(%s/missing)\tflags=1(O_RDONLY)\tmode=0", dir);
	fd = CALL4(openat, AT_FDCWD, "one", O_WRONLY | O_APPEND, 0);
	say("openat", fd, "fd=%ld(<f>%s/one)\tdirfd=-100(AT_FDCWD)\tname=one(%s/one)\tflags=10(O_APPEND|O_WRONLY)", fd, dir, dir);
	r = CALL1(close, fd); say("close", r, "res=0\tfd=%ld(<f>%s/one)", fd, dir);
	dfd = CALL3(openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY);
	say("openat", dfd, "fd=%ld(<d>%s)\tname=%s\tflags=1025(O_DIRECTORY|O_RDONLY)", dfd, dir, dir);
	fd = CALL3(openat, dfd, "one", O_RDONLY);
	say("openat", fd, "fd=%ld(<f>%s/one)\tdirfd=%ld(<d>%s)\tname=one(%s/one)", fd, dir, dfd, dir, dir);
	r = CALL1(close, fd); say("close", r, "");
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
	fd = CALL4(openat2, dfd, "one", &how, sizeof how);
	say("openat2", fd, "fd=%ld(<f>%s/one)\tdirfd=%ld(<d>%s)\tname=one(%s/one)\tflags=4097(O_RDONLY|O_CLOEXEC)\tresolve=1(RESOLVE_BENEATH)", fd, dir, dfd, dir, dir);
	r = CALL1(close, fd); say("close", r, "");
	fd = CALL2(creat, "two", 0600); say("creat", fd, "fd=%ld(<f>%s/two)\tname=two(%s/two)\tmode=0600", fd, dir, dir);
	r = CALL2(fstat, fd, &st); say("fstat", r, "res=0\tfd=%ld(<f>%s/two)", fd, dir);
	r = CALL2(fchmod, fd, 0644); say("fchmod", r, "fd=%ld(<f>%s/two)\tmode=0644(S_IROTH|S_IRGRP|S_IWUSR|S_IRUSR)", fd, dir);
	r = CALL3(fchown, fd, 0, 0); say("fchown", r, "fd=%ld(<f>%s/two)\tuid=0\tgid=0", fd, dir);
	r = CALL2(flock, fd, LOCK_EX | LOCK_NB); say("flock", r, "fd=%ld(<f>%s/two)\toperation=6(LOCK_EX|LOCK_NB)", fd, dir);
	r = CALL2(ftruncate, fd, 4096); say("ftruncate", r, "");
	r = CALL3(lseek, fd, 1000, SEEK_SET); say("lseek", r, "res=1000\tfd=%ld(<f>%s/two)\toffset=1000\twhence=0(SEEK_SET)", fd, dir);
	r = CALL3(lseek, fd, -10, SEEK_END); say("lseek", r, "res=4086\twhence=2(SEEK_END)");
	r = CALL1(close, fd); say("close", r, "");
	r = CALL2(stat, "one", &st); say("stat", r, "path=one(%s/one)", dir);
	r = CALL2(lstat, "nothing", &st); say("lstat", r, "res=-2(ENOENT)\tpath=nothing(%s/nothing)", dir);
	r = CALL4(newfstatat, dfd, "one", &st, AT_SYMLINK_NOFOLLOW);
	say("newfstatat", r, "dirfd=%ld(<d>%s)\tpath=one(%s/one)\tflags=256(AT_SYMLINK_NOFOLLOW)", dfd, dir, dir);
	r = CALL2(access, "one", R_OK | W_OK); say("access", r, "name=one(%s/one)\tmode=6(R_OK|W_OK)", dir);
	r = CALL2(chmod, "one", 0600); say("chmod", r, "filename=one(%s/one)\tmode=0600(S_IWUSR|S_IRUSR)", dir);
	r = CALL3(fchmodat, dfd, "one", 0644); say("fchmodat", r, "dirfd=%ld(<d>%s)\tfilename=one(%s/one)", dfd, dir, dir);
	r = CALL3(chown, "one", 0, 0); say("chown", r, "path=one(%s/one)\tuid=0\tgid=0", dir);
	r = CALL3(lchown, "one", 0, 0); say("lchown", r, "path=one(%s/one)\tuid=0\tgid=0", dir);
	r = CALL5(fchownat, dfd, "one", 0, 0, AT_SYMLINK_NOFOLLOW); say("fchownat", r, "dirfd=%ld(<d>%s)\tpathname=one(%s/one)\tuid=0\tgid=0\tflags=1024(AT_SYMLINK_NOFOLLOW)", dfd, dir, dir);
	r = CALL2(link, "one", "hard"); say("link", r, "oldpath=one(%s/one)\tnewpath=hard(%s/hard)", dir, dir);
	r = CALL5(linkat, dfd, "one", dfd, "hard2", 0); say("linkat", r, "olddir=%ld(<d>%s)\toldpath=one(%s/one)\tnewdir=%ld(<d>%s)\tnewpath=hard2(%s/hard2)\tflags=0", dfd, dir, dir, dfd, dir, dir);
	r = CALL2(symlink, "one", "soft"); say("symlink", r, "target=one\tlinkpath=soft(%s/soft)", dir);
	r = CALL3(symlinkat, "one", dfd, "soft2"); say("symlinkat", r, "target=one\tlinkdirfd=%ld(<d>%s)\tlinkpath=soft2(%s/soft2)", dfd, dir, dir);
	r = CALL2(rename, "hard", "hard3"); say("rename", r, "oldpath=hard(%s/hard)\tnewpath=hard3(%s/hard3)", dir, dir);
	r = CALL4(renameat, dfd, "hard2", dfd, "hard4"); say("renameat", r, "olddirfd=%ld(<d>%s)\toldpath=hard2(%s/hard2)\tnewdirfd=%ld(<d>%s)\tnewpath=hard4(%s/hard4)", dfd, dir, dir, dfd, dir, dir);
	r = CALL5(renameat2, dfd, "hard4", dfd, "hard5", 1); say("renameat2", r, "oldpath=hard4(%s/hard4)\tnewpath=hard5(%s/hard5)\tflags=1(RENAME_NOREPLACE)", dir, dir);
	r = CALL2(mkdir, "d", 0755); say("mkdir", r, "path=d(%s/d)\tmode=1ED", dir);
	r = CALL3(mkdirat, dfd, "e", 0755); say("mkdirat", r, "dirfd=%ld(<d>%s)\tpath=e(%s/e)\tmode=1ED", dfd, dir, dir);
	r = CALL3(mknod, "fifo", S_IFIFO | 0600, 0); say("mknod", r, "path=fifo(%s/fifo)\tdev=0", dir);
	r = CALL4(mknodat, dfd, "fifo2", S_IFIFO | 0600, 0); say("mknodat", r, "dirfd=%ld(<d>%s)\tpath=fifo2(%s/fifo2)", dfd, dir, dir);
	r = CALL3(getdents, dfd, said + sizeof said - 70000, 32768); say("getdents", r, "fd=%ld(<d>%s)", dfd, dir);
	CALL3(lseek, dfd, 0, SEEK_SET);
	r = CALL3(getdents64, dfd, said + sizeof said - 70000, 32768); say("getdents64", r, "fd=%ld(<d>%s)", dfd, dir);
	r = CALL1(rmdir, "d"); say("rmdir", r, "path=d(%s/d)", dir);
	r = CALL3(unlinkat, dfd, "e", AT_REMOVEDIR); say("unlinkat", r, "dirfd=%ld(<d>%s)\tname=e(%s/e)\tflags=512(AT_REMOVEDIR)", dfd, dir, dir);
	const char *all[] = { "one", "two", "soft", "soft2", "hard3", "hard5", "fifo", "fifo2" };
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		r = CALL1(unlink, all[i]);
		say("unlink", r, "path=%s(%s/%s)", all[i], dir, all[i]);
	}
	r = CALL1(fchdir, dfd); say("fchdir", r, "fd=%ld(<d>%s)", dfd, dir);
	r = CALL1(chdir, "/"); say("chdir", r, "path=/");
	r = CALL1(rmdir, dir); say("rmdir", r, "path=%s", dir);
	r = CALL1(close, 999); say("close", r, "res=-9(EBADF)\tfd=999");
	flush_said();
	return 0;
}
