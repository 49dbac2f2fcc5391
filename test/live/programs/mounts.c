/* File systems: mounting in the old way and the new, roots, namespaces, quotas, files by their handle. All in a mount namespace
 * of its own, which ends with the program. */
#include "say.h"
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>

struct handle { unsigned bytes; int type; unsigned char data[128]; };

int main(void)
{
	char dir[] = "/tmp/ksys-mounts-XXXXXX", path[256], host[64] = "";
	long r, fd, fs, mnt, dfd;
	need(mkdtemp(dir) != 0, "mkdtemp");
	need(chdir(dir) == 0, "chdir");
	snprintf(path, sizeof path, "%s/m", dir);
	need(mkdir("m", 0755) == 0 && mkdir("n", 0755) == 0, "mkdir");
	long old = CALL3(open, "/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC, 0);

	r = CALL1(unshare, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC); need(r == 0, "unshare");
	say("unshare", r, "res=0\tflags=168(CLONE_NEWIPC|CLONE_NEWNS|CLONE_NEWUTS)");
	r = CALL5(mount, "none", "/", 0, MS_REC | MS_PRIVATE, 0); say("mount", r, "res=0\tdev=none\tdir=/\tflags=278528(REC|PRIVATE)");
	r = CALL5(mount, "small", "m", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k"); say("mount", r, "res=0\tdev=small\tdir=m(%s/m)\ttype=tmpfs\tflags=6(NOSUID|NODEV)", dir);
	r = CALL5(mount, "x", "missing", "tmpfs", 0, 0); say("mount", r, "res=-2(ENOENT)\tdir=missing(%s/missing)", dir);
	r = CALL5(mount, "m", "n", 0, MS_BIND, 0); say("mount", r, "dev=m\tdir=n(%s/n)\tflags=4096(BIND)", dir);
	r = CALL2(umount2, "n", MNT_DETACH | UMOUNT_NOFOLLOW); say("umount2", r, "res=0\tname=n(%s/n)\tflags=10(DETACH|NOFOLLOW)", dir);
	r = CALL2(umount2, "n", 0); say("umount2", r, "res=-22(EINVAL)\tname=n(%s/n)\tflags=0", dir);

	/* a file is found again by its handle, and known by its path */
	struct handle h = { .bytes = sizeof h.data };
	int id;
	CALL1(close, CALL3(open, "m/one", O_CREAT | O_RDWR, 0600));
	r = CALL5(name_to_handle_at, AT_FDCWD, "m/one", &h, &id, 0); say("name_to_handle_at", r, "res=0\tdfd=-100(AT_FDCWD)");
	dfd = CALL2(open, "m", O_RDONLY | O_DIRECTORY);
	fd = CALL3(open_by_handle_at, dfd, &h, O_RDWR); say("open_by_handle_at", fd, "fd=%ld(<f>%s/one)\tmountfd=%ld(<d>%s)\tflags=3(O_RDWR)\tpath=%s/one", fd, path, dfd, path, path);
	r = CALL3(write, fd, "x", 1); say("write", r, "fd=%ld(<f>%s/one)", fd, path);
	CALL1(close, fd);
	r = CALL3(open_by_handle_at, 999, &h, O_RDONLY); say("open_by_handle_at", r, "fd=-9(EBADF)\tmountfd=999\tflags=1(O_RDONLY)");

	fs = CALL2(fsopen, "tmpfs", FSOPEN_CLOEXEC); say("fsopen", fs, "_fs_name=tmpfs\tflags=1(FSOPEN_CLOEXEC)");
	r = CALL5(fsconfig, fs, FSCONFIG_SET_STRING, "size", "128k", 0); say("fsconfig", r, "res=0\tcmd=1(FSCONFIG_SET_STRING)\tkey=size\tvalue_charbuf=128k\taux=0");
	r = CALL5(fsconfig, fs, FSCONFIG_SET_FLAG, "ro", 0, 0); say("fsconfig", r, "cmd=0(FSCONFIG_SET_FLAG)\tkey=ro");
	r = CALL5(fsconfig, fs, FSCONFIG_SET_BINARY, "blob", "\1two", 4); say("fsconfig", r, "cmd=2(FSCONFIG_SET_BINARY)\tkey=blob\tvalue_bytebuf=.two\taux=4");
	r = CALL5(fsconfig, fs, FSCONFIG_SET_PATH, "where", "m/one", AT_FDCWD); say("fsconfig", r, "cmd=3(FSCONFIG_SET_PATH)\tkey=where\tvalue_charbuf=m/one\taux=-100(AT_FDCWD)");
	r = CALL5(fsconfig, fs, FSCONFIG_SET_FD, "from", 0, dfd); say("fsconfig", r, "cmd=5(FSCONFIG_SET_FD)\tkey=from\taux=%ld", dfd);
	r = CALL5(fsconfig, fs, FSCONFIG_CMD_CREATE, 0, 0, 0); say("fsconfig", r, "res=0\tcmd=6(FSCONFIG_CMD_CREATE)");
	mnt = CALL3(fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOEXEC); say("fsmount", mnt, "flags=1(FSMOUNT_CLOEXEC)\tattr_flags=8(MOUNT_ATTR_NOEXEC)");
	r = CALL5(move_mount, mnt, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH); say("move_mount", r, "res=0");
	long tree = CALL3(open_tree, AT_FDCWD, "n", 0); say("open_tree", tree, "dfd=-100(AT_FDCWD)");
	r = CALL3(fspick, AT_FDCWD, "n", 0); say("fspick", r, "dfd=-100(AT_FDCWD)");
	r = CALL2(umount2, "n", MNT_DETACH); say("umount2", r, "name=n(%s/n)\tflags=2(DETACH)", dir);

	/* block quotas are requested from a file system without them: refused, with all arguments */
	r = CALL4(quotactl, (int)(0x800007u << 8) /* Q_GETQUOTA, user */, "/dev/none", 1000, path);
	say("quotactl", r, "special=/dev/none\tdqb_bhardlimit=NULL\tcmd=32(Q_GETQUOTA)\ttype=1(USRQUOTA)\tid=1000");
	struct { uint64_t bhard, bsoft, cur, ihard, isoft, curi, btime, itime; uint32_t valid; } q = { 100, 50, 0, 10, 5, 0, 3, 4, 0x3f };
	r = CALL4(quotactl, (int)(0x800008u << 8 | 1) /* Q_SETQUOTA, group */, "/dev/none", 7, &q);
	say("quotactl", r, "special=/dev/none\tdqb_bhardlimit=100\tdqb_bsoftlimit=50\tdqb_ihardlimit=10\tdqb_isoftlimit=5\tdqb_btime=3000000000(3s)\tdqb_itime=4000000000(4s)\tcmd=64(Q_SETQUOTA)\ttype=2(GRPQUOTA)\tid=7");
	r = CALL4(quotactl, (int)(0x800002u << 8) /* Q_QUOTAON, user */, "/dev/none", 2, "/quota.file");
	say("quotactl", r, "special=/dev/none\tquotafilepath=/quota.file\tcmd=1(Q_QUOTAON)\ttype=1(USRQUOTA)\tquota_fmt=4(QFMT_VFS_V0)");

	/* another root, the caller's own and the whole namespace's; paths are printed as the program sees them */
	need(mkdir("m/old", 0700) == 0, "mkdir");
	r = CALL2(sethostname, "ksys-test", 9); say("sethostname", r, "len=9");
	need(gethostname(host, sizeof host) == 0, "gethostname");
	flush_said();
	long pid = fork();
	if (pid == 0) {
		r = CALL1(chroot, "m"); say("chroot", r, "res=0\tpath=m(%s/m)", dir);
		CALL1(chdir, "/");
		r = CALL2(access, "/one", F_OK); say("access", r, "res=0\tname=/one");
		r = CALL1(chroot, "/missing"); say("chroot", r, "res=-2(ENOENT)\tpath=/missing");
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
	pid = fork();
	if (pid == 0) {
		r = CALL2(pivot_root, "m", "m/old"); say("pivot_root", r, "res=0");
		r = CALL1(chdir, "/"); say("chdir", r, "path=/");
		flush_said();
		_exit(0);
	}
	waitpid(pid, 0, 0);
	r = CALL2(setns, old, CLONE_NEWNS); say("setns", r, "res=0\tfd=%ld(<f>/proc/self/ns/mnt)\tnstype=32(CLONE_NEWNS)", old);
	r = CALL2(setns, 999, 0); say("setns", r, "res=-9(EBADF)\tfd=999\tnstype=0");
	/* entering a namespace changes to its root */
	need(chdir(dir) == 0 && rmdir("n") == 0 && rmdir("m") == 0 && chdir("/") == 0, "rmdir");
	r = CALL1(rmdir, dir); say("rmdir", r, "res=0\tpath=%s", dir);
	flush_said();
	return 0;
}
