/* Every call on sockets, in a network namespace of its own. */
#include "every.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

static char out[4096];

static void options(long s)
{
	int one = 1, got;
	unsigned len = sizeof got;
	struct linger l = { 1, 5 };
	struct timeval t = { 0, 5000 };
	struct ucred who;
	struct tcp_info info;
	struct { struct in_addr group, own; } member = { { htonl(0xe0000001) }, { htonl(INADDR_LOOPBACK) } };
	DO(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
	DO(setsockopt, s, SOL_SOCKET, SO_LINGER, &l, sizeof l);
	DO(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
	DO(setsockopt, s, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
	DO(setsockopt, s, IPPROTO_TCP, TCP_NODELAY, &one, 4);
	DO(setsockopt, s, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5);
	DO(setsockopt, s, IPPROTO_IP, IP_TOS, &one, 4);
	DO(setsockopt, s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &member, sizeof member);
	DO(setsockopt, s, IPPROTO_IP, IP_MULTICAST_IF, &member.own, 4);
	DO(setsockopt, s, IPPROTO_IP, IP_MTU_DISCOVER, &one, 4);
	DO(setsockopt, s, IPPROTO_IP, IP_MULTICAST_TTL, &one, 1);
	DO(setsockopt, s, IPPROTO_IPV6, IPV6_V6ONLY, &one, 4);
	struct ipv6_mreq member6 = { .ipv6mr_multiaddr = { { { 0xff, 2, [15] = 1 } } }, .ipv6mr_interface = 1 };
	DO(setsockopt, s, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &member6, sizeof member6);
	DO(setsockopt, s, IPPROTO_UDP, UDP_CORK, &one, 4);
	DO(setsockopt, s, SOL_NETLINK, NETLINK_EXT_ACK, &one, 4);
	DO(setsockopt, s, SOL_PACKET, PACKET_VERSION, &one, 4);
	struct packet_mreq promiscuous = { .mr_ifindex = 1, .mr_type = PACKET_MR_PROMISC };
	DO(setsockopt, s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous);
	DO(setsockopt, s, SOL_SOCKET, 999, &one, 4);
	DO(setsockopt, 999, SOL_SOCKET, SO_KEEPALIVE, &one, 4);
	DO(getsockopt, s, SOL_SOCKET, SO_ERROR, &got, &len);
	DO(getsockopt, s, SOL_SOCKET, SO_TYPE, &got, &len);
	len = sizeof who;
	DO(getsockopt, s, SOL_SOCKET, SO_PEERCRED, &who, &len);
	len = sizeof info;
	DO(getsockopt, s, IPPROTO_TCP, TCP_INFO, &info, &len);
	len = 4;
	DO(getsockopt, s, IPPROTO_TCP, TCP_MAXSEG, &got, &len);
	DO(getsockopt, s, 12345, 1, &got, &len);
}

static void streams(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(4711), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, peer;
	unsigned len = sizeof peer;
	long l = DO(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP), c = DO(socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	DO(bind, l, &a, sizeof a);
	DO(bind, c, &a, sizeof a);
	DO(listen, l, 5);
	options(l);
	DO(connect, c, &a, sizeof a);
	DO(connect, c, &a, sizeof a);
	long s = DO(accept4, l, &peer, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	DO(getsockname, s, &peer, &len);
	DO(getpeername, s, &peer, &len);
	DO(getpeername, l, &peer, &len);
	DO(sendto, c, "hello", 5, MSG_NOSIGNAL, 0, 0);
	DO(recvfrom, s, out, 3, MSG_PEEK, 0, 0);
	DO(recvfrom, s, out, 100, 0, 0, 0);
	DO(recvfrom, s, out, 100, MSG_DONTWAIT, 0, 0);
	struct iovec v[2] = { { "ab", 2 }, { "cde", 3 } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	DO(sendmsg, c, &m, MSG_MORE | MSG_NOSIGNAL);
	struct iovec in = { out, 100 };
	struct msghdr r = { .msg_iov = &in, .msg_iovlen = 1 };
	DO(sendto, c, "!", 1, 0, 0, 0);
	DO(recvmsg, s, &r, MSG_WAITALL | MSG_DONTWAIT);
	DO(recvmsg, s, &r, MSG_DONTWAIT);
	DO(shutdown, c, SHUT_WR);
	DO(shutdown, c, 77);
	DO(accept, l, 0, 0);
	DO(close, c);
	long d = DO(socket, AF_INET, SOCK_STREAM, 0);
	a.sin_port = htons(1);
	DO(connect, d, &a, sizeof a);
	DO(listen, 999, 5);
}

static void datagrams(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(5300), .sin6_addr = IN6ADDR_LOOPBACK_INIT }, from;
	unsigned len = sizeof from;
	long s = DO(socket, AF_INET6, SOCK_DGRAM, IPPROTO_UDP), c = DO(socket, AF_INET6, SOCK_DGRAM, 0);
	DO(bind, s, &a, sizeof a);
	DO(sendto, c, "datagram", 8, MSG_CONFIRM, &a, sizeof a);
	DO(recvfrom, s, out, 100, MSG_TRUNC, &from, &len);
	struct iovec v[2] = { { "first", 5 }, { "second", 6 } }, in[2] = { { out, 50 }, { out + 50, 50 } };
	struct mmsghdr m[2] = { { { .msg_iov = v, .msg_iovlen = 1, .msg_name = &a, .msg_namelen = sizeof a } }, { { .msg_iov = v + 1, .msg_iovlen = 1, .msg_name = &a, .msg_namelen = sizeof a } } };
	struct mmsghdr r[2] = { { { .msg_iov = in, .msg_iovlen = 1 } }, { { .msg_iov = in + 1, .msg_iovlen = 1 } } };
	DO(sendmmsg, c, m, 2, MSG_DONTROUTE);
	struct timespec t = { 1, 0 };
	DO(recvmmsg, s, r, 2, MSG_WAITFORONE, &t);
	DO(recvmmsg, s, r, 2, MSG_DONTWAIT, 0);
}

static void locals(void)
{
	int p[2], other[2];
	char control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	struct sockaddr_un u = { AF_UNIX, "\0every" }, n = { AF_UNIX, "/nothing/at/all" };
	struct iovec v = { "x", 1 }, in = { out, 10 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int)) };
	DO(socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p);
	DO(socketpair, AF_INET, SOCK_STREAM, 0, other);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	*(int *)CMSG_DATA(c) = 1;
	DO(sendmsg, p[0], &m, 0);
	struct msghdr r = { .msg_iov = &in, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
	DO(recvmsg, p[1], &r, MSG_CMSG_CLOEXEC);
	int one = 1;
	DO(setsockopt, p[1], SOL_SOCKET, SO_PASSCRED, &one, 4);
	DO(setsockopt, p[1], SOL_SOCKET, SO_TIMESTAMPNS, &one, 4);
	m.msg_controllen = 0;
	DO(sendmsg, p[0], &m, 0);
	r.msg_controllen = sizeof control;
	DO(recvmsg, p[1], &r, 0);
	struct pollfd poll[3] = { { p[0], POLLIN | POLLPRI | POLLRDHUP }, { p[1], POLLOUT | POLLIN }, { 999, POLLIN } };
	DO(poll, poll, 3, 1000);
	DO(poll, poll, 1, 1);
	struct timespec second = { 1, 0 };
	DO(ppoll, poll, 2, &second, 0, 8);
	long s = DO(socket, AF_UNIX, SOCK_DGRAM, 0);
	DO(bind, s, &u, 8);
	DO(connect, s, &n, sizeof n);
	DO(connect, s, &u, 8);
	long k = DO(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	unsigned len;
	struct sockaddr_nl nl = { AF_NETLINK, 0, 0, 5 };
	DO(bind, k, &nl, sizeof nl);
	len = sizeof nl;
	DO(getsockname, k, &nl, &len);
	struct { struct nlmsghdr h; struct ifinfomsg i; } ask = { { sizeof ask, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 5, 0 }, { AF_UNSPEC } };
	DO(sendto, k, &ask, sizeof ask, 0, 0, 0);
	long k2 = DO(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	ask.h.nlmsg_type = RTM_DELLINK;
	ask.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	ask.i.ifi_index = 99;
	struct iovec message = { &ask, sizeof ask }, answer = { out, sizeof out };
	struct msghdr nm = { .msg_iov = &message, .msg_iovlen = 1 };
	DO(sendmsg, k2, &nm, 0);
	nm.msg_iov = &answer;
	DO(recvmsg, k2, &nm, 0);
	long raw = DO(socket, AF_PACKET, SOCK_RAW, htons(3));
	struct sockaddr_ll ll = { AF_PACKET, htons(ETH_P_ALL), 1 };
	DO(bind, raw, &ll, sizeof ll);
	len = sizeof ll;
	DO(getsockname, raw, &ll, &len);
	struct sockaddr_vm vm = { .svm_family = AF_VSOCK, .svm_port = 5, .svm_cid = VMADDR_CID_HOST };
	DO(connect, s, &vm, sizeof vm);
	DO(socket, AF_VSOCK, SOCK_STREAM, 0);
	DO(socket, 99, 99, 99);
	struct ifreq q = { "lo" };
	DO(ioctl, s, SIOCGIFINDEX, &q);
	DO(ioctl, s, SIOCGIFFLAGS, &q);
	DO(ioctl, s, SIOCGIFHWADDR, &q);
	DO(ioctl, s, SIOCGIFMTU, &q);
	strcpy(q.ifr_name, "none0");
	DO(ioctl, s, SIOCGIFINDEX, &q);
}

int main(void)
{
	need(unshare(CLONE_NEWNET) == 0, "namespace");
	struct ifreq q = { "lo" };
	q.ifr_flags = IFF_UP;
	long s = socket(AF_INET, SOCK_DGRAM, 0);
	need(ioctl(s, SIOCSIFFLAGS, &q) == 0, "loopback");
	streams();
	datagrams();
	locals();
	return 0;
}
