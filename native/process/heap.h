// What glibc's malloc keeps of freed memory. Other C libraries keep less.
#pragma once
#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Makes threads share heaps. glibc gives them some of their own, eight for each CPU, and what one has freed no other uses:
/// blocks of traces that pass from thread to thread would hold several times what they need.
inline void shareHeaps()
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 2);
#endif
}

/// Has large blocks of memory mapped one by one, so that they are given back when they are freed. By itself glibc keeps those that come
/// again and again in its heap, with holes between them: 15 MB of a capture that writes a trace.
inline void mapLargeBlocks()
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

/// Gives memory back that was freed.
inline void trimHeaps()
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
