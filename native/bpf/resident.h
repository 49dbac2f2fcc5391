/* Memory of other processes, read where it is: through their page tables and the kernel's own mapping of all memory. No page is
 * brought in. Whose memory it is could keep whoever brings it in waiting for ever (a file of FUSE, userfaultfd). */
#ifndef KSYS_RESIDENT_H
#define KSYS_RESIDENT_H

#include "arch.h"

#define SAMPLE 4 /* words */

/* Where the kernel maps all memory. The addon writes the first two; `offset` is found by them. */
struct ksys_direct_map direct_map SEC(".bss.memory") = {};

/* Where the kernel has a byte of a process's memory, given its top page table and what to add to physical addresses; 0: it is
 * not in memory. How many levels its tables have follows from the kernel's own addresses, which begin where they end. */
__noinline u64 resident_at(u64 table, u64 at, u64 offset, u32 page_shift)
{
	u32 bits = page_shift - 3, levels = 2;
	u64 entry = 0;
	for (int i = 0; i < 3; i++)
		if (table < -(1ull << (page_shift + levels * bits)))
			levels++;
	for (u32 level = 5; level-- > 0;) {
		u32 shift = page_shift + level * bits;
		u64 within = (1ull << shift) - 1, index = at >> shift & ((1ull << bits) - 1);
		if (level >= levels)
			continue;
		if (bpf_probe_read_kernel(&entry, sizeof(entry), (void *)(table + index * 8)))
			return 0;
		entry = entry_in_memory(entry);
		if (!entry)
			return 0;
		if (!level || ENTRY_IS_BLOCK(entry))
			return offset + (entry & ENTRY_ADDRESS & ~within) + (at & within);
		table = offset + (entry & ENTRY_ADDRESS & -(1ull << page_shift));
	}
	return 0;
}

/* What the kernel aligns its mapping of all memory to: 512 MB where pages are of 64 KB, else 1 GB. */
static __always_inline u32 direct_map_shift(void)
{
	return direct_map.page_shift == 16 ? 29 : 30;
}

struct sample_search {
	u64 table;
	u64 sample[SAMPLE];
};

/* Whether the search is over: the sample is where it would be if the table had the i-th physical address of those that it
 * may have. The highest comes first, so that until it is found only addresses below those of memory are looked at: above it,
 * there may be devices. */
static long try_address(u32 i, struct sample_search *s)
{
	u64 step = 1ull << direct_map_shift(), found[SAMPLE];
	u64 physical = (s->table & (step - 1)) + ((1ull << MEMORY_SHIFT) - step) - i * step;
	u64 offset = s->table - physical;
	u64 at = resident_at(s->table, direct_map.sample, offset, direct_map.page_shift);
	if (!at || bpf_probe_read_kernel(found, sizeof(found), (void *)at))
		return 0;
	for (int k = 0; k < SAMPLE; k++)
		if (found[k] != s->sample[k])
			return 0;
	direct_map.offset = offset;
	return 1;
}

/* Finds out where the kernel maps all memory: where it has the bytes that the process who reads the iterator has at `sample`,
 * which are nowhere else. No symbol of the kernel's tells it on all kernels and with all settings. */
static __always_inline bool know_direct_map(void)
{
	struct sample_search s;
	if (direct_map.offset)
		return true;
	if (direct_map.tries >= 3 || bpf_probe_read_user(s.sample, sizeof(s.sample), (void *)direct_map.sample))
		return false;
	direct_map.tries++;
	s.table = (u64)BPF_CORE_READ(bpf_get_current_task_btf(), mm, pgd);
	bpf_loop(1u << (MEMORY_SHIFT - direct_map_shift()), try_address, &s, 0);
	return direct_map.offset;
}

/* Copies bytes that lie in one page. Fails where they are not in memory, and when they left their place meanwhile: what was
 * copied could be somebody else's. */
static __always_inline bool copy_resident(void *to, u32 n, u64 table, u64 at)
{
	u64 there = resident_at(table, at, direct_map.offset, direct_map.page_shift);
	return there && !bpf_probe_read_kernel(to, n, (void *)there) &&
	       resident_at(table, at, direct_map.offset, direct_map.page_shift) == there;
}

#endif
