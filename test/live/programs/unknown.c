/* Calls whose numbers are in no table, some by several threads at once. */
#include "say.h"
#include <limits.h>
#include <pthread.h>

#define THREADS 4
#define EACH 5

static void *some(void *arg)
{
	for (int i = 0; i < EACH; i++) syscall(7777, arg);
	return NULL;
}

static void number(long nr)
{
	long r = call(nr, 1, 2, 3, 4, 5, 0xabcdef0123456789);
	say("unknown", r, "ID=0\tnativeID=%d\targ0=1\targ1=2\targ2=3\targ3=4\targ4=5\targ5=ABCDEF0123456789", (int)nr);
}

#if defined(__x86_64__)
static void old_number(int nr)
{
	long r;
	__asm__ volatile("push %%rbp\n mov $6, %%ebp\n int $0x80\n pop %%rbp"
			 : "=a"(r) : "a"(nr), "b"(1), "c"(2), "d"(3), "S"(4), "D"(5) : "memory", "r8", "r9", "r10", "r11");
	say("unknown", (int)r, "ID=0\tnativeID=%d\targ0=1\targ1=2\targ2=3\targ3=4\targ4=5\targ5=6", nr);
}
#endif

int main(void)
{
	long numbers[] = { 9999, -1, 1 << 20, 400, 511, 512, 513, 575, 576, 1023, 1024, 65535, INT_MAX, INT_MIN };
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) number(numbers[i]);
	/* the kernel checks half of the register */
	long r = call(0x700000000L | SYS_getppid, 0, 0, 0, 0, 0, 0);
	say("getppid", r, "");
#if defined(__x86_64__)
	number(0x40000000 | 900); /* in the range of x32 */
	/* of 32-bit programs: after the last, between others; 180 and 102 mean something without the bits above */
	int old[] = { 0x200, 222, 0x200 | 180, 0x400 | 102, 511, INT_MAX, -1 };
	for (unsigned i = 0; i < sizeof old / sizeof *old; i++) old_number(old[i]);
#endif
	pthread_t t[THREADS];
	for (long i = 0; i < THREADS; i++) need(pthread_create(&t[i], NULL, some, (void *)i) == 0, "thread");
	for (long i = 0; i < THREADS; i++) pthread_join(t[i], NULL);
	flush_said();
	return 0;
}
