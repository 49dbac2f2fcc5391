/* Every call of 32-bit (i386) programs, made as they make them, with arguments that are invalid for all of them. */
#include "every.h"
#include <sys/resource.h>

#if defined(__x86_64__)
static long old(long nr)
{
	long r;
	__asm__ volatile("push %%rbp\n mov $-1, %%rbp\n int $0x80\n pop %%rbp"
			 : "=a"(r) : "a"(nr), "b"(-1), "c"(-1), "d"(-1), "S"(-1), "D"(-1) : "memory", "r8", "r9", "r10", "r11");
	return r;
}

int main(void)
{
	/* those that end, copy, stop or confuse the program, wait for all disks, or hang up the terminal */
	static const short not[] = { 1, 2, 29, 36, 72, 111, 119, 173, 190, 252 };
	for (int nr = 0; nr < 470; nr++) {
		int skip = 0;
		for (unsigned i = 0; i < sizeof not / sizeof *not; i++) skip |= not[i] == nr;
		if (!skip) old(nr);
	}
	return 0;
}
#else
int main(void) { return 0; }
#endif
