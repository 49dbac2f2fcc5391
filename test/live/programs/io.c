/* Input and output: read, write and their vector, positional and copying variants; dup, fcntl, ioctl and pipes. */
#include "say.h"
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

int main(void)
{
	char path[] = "/tmp/ksys-io-XXXXXX", buf[256], big[400];
	long r, fd = mkstemp(path), fd2, p[2];
	int pp[2];
	off_t off = 0;
	need(fd >= 0, "mkstemp");

	r = CALL3(write, fd, "hello world\n", 12); say("write", r, "res=12\tdata=hello world.\tfd=%ld(<f>%s)\tsize=12", fd, path);
	r = CALL4(pwrite64, fd, "HE", 2, 0); say("pwrite", r, "res=2\tdata=HE\tfd=%ld(<f>%s)\tsize=2\tpos=0", fd, path);
	r = CALL4(pread64, fd, buf, 100, 3); say("pread", r, "res=9\tdata=lo world.\tfd=%ld(<f>%s)\tsize=100\tpos=3", fd, path);
	r = CALL3(lseek, fd, 0, SEEK_SET); say("lseek", r, "");
	r = CALL3(read, fd, buf, sizeof buf); say("read", r, "res=12\tdata=HEllo world.\tfd=%ld(<f>%s)\tsize=256", fd, path);
	r = CALL3(read, fd, buf, sizeof buf); say("read", r, "res=0\tfd=%ld(<f>%s)", fd, path);
	r = CALL3(read, 998, buf, 1); say("read", r, "res=-9(EBADF)\tfd=998");
	memset(big, 'x', sizeof big);
	r = CALL3(write, fd, big, sizeof big); say("write", r, "res=400\tsize=400");
	struct iovec iov[2] = { { "ab", 2 }, { "cde", 3 } };
	r = CALL3(writev, fd, iov, 2); say("writev", r, "res=5\tdata=abcde\tfd=%ld(<f>%s)\tsize=5", fd, path);
	r = CALL5(pwritev, fd, iov, 2, 7, 0); say("pwritev", r, "res=5\tdata=abcde\tfd=%ld(<f>%s)\tsize=5\tpos=7", fd, path);
	char x[3], y[4];
	struct iovec in[2] = { { x, 3 }, { y, 4 } };
	r = CALL5(preadv, fd, in, 2, 7, 0); say("preadv", r, "res=7\tsize=7\tdata=abcdexx\tfd=%ld(<f>%s)\tpos=7", fd, path);
	CALL3(lseek, fd, 7, SEEK_SET);
	r = CALL3(readv, fd, in, 2); say("readv", r, "res=7\tsize=7\tdata=abcdexx\tfd=%ld(<f>%s)", fd, path);
	fd2 = CALL1(dup, fd); say("dup", fd2, "res=%ld(<f>%s)\toldfd=%ld(<f>%s)", fd2, path, fd, path);
	r = CALL2(dup2, fd, 40); say("dup2", r, "res=40(<f>%s)\toldfd=%ld(<f>%s)\tnewfd=40(<f>%s)", path, fd, path, path);
	r = CALL3(dup3, fd, 41, O_CLOEXEC); say("dup3", r, "res=41(<f>%s)\toldfd=%ld(<f>%s)\tnewfd=41(<f>%s)\tflags=4096(O_CLOEXEC)", path, fd, path, path);
	r = CALL3(fcntl, fd, F_DUPFD_CLOEXEC, 50); say("fcntl", r, "res=50(<f>%s)\tfd=%ld(<f>%s)\tcmd=26(F_DUPFD_CLOEXEC)\targ=32", path, fd, path);
	r = CALL3(read, 50, buf, 0); say("read", r, "fd=50(<f>%s)", path);
	r = CALL3(fcntl, fd, F_GETFL, 0); say("fcntl", r, "fd=%ld(<f>%s)\tcmd=4(F_GETFL)", fd, path);
	int avail;
	r = CALL3(ioctl, fd, FIONREAD, &avail); say("ioctl", r, "fd=%ld(<f>%s)\trequest=541B(FIONREAD)\targument=%lX", fd, path, (long)&avail);
	r = CALL3(close_range, 40, 41, 0); say("close_range", r, "first=40\tlast=41\tflags=0");
	r = CALL3(read, 40, buf, 1); say("read", r, "res=-9(EBADF)");
	r = CALL1(pipe, pp); p[0] = pp[0]; p[1] = pp[1];
	struct stat st;
	fstat(pp[0], &st);
	say("pipe", r, "res=0\tfd1=%ld(<p>)\tfd2=%ld(<p>)\tino=%lu", p[0], p[1], (unsigned long)st.st_ino);
	r = CALL3(write, p[1], "to pipe", 7); say("write", r, "data=to pipe\tfd=%ld(<p>)", p[1]);
	r = CALL3(read, p[0], buf, 100); say("read", r, "data=to pipe\tfd=%ld(<p>)", p[0]);
	r = CALL2(pipe2, pp, O_CLOEXEC | O_NONBLOCK); say("pipe2", r, "fd1=%d(<p>)\tfd2=%d(<p>)\tflags=4160(O_NONBLOCK|O_CLOEXEC)", pp[0], pp[1]);
	r = CALL3(read, pp[0], buf, 1); say("read", r, "res=-11(EAGAIN)");
	r = CALL4(sendfile, pp[1], fd, &off, 5); say("sendfile", r, "res=5\toffset=5\tout_fd=%d(<p>)\tin_fd=%ld(<f>%s)\tsize=5", pp[1], fd, path);
	r = CALL6(splice, pp[0], 0, p[1], 0, 5, 1); say("splice", r, "res=5\tfd_in=%d(<p>)\tfd_out=%ld(<p>)\tsize=5\tflags=1(SPLICE_F_MOVE)", pp[0], p[1]);
	long fd3 = CALL3(openat, AT_FDCWD, path, O_RDWR);
	long o1 = 0, o2 = 100;
	r = CALL6(copy_file_range, fd3, &o1, fd, &o2, 4, 0); say("copy_file_range", r, "res=4\tfdout=%ld(<f>%s)\toffout=104\tfdin=%ld(<f>%s)\toffin=4\tlen=4", fd, path, fd3, path);
	CALL1(unlink, path);
	flush_said();
	return 0;
}
