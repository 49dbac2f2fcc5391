/* Passes keys, passwords and other data to the kernel in every way except reads and writes: each contains hunter7. Names that calls
 * have next to them begin with name-. Most calls fail, which does not matter: arguments are recorded nevertheless. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SET_STRING = 1, SET_BINARY = 2, SET_PATH = 3 };

static void sockets(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct tls12_crypto_info_aes_gcm_128 tls = { { TLS_1_2_VERSION, TLS_CIPHER_AES_GCM_128 } };
	struct tcp_md5sig md5 = { .tcpm_keylen = 11 };
	int tcp = socket(AF_INET, SOCK_STREAM, 0), alg = socket(AF_ALG, SOCK_SEQPACKET, 0);

	memcpy(&md5.tcpm_addr, &to, sizeof(to));
	memcpy(md5.tcpm_key, "hunter7-md5", 11);
	memcpy(tls.key, "hunter7-tls-key!", 16);
	setsockopt(tcp, IPPROTO_TCP, TCP_MD5SIG, &md5, sizeof(md5));
	setsockopt(tcp, IPPROTO_TCP, TCP_FASTOPEN_KEY, "hunter7-fastopen", 16);
	setsockopt(tcp, IPPROTO_TCP, TCP_CONGESTION, "name-congestion", 15);
	setsockopt(tcp, SOL_SOCKET, SO_BINDTODEVICE, "name-device", 12);
	setsockopt(tcp, 282, TLS_TX, &tls, sizeof(tls));
	setsockopt(tcp, 282, TLS_RX, &tls, sizeof(tls));
	setsockopt(alg, 279, ALG_SET_KEY, "hunter7-alg-key!", 16);
	close(tcp);
	close(alg);
}

static void keys(void)
{
	long key = syscall(SYS_add_key, "user", "name-key", "hunter7-payload", 15, -2);
	syscall(SYS_keyctl, 2, key, "hunter7-update", 14);
	syscall(SYS_keyctl, 3, key); /* revoke */
	syscall(SYS_request_key, "user", "name-requested", "hunter7-callout", -2);
}

static void mounts(void)
{
	int fs = syscall(SYS_fsopen, "tmpfs", 0);
	mount("name-source", "/nonexistent/name-target", "tmpfs", 0, "password=hunter7-mount");
	syscall(SYS_fsconfig, fs, SET_STRING, "name-password", "hunter7-string", 0);
	syscall(SYS_fsconfig, fs, SET_BINARY, "name-binary", "hunter7-binary", 14);
	syscall(SYS_fsconfig, fs, SET_PATH, "name-path", "/nonexistent/name-of-path", AT_FDCWD);
	close(fs);
}

/* The kernel's data about the root's mount. */
static void told(void)
{
	struct { unsigned size, spare; unsigned long long id, param, ns; } request = { 32, 0, 0, 0x20 | 0x10 | 8, 0 };
	static unsigned long long of[32], tells[128];
	syscall(SYS_statx, AT_FDCWD, "/", 0, 0x4000, of);
	request.id = of[0x90 / 8];
	syscall(457, &request, tells, sizeof(tells), 0); /* statmount */
}

static void modules(void)
{
	syscall(SYS_init_module, "x", 1, "option=hunter7-module");
	syscall(SYS_finit_module, -1, "option=hunter7-file-module", 0);
	syscall(SYS_kexec_file_load, -1, -1, 16, "hunter7-command", 0);
}

int main(void)
{
	sockets();
	keys();
	mounts();
	told();
	modules();
	return 0;
}
