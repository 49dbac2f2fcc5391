/* The number that a call is recorded under: for 32-bit programs not the one that they used. */
#ifndef KSYS_NUMBER_H
#define KSYS_NUMBER_H

#include "arch.h"
#include "maps.h"

/* i386 has one call for all that is done with sockets: the number that its function is recorded under, plus one; 0: none. */
static __always_inline u32 socketcall_nr(struct pt_regs *regs, s32 nr)
{
	u64 function;
	if (nr != NR_SOCKETCALL)
		return 0;
	function = compat_first_arg(regs);
	return function < KSYS_SOCKETCALLS ? config.socketcall_nr[function & (KSYS_SOCKETCALLS - 1)] : 0;
}

/* The number that a call is recorded under, KSYS_UNKNOWN_NR when nobody knows the call (those below KSYS_NATIVE_NR
 * that nobody knows have its descriptor); -1: it is not recorded. */
static __always_inline s32 native_nr(struct pt_regs *regs, s32 nr, bool compat)
{
	u32 socket;
	if ((u32)nr >= KSYS_NATIVE_NR)
		return compat && !COMPAT_NUMBERS ? -1 : KSYS_UNKNOWN_NR;
	if (!compat)
		return nr;
	socket = socketcall_nr(regs, nr);
	return (s32)(socket ? socket : config.compat_nr[nr & (KSYS_NATIVE_NR - 1)]) - 1;
}

#endif
