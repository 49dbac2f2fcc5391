/* Every call on files, directories, links, attributes and descriptors. argv[1]: an empty folder. */
#include "every.h"
#include <linux/fs.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/xattr.h>
#include <termios.h>
#include <utime.h>

static char out[4096];
static struct stat st;

static void opening(void)
{
	long f = DO(open, "a", O_CREAT | O_RDWR | O_TRUNC, 0644);
	DO(write, f, "hello world", 11);
	DO(close, f);
	f = DO(open, "a", O_RDONLY | O_NOATIME | O_NOFOLLOW | O_CLOEXEC);
	DO(close, f);
	f = DO(open, "a", O_WRONLY | O_APPEND | O_DSYNC | O_NONBLOCK);
	DO(close, f);
	f = DO(openat, AT_FDCWD, "a", O_RDWR | O_SYNC | O_LARGEFILE);
	DO(close, f);
	f = DO(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_PATH);
	DO(openat, f, "nothing", O_RDONLY | O_EXCL, 0);
	DO(openat, f, "b", O_WRONLY | O_CREAT | O_EXCL, 0600);
	DO(openat, f, "b", O_WRONLY | O_CREAT | O_EXCL, 0600);
	struct { uint64_t flags, mode, resolve; } how = { O_RDWR | O_CREAT, 0640, 0x08 | 0x04 };
	DO(openat2, f, "c", &how, sizeof how);
	how.resolve = 0x10 | 0x02 | 0x01;
	how.flags = O_RDONLY, how.mode = 0;
	DO(openat2, f, "c", &how, sizeof how);
	DO(openat2, f, "c", 8L, sizeof how);
	DO(openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0600);
	DO(creat, "d", 0751);
	DO(open, "/nothing/at/all", O_RDONLY);
	DO(open, 16L, O_RDONLY);
	DO(openat, 12345, "relative", O_RDONLY);
	DO(close, 12345);
	DO(close_range, 300, 400, 0);
	DO(close_range, 300, 400, 4);
	DO(close_range, 300, ~0u, 2);
	DO(memfd_create, "some memory", 3);
	DO(memfd_secret, 0);
	DO(memfd_secret, O_CLOEXEC);
}

static void transfers(void)
{
	long f = DO(open, "a", O_RDWR);
	struct iovec v[3] = { { "one", 3 }, { "", 0 }, { "three", 5 } }, in[2] = { { out, 4 }, { out + 100, 100 } };
	DO(read, f, out, 5);
	DO(read, f, out, 100);
	DO(read, f, out, 0);
	DO(read, f, 16L, 10);
	DO(read, 999, out, 10);
	DO(write, f, "abc", 3);
	DO(write, f, 16L, 3);
	DO(lseek, f, 2, SEEK_SET);
	DO(lseek, f, -1, SEEK_CUR);
	DO(lseek, f, 0, SEEK_END);
	DO(lseek, f, 0, SEEK_DATA);
	DO(lseek, f, 1000, SEEK_HOLE);
	DO(lseek, f, 0, 77);
	DO(pread64, f, out, 5, 6);
	DO(pwrite64, f, "xyz", 3, 20);
	DO(readv, f, in, 2);
	DO(writev, f, v, 3);
	DO(preadv, f, in, 2, 1, 0);
	DO(pwritev, f, v, 3, 30, 0);
	DO(preadv2, f, in, 2, 1, 0, 8);
	DO(pwritev2, f, v, 3, 40, 0, 2 | 4);
	DO(pwritev2, f, v, 3, -1, -1, 0x10);
	DO(writev, f, v, -1);
	DO(truncate, "a", 50);
	DO(ftruncate, f, 60);
	DO(truncate, "nothing", 1);
	DO(fallocate, f, 0, 0, 4096);
	DO(fallocate, f, 3, 10, 20);
	DO(fallocate, f, 0x10, 10, 20);
	DO(fadvise64, f, 0, 100, 4);
	DO(readahead, f, 0, 100);
	DO(sync_file_range, f, 0, 100, 7);
	DO(fsync, f);
	DO(fdatasync, f);
	DO(syncfs, f);
	long other = DO(open, "other", O_CREAT | O_RDWR, 0600);
	long off = 2, to = 7;
	DO(sendfile, other, f, &off, 10);
	DO(sendfile, other, f, 0, 10);
	DO(copy_file_range, f, &off, other, &to, 5, 0);
	DO(copy_file_range, f, 0, other, 0, 5, 0);
	int p[2], q[2];
	DO(pipe, p);
	DO(pipe2, q, O_CLOEXEC | O_NONBLOCK);
	DO(pipe2, q, O_DIRECT);
	DO(pipe2, 16L, 0);
	DO(vmsplice, p[1], v, 3, 2);
	DO(tee, p[0], q[1], 100, 2);
	DO(splice, p[0], 0, q[1], 0, 100, 1 | 2);
	DO(splice, q[0], 0, other, &to, 3, 0);
	struct { uint64_t off, len; } range = { 0, 4096 };
	uint64_t stat[5];
	DO(cachestat, f, &range, stat, 0);
	DO(cachestat, 999, &range, stat, 0);
	DO(dup, f);
	DO(dup2, f, 100);
	DO(dup3, f, 101, O_CLOEXEC);
	DO(dup3, f, f, 0);
	DO(flock, f, 2 | 4);
	DO(flock, f, 8);
	DO(getrandom, out, 8, 1);
	DO(getrandom, out, 8, 6);
}

