/* Building a row: offsets are masked at every use, so that the verifier sees them inside the scratch space. A row of
 * KSYS_MAX_ROW bytes is never exceeded, because only buffers are long and they are truncated to the remaining space. */
#ifndef KSYS_ROW_H
#define KSYS_ROW_H

#include "cost.h"

#define IS_ERR_RET(r) ((r) < 0 && (r) >= -4095)
#define EINPROGRESS 115

static __always_inline u8 *at(struct scratch *s, u32 off)
{
	off &= OFF_MASK;
	BARRIER(off);
	return s->row + off;
}
/* The same offset, through memory: all paths that lead here are then the same for the verifier, which makes loading quick. */
static __always_inline u32 any(struct scratch *s, u32 off)
{
	*(volatile u32 *)&s->off = off;
	return *(volatile u32 *)&s->off;
}
static __always_inline void absent(struct scratch *s, u32 param)
{
	s->rec.absent |= 1u << (param & 31);
}
static __always_inline u32 put8(struct scratch *s, u32 off, u8 v)
{
	*at(s, off) = v;
	return off + 1;
}
static __always_inline u32 put16(struct scratch *s, u32 off, u16 v)
{
	*(u16 *)at(s, off) = v;
	return off + 2;
}
static __always_inline u32 put32(struct scratch *s, u32 off, u32 v)
{
	*(u32 *)at(s, off) = v;
	return off + 4;
}
static __always_inline u32 put64(struct scratch *s, u32 off, u64 v)
{
	*(u64 *)at(s, off) = v;
	return off + 8;
}
/* An absent variable parameter. */
static __always_inline u32 put_none(struct scratch *s, u32 off, u32 param)
{
	absent(s, param);
	return put16(s, off, 0);
}
/* Few bytes of user memory, copied through the stack: before the kernel copies to a map, which is in the vmalloc range, it
 * searches that range for the map, under a lock that CPUs share. A separate function because it has a stack of 64 bytes and
 * more. Returns 0, or nonzero if they cannot be read. */
#define FEW 40
__noinline int few_of_user(struct scratch *s, u32 off, u64 ptr, u32 len)
{
	u64 few[FEW / 8] = {};
	if (!s || len > FEW)
		return 1;
	BARRIER(len);
	if (bpf_probe_read_user(few, len & 63, (void *)ptr))
		return 1;
	for (u32 i = 0; i < FEW / 8; i++)
		put64(s, off + i * 8, few[i]);
	return 0;
}

/* Bytes of user memory as a variable parameter; absent if unreadable. */
static __always_inline u32 put_user(struct scratch *s, u32 off, u64 ptr, u32 len, u32 param)
{
	u32 room = KSYS_MAX_ROW - 4096 - (off & OFF_MASK);
	if ((off & OFF_MASK) > KSYS_MAX_ROW - 4096)
		room = 0;
	if (len > room)
		len = room;
	len &= OFF_MASK;
	BARRIER(len);
	if (len <= FEW ? few_of_user(s, off + 2, ptr, len) : bpf_probe_read_user(at(s, off + 2), len & OFF_MASK, (void *)ptr))
		return put_none(s, off, param);
	put16(s, off, len);
	return off + 2 + len;
}
static __always_inline u32 put_kernel(struct scratch *s, u32 off, const void *ptr, u32 len, u32 param)
{
	len &= 4095;
	BARRIER(len);
	if (bpf_probe_read_kernel(at(s, off + 2), len & 4095, ptr))
		return put_none(s, off, param);
	put16(s, off, len);
	return off + 2 + len;
}
static __always_inline u32 put_user_str(struct scratch *s, u32 off, u64 ptr, u32 param)
{
	long n = ptr ? bpf_probe_read_user_str(at(s, off + 2), 4096, (void *)ptr) : -1;
	if (n <= 0)
		return put_none(s, off, param);
	put16(s, off, n - 1);
	return off + 2 + n - 1;
}
static __always_inline u32 put_kernel_str(struct scratch *s, u32 off, const void *ptr, u32 param)
{
	long n = ptr ? bpf_probe_read_kernel_str(at(s, off + 2), 4096, ptr) : -1;
	if (n <= 0)
		return put_none(s, off, param);
	put16(s, off, n - 1);
	return off + 2 + n - 1;
}

/* Counts a lost record: of a call, of its enter event, of an operation of io_uring, or one of ksys's own. */
static __always_inline void lose(const struct ksys_rec *r, u32 cpu)
{
	u16 flags = r->flags;
	count_lost(cpu, flags & ROW_HIDDEN ? LOST_STATE : flags & ROW_ENTER ? LOST_ENTER : r->type == KS_URING ? LOST_OTHER : LOST_CALL);
}

/* Whether events have used up their share of a ring buffer. The rest is reserved for records that keep the state correct:
 * without them the following events would have wrong names, and a filter by names would lose events without counting them. */
static __always_inline bool taken(void *ring)
{
	return bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) > config.plan.ring_room;
}

/* Writes the record of `off` row bytes to the CPU's ring buffer. */
static __always_inline void emit(struct scratch *s, u32 off, u32 cpu)
{
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	u32 len = off & OFF_MASK;
	if (!ring)
		return;
	BARRIER(len);
	if (bpf_ringbuf_output(ring, &s->rec, (len & OFF_MASK) + sizeof(s->rec), BPF_RB_NO_WAKEUP))
		lose(&s->rec, cpu);
}

/* The same for a record that may be an event. */
static __always_inline void emit_event(struct scratch *s, u32 off, u32 cpu)
{
	void *ring = bpf_map_lookup_elem(&rings, &cpu);
	if (ring && !(s->rec.flags & ROW_HIDDEN) && taken(ring))
		lose(&s->rec, cpu);
	else
		emit(s, off, cpu);
}

/* Reserves a record of a known size in the CPU's ring buffer; NULL if full: then it is counted as lost. */
static __always_inline void *reserve(u32 cpu, u64 size, enum ksys_loss what)
{
	void *ring = bpf_map_lookup_elem(&rings, &cpu), *p;
	if (!ring)
		return NULL;
	p = what != LOST_STATE && taken(ring) ? NULL : bpf_ringbuf_reserve(ring, size, 0);
	if (!p)
		count_lost(cpu, what);
	return p;
}

static __always_inline void head(struct ksys_rec *r, struct task_struct *t, u16 type, u16 flags)
{
	r->time = bpf_ktime_get_boot_ns();
	r->latency = ~0ull;
	r->ret = 0;
	r->tid = t->pid;
	r->pid = t->tgid;
	r->absent = 0;
	r->type = type;
	r->flags = flags;
}

#endif
