/* Sends by TCP 7 bytes at a time, by a TCP socket that the call connects 9 bytes, by UDP 5 bytes, over a local socket 3 bytes; each as
 * often as its argument says. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECK(ok) \
	if (!(ok))    \
	return 1

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int listening = socket(AF_INET, SOCK_STREAM, 0), tcp = socket(AF_INET, SOCK_STREAM, 0);
	int udp = socket(AF_INET, SOCK_DGRAM, 0), local[2];

	CHECK(argc == 2);
	CHECK(!bind(listening, (struct sockaddr *)&at, sizeof(at)) && !listen(listening, 100));
	CHECK(!getsockname(listening, (struct sockaddr *)&at, &len));
	CHECK(!connect(tcp, (struct sockaddr *)&at, sizeof(at)));
	CHECK(!socketpair(AF_UNIX, SOCK_DGRAM, 0, local));
	for (int i = 0; i < atoi(argv[1]); i++) {
		char data[8];
		CHECK(send(tcp, "1234567", 7, 0) == 7);
		int fresh = socket(AF_INET, SOCK_STREAM, 0);
		CHECK(sendto(fresh, "123456789", 9, MSG_FASTOPEN, (struct sockaddr *)&at, sizeof(at)) == 9 && !close(fresh));
		CHECK(sendto(udp, "12345", 5, 0, (struct sockaddr *)&at, sizeof(at)) == 5);
		CHECK(send(local[0], "123", 3, 0) == 3 && recv(local[1], data, sizeof(data), 0) == 3);
	}
	return 0;
}