static void control(void)
{
	long f = DO(open, "a", O_RDWR);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5 };
	struct { int type, pid; } owner = { 1, getpid() };
	uint64_t hint = 2, none = 77;
	DO(fcntl, f, F_GETFD);
	DO(fcntl, f, F_SETFD, FD_CLOEXEC);
	DO(fcntl, f, F_GETFL);
	DO(fcntl, f, F_SETFL, O_APPEND | O_NONBLOCK);
	DO(fcntl, f, F_DUPFD, 50);
	DO(fcntl, f, F_DUPFD_CLOEXEC, 60);
	DO(fcntl, f, F_GETLK, &l);
	l.l_type = F_RDLCK;
	DO(fcntl, f, F_SETLK, &l);
	DO(fcntl, f, F_SETLKW, &l);
	l.l_type = F_UNLCK;
	DO(fcntl, f, F_SETLK, &l);
	l.l_type = F_WRLCK, l.l_whence = SEEK_END, l.l_start = -4, l.l_pid = 0;
	DO(fcntl, f, F_OFD_SETLK, &l);
	DO(fcntl, f, F_OFD_GETLK, &l);
	DO(fcntl, f, F_SETOWN, getpid());
	DO(fcntl, f, F_GETOWN);
	DO(fcntl, f, F_SETOWN_EX, &owner);
	DO(fcntl, f, F_GETOWN_EX, &owner);
	DO(fcntl, f, F_SETSIG, SIGUSR1);
	DO(fcntl, f, F_GETSIG);
	DO(fcntl, f, F_GETLEASE);
	DO(fcntl, f, F_SETLEASE, F_RDLCK);
	DO(fcntl, f, F_NOTIFY, DN_ACCESS | DN_MULTISHOT);
	DO(fcntl, f, 1035, &hint);
	DO(fcntl, f, 1036, &hint);
	DO(fcntl, f, 1037, &none);
	DO(fcntl, f, 1036, &none);
	int p[2];
	DO(pipe, p);
	DO(fcntl, p[0], F_SETPIPE_SZ, 8192);
	DO(fcntl, p[0], F_GETPIPE_SZ);
	long m = DO(memfd_create, "sealed", 2);
	DO(fcntl, m, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
	DO(fcntl, m, F_GET_SEALS);
	DO(fcntl, f, 9999, 5);
	DO(fcntl, f, F_SETLK, 16L);
	DO(fcntl, 999, F_GETFD);

	int n = 0;
	struct winsize w = { 24, 80, 0, 0 };
	struct termios t;
	unsigned long attr;
	DO(ioctl, p[0], FIONREAD, &n);
	n = 1;
	DO(ioctl, f, FIONBIO, &n);
	DO(ioctl, f, FIOCLEX);
	DO(ioctl, f, FS_IOC_GETFLAGS, &attr);
	DO(ioctl, f, TCGETS, &t);
	DO(ioctl, f, FIGETBSZ, &n);
	DO(ioctl, f, 0x5678abcd, 3);
	DO(ioctl, f, 0xffffffff80045430, &n); /* TIOCGPTN with its sign extended */
	long tty = DO(open, "/dev/ptmx", O_RDWR | O_NOCTTY);
	n = 0;
	DO(ioctl, tty, TIOCSPTLCK, &n);
	DO(ioctl, tty, TIOCGPTN, &n);
	DO(ioctl, tty, TIOCSWINSZ, &w);
	DO(ioctl, tty, TIOCGWINSZ, &w);
	DO(ioctl, tty, TCGETS, &t);
	DO(ioctl, tty, TCSETS, &t);
	char old[64];
	int speeds[64];
	DO(ioctl, tty, TCGETA, old);
	DO(ioctl, tty, TCSETA, old);
	DO(ioctl, tty, 0x802c542a, speeds); /* TCGETS2 */
	DO(ioctl, tty, TIOCGLCKTRMIOS, &t);
	DO(ioctl, tty, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	DO(ioctl, f, 0x5600, old); /* VT_OPENQRY */
	DO(ioctl, f, 0x2285, old); /* SG_IO */
	DO(ioctl, f, 0x80104592, old); /* as in EVIOCGBIT */
	DO(ioctl, f, 0xae01, 0); /* KVM_CREATE_VM */
	DO(ioctl, f, 0xc138fd00, old); /* DM_VERSION */
	DO(ioctl, f, 0x40044900, 7); /* INOTIFY_IOC_SETNEXTWD */
	DO(ioctl, f, 0x40082102, old); /* SECCOMP_IOCTL_NOTIF_ID_VALID */
	DO(ioctl, tty, TIOCGPGRP, &n);
	DO(ioctl, 999, TIOCGWINSZ, &w);
}

static void names(void)
{
	DO(mkdir, "dir", 0755);
	DO(mkdirat, AT_FDCWD, "dir/sub", 0700);
	DO(mkdir, "dir", 0755);
	long d = DO(open, "dir", O_RDONLY | O_DIRECTORY);
	DO(rename, "b", "bb");
	DO(renameat, AT_FDCWD, "bb", d, "bbb");
	DO(renameat2, d, "bbb", AT_FDCWD, "b", 1);
	DO(renameat2, AT_FDCWD, "b", AT_FDCWD, "c", 2);
	DO(renameat2, AT_FDCWD, "b", AT_FDCWD, "c", 1);
	DO(link, "a", "hard");
	DO(linkat, AT_FDCWD, "a", d, "hard", 0x400);
	DO(linkat, AT_FDCWD, "a", d, "hard", 0);
	DO(symlink, "a", "soft");
	DO(symlinkat, "../a", d, "soft");
	DO(readlink, "soft", out, 100);
	DO(readlink, "a", out, 100);
	DO(readlinkat, d, "soft", out, 100);
	DO(unlink, "hard");
	DO(unlink, "hard");
	DO(unlinkat, d, "hard", 0);
	DO(unlinkat, AT_FDCWD, "dir/sub", AT_REMOVEDIR);
	DO(rmdir, "dir");
	DO(mknod, "fifo", S_IFIFO | 0644, 0);
	DO(mknodat, d, "null", S_IFCHR | 0600, 0x103);
	DO(mknod, "plain", 0600, 0);
	DO(getcwd, out, sizeof out);
	DO(getcwd, out, 1);
	DO(chdir, "dir");
	DO(chdir, "nothing");
	DO(fchdir, d);
	DO(chdir, "..");
	DO(getdents, d, out, sizeof out);
	DO(lseek, d, 0, SEEK_SET);
	DO(getdents64, d, out, sizeof out);
	DO(getdents64, d, out, sizeof out);
	DO(umask, 027);
	DO(umask, 022);
	DO(access, "a", R_OK | W_OK);
	DO(access, "nothing", F_OK);
	DO(faccessat, AT_FDCWD, "a", X_OK);
	DO(faccessat2, AT_FDCWD, "a", R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	DO(faccessat2, d, "", F_OK, AT_EMPTY_PATH);
}

static void attributes(void)
{
	long f = DO(open, "a", O_RDWR), d = DO(open, ".", O_RDONLY);
	DO(stat, "a", &st);
	DO(stat, "nothing", &st);
	DO(lstat, "soft", &st);
	DO(fstat, f, &st);
	DO(fstat, 999, &st);
	DO(stat, "/dev/null", &st);
	DO(newfstatat, d, "dir", &st, 0);
	DO(newfstatat, AT_FDCWD, "soft", &st, AT_SYMLINK_NOFOLLOW);
	DO(newfstatat, f, "", &st, AT_EMPTY_PATH | AT_NO_AUTOMOUNT);
	char sx[256];
	DO(statx, AT_FDCWD, "a", AT_STATX_SYNC_AS_STAT, 0x7ff, sx);
	DO(statx, AT_FDCWD, "dir", AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, 0xfff, sx);
	DO(statx, AT_FDCWD, "nothing", 0, 2, sx);
	DO(chmod, "a", 0600);
	DO(chmod, "a", 04755);
	DO(fchmod, f, 0640);
	DO(fchmodat, d, "a", 0644);
	DO(fchmodat2, AT_FDCWD, "a", 0644, AT_SYMLINK_NOFOLLOW);
	DO(chown, "a", 1, 2);
	DO(lchown, "soft", 3, -1);
	DO(fchown, f, 0, 0);
	DO(fchownat, d, "soft", 4, 5, AT_SYMLINK_NOFOLLOW);
	struct utimbuf ub = { 1000000000, 1100000000 };
	struct timeval tv[2] = { { 1200000000, 5 }, { 1300000000, 6 } };
	struct timespec ts[2] = { { 1400000000, 7 }, { 0, UTIME_OMIT } }, now[2] = { { 0, UTIME_NOW }, { 1500000000, 8 } };
	DO(utime, "a", &ub);
	DO(utime, "a", 0);
	DO(utimes, "a", tv);
	DO(futimesat, d, "a", tv);
	DO(utimensat, AT_FDCWD, "a", ts, AT_SYMLINK_NOFOLLOW);
	DO(utimensat, f, 0, now, 0);
	DO(utimensat, AT_FDCWD, "nothing", 0, 0);
	DO(setxattr, "a", "user.one", "value", 5, 0);
	DO(setxattr, "a", "user.one", "value", 5, XATTR_CREATE);
	DO(lsetxattr, "a", "user.two", "more", 4, XATTR_REPLACE);
	DO(lsetxattr, "a", "user.two", "more", 4, 0);
	DO(fsetxattr, f, "user.three", "", 0, 0);
	DO(getxattr, "a", "user.one", out, 100);
	DO(getxattr, "a", "user.none", out, 100);
	DO(lgetxattr, "a", "user.two", out, 100);
	DO(lgetxattr, "a", "user.two", 0, 0);
	DO(fgetxattr, f, "user.three", out, 100);
	DO(listxattr, "a", out, 100);
	DO(llistxattr, "a", out, 100);
	DO(flistxattr, f, out, 100);
	DO(flistxattr, f, 0, 0);
	DO(removexattr, "a", "user.one");
	DO(lremovexattr, "a", "user.one");
	DO(fremovexattr, f, "user.two");
	struct { uint64_t value; uint32_t size, flags; } xa = { (uint64_t)"at last", 7, 0 };
	DO(setxattrat, d, "a", AT_SYMLINK_NOFOLLOW, "user.four", &xa, sizeof xa);
	xa.value = (uint64_t)out, xa.size = 100;
	DO(getxattrat, d, "a", 0, "user.four", &xa, sizeof xa);
	DO(listxattrat, d, "a", 0, out, 100);
	DO(removexattrat, d, "a", 0, "user.four");
	struct { uint64_t xflags; uint32_t v[6]; } fa = { 0 };
	DO(file_getattr, d, "a", &fa, 24, 0);
	DO(file_setattr, d, "a", &fa, 24, AT_SYMLINK_NOFOLLOW);
	struct statfs sf;
	DO(statfs, ".", &sf);
	DO(statfs, "/proc", &sf);
	DO(fstatfs, f, &sf);
	DO(statfs, "nothing", &sf);
	DO(ustat, st.st_dev, out);
	struct { unsigned bytes; int type; unsigned char h[128]; } h = { 128 };
	int mnt;
	DO(name_to_handle_at, AT_FDCWD, "a", &h, &mnt, 0);
	DO(open_by_handle_at, d, &h, O_RDONLY);
	h.bytes = 0;
	DO(name_to_handle_at, AT_FDCWD, "a", &h, &mnt, AT_SYMLINK_FOLLOW);
	DO(quotactl, 0x800007 << 8 & 0xffffffff, "/dev/nothing", 5, out);
	DO(quotactl, 0x800002 << 8 | 1, "/dev/nothing", 2, "/quota.file");
	DO(quotactl, 0x800005 << 8, "/dev/nothing", 0, out);
	DO(quotactl, 0x800009 << 8 | 2, "/dev/nothing", 0, out); /* Q_GETNEXTQUOTA of projects */
	DO(quotactl_fd, d, 0x800007 << 8, 0, out);
	DO(acct, "/nothing/at/all");
	DO(swapon, "/nothing/at/all", 0x8000 | 3);
	DO(swapoff, "/nothing/at/all");
	DO(lookup_dcookie, 1, out, 100);
	DO(uselib, "/nothing");
	DO(ioperm, 0x80, 1, 0);
	DO(iopl, 0);
	DO(sysfs, 3);
	DO(sysfs, 1, "proc");
	DO(sysfs, 2, 0, out);
}

static void watching(void)
{
	long i = DO(inotify_init1, IN_CLOEXEC | IN_NONBLOCK), j = DO(inotify_init);
	long w = DO(inotify_add_watch, i, ".", IN_CREATE | IN_DELETE | IN_ONLYDIR);
	DO(inotify_add_watch, j, "nothing", IN_ALL_EVENTS);
	DO(inotify_rm_watch, i, w);
	DO(inotify_rm_watch, i, 77);
	long fan = DO(fanotify_init, FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE);
	DO(fanotify_mark, fan, FAN_MARK_ADD | FAN_MARK_ONLYDIR, FAN_OPEN | FAN_CLOSE_WRITE | FAN_ONDIR, AT_FDCWD, ".");
	DO(fanotify_mark, fan, FAN_MARK_FLUSH | FAN_MARK_MOUNT, 0, AT_FDCWD, 0);
	long e = DO(epoll_create1, EPOLL_CLOEXEC), o = DO(epoll_create, 10), v = DO(eventfd2, 3, EFD_NONBLOCK | EFD_CLOEXEC);
	DO(eventfd, 7);
	DO(eventfd2, 7, EFD_SEMAPHORE);
	struct epoll_event ev = { EPOLLIN | EPOLLOUT | EPOLLET, { .u64 = 0x1234 } }, got[4];
	DO(epoll_ctl, e, EPOLL_CTL_ADD, v, &ev);
	ev.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
	DO(epoll_ctl, e, EPOLL_CTL_MOD, v, &ev);
	DO(epoll_ctl, o, EPOLL_CTL_DEL, v, 0);
	DO(epoll_wait, e, got, 4, 10);
	DO(epoll_wait, e, got, 4, 0);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	struct timespec t = { 0, 1000000 }, t2 = { 0, 2000 };
	struct timeval tv = { 0, 1500 };
	DO(epoll_pwait, o, got, 4, 1, &set, 8);
	DO(epoll_pwait2, o, got, 4, &t, &set, 8);
	DO(epoll_ctl, e, 99, v, &ev);
	struct pollfd p[3] = { { v, POLLIN | POLLOUT, 0 }, { 999, POLLIN | POLLPRI, 0 }, { -1, POLLIN, 0 } };
	DO(poll, p, 3, 10);
	DO(poll, 0, 0, 1);
	p[0].fd = i, p[0].events = POLLIN;
	DO(poll, p, 1, 0);
	DO(ppoll, p, 1, &t, &set, 8);
	fd_set in, outs, ex;
	FD_ZERO(&in);
	FD_ZERO(&outs);
	FD_ZERO(&ex);
	FD_SET(i, &in);
	FD_SET(v, &in);
	FD_SET(v, &outs);
	FD_SET(v, &ex);
	DO(select, 20, &in, &outs, &ex, &tv);
	FD_ZERO(&in);
	FD_SET(i, &in);
	DO(select, 20, &in, 0, 0, &tv);
	DO(select, 0, 0, 0, 0, &tv);
	DO(select, -1, 0, 0, 0, 0);
	FD_SET(v, &in);
	FD_SET(j, &in);
	struct { void *mask; size_t size; } with = { &set, 8 };
	DO(pselect6, 20, &in, 0, 0, &t2, &with);
	DO(pselect6, 20, &in, 0, 0, &t2, 0);
	DO(signalfd, -1, &set, 8);
	long s = DO(signalfd4, -1, &set, 8, SFD_NONBLOCK | SFD_CLOEXEC);
	DO(signalfd4, s, &set, 8, 0);
	long tm = DO(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	DO(timerfd_create, CLOCK_REALTIME, 0);
	struct itimerspec its = { { 1, 2 }, { 3, 4 } }, old;
	DO(timerfd_settime, tm, 0, &its, &old);
	DO(timerfd_settime, tm, TFD_TIMER_ABSTIME, &its, 0);
	DO(timerfd_gettime, tm, &old);
	DO(userfaultfd, O_CLOEXEC | O_NONBLOCK);
	DO(userfaultfd, O_CLOEXEC | 1);
}

static void mounts(void)
{
	DO(mount, "none", "dir", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, "size=1m,mode=700");
	DO(mount, 0, "dir", 0, MS_REMOUNT | MS_RDONLY | MS_BIND, 0);
	DO(mount, "nothing", "dir", "nosuchfs", MS_REC | MS_PRIVATE, 0);
	DO(umount2, "dir", MNT_DETACH | UMOUNT_NOFOLLOW);
	DO(umount2, "nothing", MNT_FORCE);
	long fs = DO(fsopen, "tmpfs", 1);
	DO(fsopen, "nosuchfs", 0);
	DO(fsconfig, fs, 1, "size", "64k", 0);
	DO(fsconfig, fs, 0, "noswap", 0, 0);
	DO(fsconfig, fs, 0, "ro", 0, 0);
	DO(fsconfig, fs, 5, "fd", 0, 3);
	DO(fsconfig, fs, 3, "path", "/etc", AT_FDCWD);
	DO(fsconfig, fs, 2, "binary", "blob", 4);
	DO(fsconfig, fs, 6, 0, 0, 0);
	long m = DO(fsmount, fs, 1, 1 | 2 | 4);
	DO(move_mount, m, "", AT_FDCWD, "dir", 4);
	DO(move_mount, AT_FDCWD, "nothing", AT_FDCWD, "dir", 1 | 0x10);
	long t = DO(open_tree, AT_FDCWD, "dir", 1 | O_CLOEXEC | AT_RECURSIVE);
	uint64_t attr[4] = { 8, 1, 1 << 18, 0 };
	DO(mount_setattr, t, "", AT_EMPTY_PATH | AT_RECURSIVE, attr, sizeof attr);
	DO(mount_setattr, AT_FDCWD, "nothing", 0, attr, sizeof attr);
	attr[1] = 0, attr[2] = 0;
	DO(open_tree_attr, AT_FDCWD, "dir", 1, attr, sizeof attr);
	DO(fspick, AT_FDCWD, "dir", 1 | 8);
	struct { uint32_t size, spare; uint64_t id, param, ns; } req = { 32, 0, ~0ul, 0, 0 };
	uint64_t ids[8];
	DO(listmount, &req, ids, 8, 0);
	DO(listmount, &req, ids, 8, 1);
	req.param = 1 | 2 | 4;
	char sx[256] = "";
	DO(statx, AT_FDCWD, "dir", 0, 0x4000, sx);
	req.id = *(uint64_t *)(sx + 0x90);
	DO(statmount, &req, out, sizeof out, 0);
	req.param = 0x20 | 0x10 | 8;
	DO(statmount, &req, out, sizeof out, 0);
	req.id = 1;
	DO(statmount, &req, out, sizeof out, 0);
	DO(umount2, "dir", MNT_EXPIRE);
	DO(umount2, "dir", MNT_DETACH);
	DO(pivot_root, "/nothing", "/nothing/old");
	long pid = fork();
	if (pid == 0) {
		need(setsid() > 0, "session"); /* whose terminal is used by no other process */
		DO(vhangup);
		DO(chroot, "dir");
		DO(chroot, "/nothing");
		DO(exit_group, 0);
	}
	ended(pid);
}

int main(int argc, char **argv)
{
	need(argc == 2 && chdir(argv[1]) == 0, "folder");
	need(unshare(CLONE_NEWNS) == 0 && mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) == 0, "namespace");
	need(mount("every", argv[1], "tmpfs", 0, "size=16m") == 0 && chdir(argv[1]) == 0, "tmpfs");
	opening();
	transfers();
	control();
	names();
	attributes();
	watching();
	mounts();
	return 0;
}
