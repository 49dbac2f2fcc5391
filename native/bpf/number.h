/* The number that a call is recorded under: for 32-bit programs it differs from the program's. */
#ifndef KSYS_NUMBER_H
#define KSYS_NUMBER_H

#include "arch.h"
#include "maps.h"

/* The recorded number, plus one, of a 32-bit program's call that is identified by a secondary number; 0: it is not such a call. */
static __always_inline u32 apart_nr(struct pt_regs *regs, s32 nr)
{
	u32 at = number_apart(regs, nr);
	if (at >= KSYS_COMPAT_APART)
		return 0;
	BARRIER(at);
	return config.compat_apart[at & (KSYS_COMPAT_APART - 1)];
}

/* The number that a call is recorded under, KSYS_UNKNOWN_NR for unknown calls (unknown numbers below KSYS_NATIVE_NR have its
 * descriptor). */
static __always_inline s32 native_nr(struct pt_regs *regs, s32 nr, bool compat)
{
	u32 apart = compat ? apart_nr(regs, nr) : 0;
	if (apart)
		return (s32)apart - 1;
	if ((u32)nr >= KSYS_NATIVE_NR)
		return KSYS_UNKNOWN_NR;
	BARRIER(nr);
	return compat ? (s32)config.compat_nr[nr & (KSYS_NATIVE_NR - 1)] - 1 : nr;
}

#endif
