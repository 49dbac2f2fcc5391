/* Data of a call beyond KSYS_FIRST_DATA, which is recorded after its row: where it is, and how it is read. */
#ifndef KSYS_REST_H
#define KSYS_REST_H

#include "row.h"

struct iov {
	u64 base, len;
};

static __always_inline bool read_iov(u64 ptr, u32 i, u32 compat, struct iov *v)
{
	u32 half[2];
	if (!compat)
		return !bpf_probe_read_user(v, sizeof(*v), (void *)ptr + i * sizeof(*v));
	if (bpf_probe_read_user(half, sizeof(half), (void *)ptr + i * sizeof(half)))
		return false;
	v->base = half[0];
	v->len = half[1];
	return true;
}

#define REST_STEPS 96

/* Number of bytes of a vector that are recorded if all are; at least as many as fit into a row. */
__noinline u32 vector_bytes(u64 ptr, u32 cnt, u32 compat)
{
	u32 most = config.plan.snaplen, sum = 0;
	struct iov v;
	for (u32 i = 0; i < REST_STEPS; i++) {
		if (i >= cnt || sum >= most || !read_iov(ptr, i, compat, &v))
			break;
		sum = v.len < most - sum ? sum + (u32)v.len : most;
	}
	return sum > KSYS_FIRST_DATA ? sum : KSYS_FIRST_DATA;
}

/* The part of `limit` bytes in a vector of pieces that does not fit into the row is recorded after it. */
static __always_inline void rest_of_vector(struct scratch *s, u64 ptr, u64 cnt, u64 limit)
{
	s->rest.size = 0;
	s->rest.vector = ptr;
	s->rest.skip = KSYS_FIRST_DATA;
	s->rest.pieces = cnt;
	s->rest.next = 0;
	s->rest.left = (limit < config.plan.snaplen ? limit : config.plan.snaplen) - KSYS_FIRST_DATA;
}

/* `len` bytes of user memory as a variable parameter; the row contains only the first ones. */
__noinline u32 long_buffer(struct scratch *s, u32 off, u64 ptr, u32 len, u32 param)
{
	u32 end;
	if (!s)
		return off;
	end = put_user(s, off, ptr, KSYS_FIRST_DATA, param);
	if (end == off + 2)
		return end;
	s->rest.from = ptr + KSYS_FIRST_DATA;
	s->rest.size = s->rest.left = len - KSYS_FIRST_DATA;
	s->rest.pieces = s->rest.next = 0;
	return end;
}

#define REST_STEP 0xf000u
#define REST_VAR(x) (*(volatile typeof(x) *)&(x))

/* Reads the rest of a call's data to `at` of a chunk, and returns the number of bytes: up to the first that cannot be read.
 * Its state is in memory: all paths through the loop are then the same for the verifier. */
__noinline u32 put_rest(struct scratch *s, struct long_chunk *c, u32 at)
{
	struct rest *r;
	if (!s || !c)
		return 0;
	r = &s->rest;
	REST_VAR(r->at) = at;
	for (u64 i = 0; i < REST_STEPS; i++) { /* 64 bits: before 5.16 the verifier loses a bound that was spilled as 32 bits */
		u32 left = REST_VAR(r->left), to = REST_VAR(r->at), n;
		u64 size = REST_VAR(r->size), from = REST_VAR(r->from), skip = REST_VAR(r->skip);
		if (!left)
			break;
		if (!size) {
			u32 next = REST_VAR(r->next);
			struct iov v;
			if (next >= REST_VAR(r->pieces) || !read_iov(REST_VAR(r->vector), next, s->compat, &v))
				break;
			REST_VAR(r->next) = next + 1;
			if (skip >= v.len) {
				REST_VAR(r->skip) = skip - v.len;
				continue;
			}
			from = v.base + skip;
			size = v.len - skip;
			REST_VAR(r->skip) = 0;
		}
		n = left < REST_STEP ? left : REST_STEP;
		if (size < n)
			n = size;
		n &= OFF_MASK;
		BARRIER(n);
		if (to > KSYS_LONG_CHUNK_BYTES - OFF_MASK - 1)
			break;
		if (bpf_probe_read_user(c->bytes + to, n & OFF_MASK, (void *)from))
			break;
		REST_VAR(r->from) = from + n;
		REST_VAR(r->size) = size - n;
		REST_VAR(r->left) = left - n;
		REST_VAR(r->at) = to + n;
	}
	return REST_VAR(r->at) - at;
}

#endif
