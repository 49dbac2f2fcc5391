/* Every call on memory, and on resources that processes share through the kernel: futexes, queues, semaphores, rings. */
#include "every.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/mempolicy.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static char out[4096];

static void mappings(void)
{
	char *m = (char *)DO(mmap, 0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	long f = DO(memfd_create, "mapped", 0);
	DO(ftruncate, f, 8192);
	char *s = (char *)DO(mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, f, 4096);
	DO(mmap, m, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	DO(mmap, 0, 0, PROT_READ, MAP_PRIVATE, 99, 0);
	DO(mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_GROWSDOWN, -1, 0);
	DO(mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT, -1, 0);
	DO(mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT | MAP_LOCKED | MAP_NONBLOCK, -1, 0);
	DO(mmap, 0, 4096, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, f, 0);
	DO(mmap, m, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	DO(mprotect, m, 4096, PROT_READ | PROT_WRITE);
	DO(mprotect, m, 4096, PROT_READ | PROT_GROWSDOWN);
	DO(pkey_mprotect, m, 4096, PROT_READ | PROT_WRITE, -1);
	long k = DO(pkey_alloc, 0, 1);
	DO(pkey_free, k);
	DO(mremap, m + 4096, 4096, 8192, MREMAP_MAYMOVE, 0);
	DO(mremap, m + 8192, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, m + 4096);
	DO(madvise, m, 4096, MADV_DONTNEED);
	DO(madvise, m, 4096, MADV_COLD);
	DO(madvise, m, 4096, 999);
	DO(msync, s, 4096, MS_SYNC);
	DO(msync, s, 4096, MS_ASYNC | MS_INVALIDATE);
	DO(mincore, s, 8192, out);
	DO(mlock, m, 4096);
	DO(mlock2, m, 4096, MLOCK_ONFAULT);
	DO(munlock, m, 4096);
	DO(mlockall, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
	DO(munlockall);
	DO(remap_file_pages, s, 4096, 0, 0, 0);
	DO(mseal, m + 12288, 4096, 0);
	DO(munmap, m, 8192);
	DO(munmap, 1, 1);
	DO(brk, 0);
	DO(map_shadow_stack, 0, 4096, 1);
	unsigned long nodes = 1, none = 0;
	int mode, status[2] = { 0 }, to[2] = { 0, 0 };
	void *pages[2] = { s, out };
	DO(get_mempolicy, &mode, &nodes, 64, 0, 0);
	DO(get_mempolicy, &mode, 0, 0, out, MPOL_F_NODE | MPOL_F_ADDR);
	nodes = 1;
	DO(set_mempolicy, MPOL_BIND | MPOL_F_STATIC_NODES, &nodes, 64);
	DO(set_mempolicy, MPOL_DEFAULT, 0, 0);
	DO(mbind, s, 4096, MPOL_PREFERRED, &nodes, 64, MPOL_MF_STRICT | MPOL_MF_MOVE);
	DO(set_mempolicy_home_node, s, 4096, 0, 0);
	DO(move_pages, 0, 2, pages, to, status, MPOL_MF_MOVE);
	DO(move_pages, 0, 2, pages, 0, status, 0);
	DO(migrate_pages, 0, 64, &nodes, &nodes);
	struct iovec v = { s, 4096 };
	long self = DO(pidfd_open, getpid(), 0);
	DO(process_madvise, self, &v, 1, MADV_PAGEOUT, 0);
}

static void futexes(void)
{
	static uint32_t w = 5, w2 = 6;
	struct timespec t = { 0, 1000 }, at = { 1, 0 };
	DO(futex, &w, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0);
	DO(futex, &w, FUTEX_WAIT, 6, 0, 0, 0);
	DO(futex, &w, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &t, 0, 0);
	DO(futex, &w, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5, &at, 0, 0xffffffff);
	DO(futex, &w, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 5, 0, 0, 3);
	DO(futex, &w, FUTEX_REQUEUE, 1, 2, &w2, 0);
	DO(futex, &w, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 2, &w2, 4);
	DO(futex, &w, FUTEX_WAKE_OP, 1, 1, &w2, FUTEX_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_EQ, 6));
	DO(futex, &w, FUTEX_TRYLOCK_PI, 0, 0, 0, 0);
	DO(futex, &w, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
	DO(futex, &w, 77, 0, 0, 0, 0);
	struct { uint64_t val, uaddr; uint32_t flags, reserved; } wait[2] = { { 4, L(&w), 2 | 128 }, { 6, L(&w2), 2 | 128 } };
	DO(futex_waitv, wait, 2, 0, &at, CLOCK_MONOTONIC);
	DO(futex_wake, &w, 1, 1, 2 | 128);
	DO(futex_wait, &w, 4, 0xffffffff, 2 | 128, &at, CLOCK_MONOTONIC);
	DO(futex_requeue, wait, 0, 1, 1);
}

static void systemv(void)
{
	struct shmid_ds sd;
	struct msqid_ds qd;
	struct semid_ds md;
	long shm = DO(shmget, IPC_PRIVATE, 8192, IPC_CREAT | IPC_EXCL | 0600);
	long at = DO(shmat, shm, 0, SHM_RDONLY);
	DO(shmctl, shm, IPC_STAT, &sd);
	DO(shmctl, shm, IPC_SET, &sd);
	DO(shmctl, 0, SHM_STAT, &sd);
	char use[200];
	DO(shmctl, 0, IPC_INFO, use);
	DO(shmctl, 0, SHM_INFO, use);
	DO(shmctl, shm, SHM_LOCK, 0);
	DO(shmdt, at);
	DO(shmctl, shm, IPC_RMID, 0);
	DO(shmget, 0x1234, 1, 0);
	DO(shmat, 99999, 0, SHM_RND | SHM_REMAP);
	long q = DO(msgget, IPC_PRIVATE, IPC_CREAT | 0640);
	struct { long type; char text[16]; } m = { 5, "message" };
	DO(msgsnd, q, &m, 8, IPC_NOWAIT);
	DO(msgctl, q, IPC_STAT, &qd);
	DO(msgrcv, q, &m, 16, -6, MSG_NOERROR);
	DO(msgrcv, q, &m, 16, 0, IPC_NOWAIT | MSG_EXCEPT);
	DO(msgctl, q, IPC_RMID, 0);
	DO(msgctl, 0, 999, 0);
	DO(msgctl, 0, IPC_INFO, use);
	DO(msgctl, 0, MSG_INFO, use);
	long s = DO(semget, IPC_PRIVATE, 3, IPC_CREAT | 0600);
	unsigned short values[3] = { 4, 5, 6 };
	DO(semctl, s, 1, SETVAL, 7);
	DO(semctl, s, 1, GETVAL, 0);
	DO(semctl, s, 0, SETALL, values);
	DO(semctl, s, 0, GETALL, values);
	DO(semctl, s, 2, GETPID, 0);
	DO(semctl, s, 2, GETNCNT, 0);
	DO(semctl, s, 2, GETZCNT, 0);
	DO(semctl, s, 0, IPC_STAT, &md);
	DO(semctl, s, 0, IPC_SET, &md);
	struct sembuf ops[3] = { { 0, -1, 0 }, { 1, 2, IPC_NOWAIT }, { 2, 1, SEM_UNDO | IPC_NOWAIT } };
	struct timespec t = { 0, 1000 };
	DO(semop, s, ops, 2);
	DO(semop, s, ops, 3);
	DO(semtimedop, s, ops, 3, &t);
	DO(semctl, s, 0, IPC_RMID, 0);
	DO(semctl, 12345, 0, 999, 0);
	DO(semget, 0x77, 1, IPC_EXCL | 0444);
}

static void queues(void)
{
	struct { long flags, most, size, now, pad[4]; } a = { O_NONBLOCK, 4, 64 }, b;
	unsigned prio;
	struct timespec t = { 1, 0 };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	long q = DO(mq_open, "every", O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &a);
	DO(mq_open, "every-none", O_RDONLY);
	DO(mq_timedsend, q, "mail", 4, 3, &t);
	DO(mq_notify, q, &ev);
	DO(mq_getsetattr, q, &a, &b);
	DO(mq_timedreceive, q, out, 64, &prio, &t);
	DO(mq_timedreceive, q, out, 64, &prio, 0);
	DO(mq_notify, q, 0);
	DO(mq_unlink, "every");
	DO(mq_unlink, "every");
}

static void rings(void)
{
	aio_context_t ctx = 0;
	long f = DO(memfd_create, "aio", 0);
	struct iocb w = { .aio_data = 0x11, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = f, .aio_buf = L("asynchronous"), .aio_nbytes = 12 };
	struct iocb r = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = f, .aio_buf = L(out), .aio_nbytes = 5, .aio_offset = 2 };
	struct iocb bad = { .aio_lio_opcode = 77, .aio_fildes = f };
	struct iocb *list[3] = { &w, &r, &bad };
	struct io_event done[4];
	struct timespec t = { 0, 1000 };
	unsigned long set = 1 << (SIGUSR1 - 1);
	struct { unsigned long *set; size_t size; } sig = { &set, 8 };
	DO(io_setup, 8, &ctx);
	DO(io_submit, ctx, 3, list);
	DO(io_getevents, ctx, 1, 1, done, &t);
	DO(io_pgetevents, ctx, 1, 4, done, &t, &sig);
	DO(io_pgetevents, ctx, 1, 4, done, &t, 0);
	DO(io_cancel, ctx, &w, done);
	DO(io_destroy, ctx);
	DO(io_destroy, 0x1234);
	struct io_uring_params p = { .flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP, .cq_entries = 16 };
	long ring = DO(io_uring_setup, 4, &p), e = DO(eventfd2, 0, 0);
	int fds[2] = { e, -1 };
	struct iovec v[2] = { { out, 100 }, { out + 200, 200 } };
	DO(io_uring_setup, 0, &p);
	DO(io_uring_register, ring, IORING_REGISTER_EVENTFD, fds, 1);
	DO(io_uring_register, ring, IORING_REGISTER_FILES, fds, 2);
	DO(io_uring_register, ring, IORING_UNREGISTER_FILES, 0, 0);
	DO(io_uring_register, ring, IORING_REGISTER_BUFFERS, v, 2);
	DO(io_uring_register, ring, IORING_UNREGISTER_BUFFERS, 0, 0);
	memset(out, 0, sizeof out);
	DO(io_uring_register, ring, IORING_REGISTER_PROBE, out, 60);
	struct { uint32_t off, resv; uint64_t fds; } update = { 0, 0, L(fds) };
	DO(io_uring_register, ring, IORING_REGISTER_FILES_UPDATE, &update, 1);
	unsigned workers[2] = { 4, 5 };
	DO(io_uring_register, ring, IORING_REGISTER_IOWQ_MAX_WORKERS, workers, 2);
	DO(io_uring_register, ring, IORING_REGISTER_ENABLE_RINGS, 0, 0);
	DO(io_uring_register, ring, 999, 0, 0);
	DO(io_uring_enter, ring, 0, 0, IORING_ENTER_GETEVENTS, &set, 8);
	DO(io_uring_enter, 999, 1, 0, IORING_ENTER_SQ_WAKEUP | IORING_ENTER_GETEVENTS, 0, 0);
}

int main(void)
{
	need(unshare(CLONE_NEWIPC) == 0, "namespace");
	mappings();
	futexes();
	systemv();
	queues();
	rings();
	return 0;
}
