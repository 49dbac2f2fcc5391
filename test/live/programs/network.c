/* Sockets: IPv4, IPv6 and unix, stream and datagram, connected and not, with messages and options. */
#include "say.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	char buf[200], un_path[64];
	long r, ls, cs, as;
	int one = 1, v;
	socklen_t len, vlen = sizeof v;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, peer, me;

	ls = CALL3(socket, AF_INET, SOCK_STREAM, 0); say("socket", ls, "fd=%ld(<4>)\tdomain=2(AF_INET)\ttype=1(SOCK_STREAM)\tproto=0(IPPROTO_IP)", ls);
	r = CALL5(setsockopt, ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	say("setsockopt", r, "fd=%ld(<4>)\tlevel=1(SOL_SOCKET)\toptname=2(SO_REUSEADDR)\tval=1\toptlen=4", ls);
	r = CALL3(bind, ls, &a, sizeof a);
	len = sizeof a; getsockname(ls, (void *)&a, &len);
	int port = ntohs(a.sin_port);
	say("bind", r, "addr=127.0.0.1:0\tfd=%ld(<4t>127.0.0.1:%d)", ls, port);
	len = sizeof peer;
	r = CALL3(getsockname, ls, &peer, &len); say("getsockname", r, "");
	r = CALL3(getpeername, ls, &peer, &len); say("getpeername", r, "");
	r = CALL2(listen, ls, 5); say("listen", r, "fd=%ld(<4t>127.0.0.1:%d)\tbacklog=5", ls, port);
	cs = CALL3(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); say("socket", cs, "fd=%ld(<4>)\tdomain=2(AF_INET)", cs);
	r = CALL3(connect, cs, &a, sizeof a);
	len = sizeof me; getsockname(cs, (void *)&me, &len);
	int cport = ntohs(me.sin_port);
	say("connect", r, "res=0\ttuple=127.0.0.1:%d->127.0.0.1:%d\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\taddr=127.0.0.1:%d", cport, port, cs, cport, port, port);
	len = sizeof peer;
	as = CALL3(accept, ls, &peer, &len); say("accept", as, "fd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\ttuple=127.0.0.1:%d->127.0.0.1:%d", as, cport, port, cport, port);
	r = CALL6(sendto, cs, "ping", 4, 0, 0, 0); say("sendto", r, "res=4\tdata=ping\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tsize=4", cs, cport, port);
	r = CALL6(recvfrom, as, buf, sizeof buf, 0, 0, 0); say("recvfrom", r, "res=4\tdata=ping\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tsize=200", as, cport, port);
	struct iovec iov[2] = { { "po", 2 }, { "ng", 2 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	r = CALL3(sendmsg, as, &m, 0); say("sendmsg", r, "res=4\tdata=pong\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tsize=4", as, cport, port);
	struct iovec iin = { buf, sizeof buf };
	struct msghdr mi = { .msg_iov = &iin, .msg_iovlen = 1 };
	r = CALL3(recvmsg, cs, &mi, 0); say("recvmsg", r, "res=4\tsize=200\tdata=pong\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)", cs, cport, port);
	r = CALL3(write, cs, "raw", 3); say("write", r, "data=raw\tfd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)", cs, cport, port);
	r = CALL5(getsockopt, cs, SOL_SOCKET, SO_ERROR, &v, &vlen); say("getsockopt", r, "fd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\tlevel=1(SOL_SOCKET)\toptname=4(SO_ERROR)", cs, cport, port);
	r = CALL2(shutdown, cs, SHUT_WR); say("shutdown", r, "fd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)\thow=1(SHUT_WR)", cs, cport, port);
	r = CALL1(close, cs); say("close", r, "fd=%ld(<4t>127.0.0.1:%d->127.0.0.1:%d)", cs, cport, port);
	CALL1(close, as);
	CALL1(close, ls);
	cs = CALL3(socket, AF_INET, SOCK_STREAM, 0);
	r = CALL3(connect, cs, &a, sizeof a); say("connect", r, "res=-111(ECONNREFUSED)\taddr=127.0.0.1:%d", port);
	CALL1(close, cs);

	long u1 = CALL3(socket, AF_INET, SOCK_DGRAM, 0), u2 = CALL3(socket, AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in d = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	CALL3(bind, u1, &d, sizeof d);
	len = sizeof d; getsockname(u1, (void *)&d, &len);
	r = CALL6(sendto, u2, "dgram", 5, 0, &d, sizeof d); say("sendto", r, "data=dgram\tsize=5", u2);
	len = sizeof peer;
	r = CALL6(recvfrom, u1, buf, sizeof buf, 0, &peer, &len);
	say("recvfrom", r, "data=dgram\ttuple=127.0.0.1:%d->127.0.0.1:%d", ntohs(peer.sin_port), ntohs(d.sin_port));

	/* several messages in one call are one event, with the data of all */
	struct iovec m1 = { "first ", 6 }, m2[2] = { { "sec", 3 }, { "ond", 3 } }, in1 = { buf, 20 }, in2 = { buf + 20, 30 };
	struct mmsghdr outs[2] = { { .msg_hdr = { .msg_name = &d, .msg_namelen = sizeof d, .msg_iov = &m1, .msg_iovlen = 1 } },
				   { .msg_hdr = { .msg_name = &d, .msg_namelen = sizeof d, .msg_iov = m2, .msg_iovlen = 2 } } };
	r = CALL4(sendmmsg, u2, outs, 2, 0); say("sendmmsg", r, "res=2\tsize=12\tdata=first second");
	struct mmsghdr ins[3] = { { .msg_hdr = { .msg_name = &peer, .msg_namelen = sizeof peer, .msg_iov = &in1, .msg_iovlen = 1 } },
				  { .msg_hdr = { .msg_iov = &in2, .msg_iovlen = 1 } }, { .msg_hdr = { .msg_iov = &in2, .msg_iovlen = 1 } } };
	r = CALL5(recvmmsg, u1, ins, 3, MSG_DONTWAIT, 0);
	say("recvmmsg", r, "res=2\tsize=50\tdata=first second\ttuple=127.0.0.1:%d->127.0.0.1:%d", ntohs(peer.sin_port), ntohs(d.sin_port));
	r = CALL5(recvmmsg, u1, ins, 3, MSG_DONTWAIT, 0); say("recvmmsg", r, "res=-11(EAGAIN)\tdata=NULL");
	r = CALL4(sendmmsg, u1, &outs[1], 1, 0x40000000); say("sendmmsg", r, "size=6\tdata=second");

	struct sockaddr_in6 s6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	ls = CALL3(socket, AF_INET6, SOCK_STREAM, 0); say("socket", ls, "fd=%ld(<6>)\tdomain=10(AF_INET6)", ls);
	r = CALL3(bind, ls, &s6, sizeof s6);
	if (r == 0) {
		say("bind", r, "addr=::1:0", ls);
		len = sizeof s6; getsockname(ls, (void *)&s6, &len);
		port = ntohs(s6.sin6_port);
		CALL2(listen, ls, 5);
		cs = CALL3(socket, AF_INET6, SOCK_STREAM, 0);
		r = CALL3(connect, cs, &s6, sizeof s6);
		struct sockaddr_in6 me6; len = sizeof me6; getsockname(cs, (void *)&me6, &len);
		cport = ntohs(me6.sin6_port);
		say("connect", r, "tuple=::1:%d->::1:%d\tfd=%ld(<6t>::1:%d->::1:%d)", cport, port, cs, cport, port);
		as = CALL4(accept4, ls, 0, 0, SOCK_NONBLOCK); say("accept4", as, "fd=%ld(<6t>::1:%d->::1:%d)\ttuple=::1:%d->::1:%d", as, cport, port, cport, port);
	}

	snprintf(un_path, sizeof un_path, "/tmp/ksys-un-%d", getpid());
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	strcpy(un.sun_path, un_path);
	ls = CALL3(socket, AF_UNIX, SOCK_STREAM, 0); say("socket", ls, "fd=%ld(<u>)\tdomain=1(AF_LOCAL|AF_UNIX)", ls);
	r = CALL3(bind, ls, &un, sizeof un); say("bind", r, "addr=%s", un_path, ls);
	r = CALL2(listen, ls, 1); say("listen", r, "");
	cs = CALL3(socket, AF_UNIX, SOCK_STREAM, 0);
	r = CALL3(connect, cs, &un, sizeof un); say("connect", r, "res=0\taddr=%s", un_path);
	as = CALL3(accept, ls, 0, 0); say("accept", as, "");
	int sv[2];
	r = CALL4(socketpair, AF_UNIX, SOCK_STREAM, 0, sv); say("socketpair", r, "fd1=%d(<u>)\tfd2=%d(<u>)\tdomain=1(AF_LOCAL|AF_UNIX)", sv[0], sv[1]);
	/* a descriptor passed with SCM_RIGHTS is known by its path at once */
	long file = CALL3(openat, AT_FDCWD, "/etc/hostname", O_RDONLY);
	if (file < 0) file = CALL3(openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
	char link[32], passed[4096] = "";
	snprintf(link, sizeof link, "/proc/self/fd/%ld", file);
	need(readlink(link, passed, sizeof passed - 1) > 0, "readlink");
	char control[CMSG_SPACE(sizeof(int))] = "", rcontrol[CMSG_SPACE(sizeof(int))] = "";
	struct iovec cv = { "fd", 2 }, rcv = { buf, sizeof buf };
	struct msghdr out = { .msg_iov = &cv, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&out);
	c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &(int){ file }, sizeof(int));
	r = CALL3(sendmsg, sv[0], &out, 0); say("sendmsg", r, "data=fd");
	CALL1(close, file);
	struct msghdr in = { .msg_iov = &rcv, .msg_iovlen = 1, .msg_control = rcontrol, .msg_controllen = sizeof rcontrol };
	r = CALL3(recvmsg, sv[1], &in, 0); say("recvmsg", r, "data=fd");
	int got;
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&in)), sizeof got);
	r = CALL3(read, got, buf, 1); say("read", r, "fd=%d(<f>%s)", got, passed);
	CALL1(unlink, un_path);
	flush_said();
	return 0;
}
