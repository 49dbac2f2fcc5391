/* CPU and memory use of threads: a record for each that ran since the last iteration, and at a thread's exit. The addon
 * starts an iteration by reading the iterator. */
#ifndef KSYS_TIMES_H
#define KSYS_TIMES_H

#include "task.h"
#include "filter.h"

/* The last record of a thread. */
struct last_times {
	u64 ran;
	u8 still; /* it reported that the thread no longer ran */
};
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct last_times);
} times SEC(".maps");

struct times_rec {
	struct ksys_rec rec;
	u64 ran, user, system, maj, min;
	u32 vm[3];
} __attribute__((packed));

static __always_inline void emit_times(struct task_struct *t)
{
	struct times_rec *r = reserve(bpf_get_smp_processor_id(), sizeof(*r), LOST_STATE);
	struct mm_struct *mm;
	if (!r)
		return;
	head(&r->rec, t, KS_TIMES, ROW_HIDDEN | ROW_STATE);
	mm = BPF_CORE_READ(t, mm);
	r->ran = BPF_CORE_READ(t, se.sum_exec_runtime);
	r->user = t->utime;
	r->system = t->stime;
	r->maj = t->maj_flt;
	r->min = t->min_flt;
	u32 vm[3];
	read_vm(t, mm, vm);
	__builtin_memcpy(r->vm, vm, sizeof(vm));
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

SEC("iter/task")
int iter_times(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct last_times *last;
	u64 ran;
	if (!t || excluded(t))
		return 0;
	ran = BPF_CORE_READ(t, se.sum_exec_runtime);
	last = bpf_task_storage_get(&times, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (last) {
		if (last->ran == ran && last->still)
			return 0;
		last->still = last->ran == ran;
		last->ran = ran;
	}
	emit_times(t);
	return 0;
}

#endif
