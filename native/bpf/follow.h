/* Whose descriptors are followed. A filter on threads drops the events of most processes, including those on their
 * descriptors. The unit is the kernel's descriptor table (files_struct), which threads share: once a filter may pass one of
 * its threads, all changes of the table are recorded, and its present content is recorded first (ks_fds, then a ks_fd for
 * each descriptor, all with one time). The table is marked before it is read, so that no change is missed; exec and the exit
 * of the last thread remove the mark.
 *
 * The cgroups that a slot excludes change, and threads change their cgroup. A thread of a cgroup that excludes all slots
 * stops being followed at its next change of the table; when an event of a thread passes the filter, its table is checked
 * before, and recorded if it is not followed. */
#ifndef KSYS_FOLLOW_H
#define KSYS_FOLLOW_H

#include "internal.h"
#include "calls.h"
#include "filter.h"

/* Tables that are followed. An address may be reused: the entry counts only for the same process. */
struct follower {
	u64 start;
	u32 pid, pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384); /* set before load (capture/table_sizes.cc) */
	__type(key, u64);
	__type(value, struct follower);
} followed SEC(".maps");

/* Number of followed tables by a hash of their address: calls check this, which is cheap and only errs by following too
 * much. If the map above is full, the table is still counted here. */
#define BUCKETS 4096
u32 followed_in[BUCKETS] SEC(".bss.followed");

/* How often a table whose threads continue stopped being followed, from 1 on. */
u32 unfollow_count SEC(".data.unfollow_count") = 1;

#define HAVE_LOOP bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)
#define FOLLOW_ALL (config.plan.follow_all || !HAVE_LOOP)

static __always_inline u32 *bucket_of(u64 files)
{
	u32 low;
	asm volatile("%0 = %1" : "=w"(low) : "w"((u32)files)); /* half of a pointer is a number, which allows arithmetic */
	return &followed_in[((low >> 6) * 0x9e3779b1u >> 20) & (BUCKETS - 1)];
}

/* Whether some slot may pass the thread, under its new name if one is given. */
static __always_inline bool may_pass(struct task_struct *t, const u64 *name)
{
	u32 no = excluded_slots(t);
	for (u32 i = 0; i < KSYS_MAX_SLOTS; i++) {
		if (i >= config.plan.nslots)
			break;
		if (!(no >> i & 1) && slot_match(t, i, name))
			return true;
	}
	return false;
}

static __always_inline bool is_followed(struct task_struct *t)
{
	u64 key = (u64)loose(t)->files;
	struct follower *who = bpf_map_lookup_elem(&followed, &key);
	return who && who->pid == t->tgid && who->start == loose(t)->group_leader->start_boottime;
}

static __always_inline void follow(struct task_struct *t)
{
	struct follower who = { .start = loose(t)->group_leader->start_boottime, .pid = t->tgid };
	u64 key = (u64)loose(t)->files;
	if (!key)
		return;
	if (bpf_map_update_elem(&followed, &key, &who, BPF_NOEXIST) && bpf_map_lookup_elem(&followed, &key))
		bpf_map_update_elem(&followed, &key, &who, BPF_EXIST);
	else
		__sync_fetch_and_add(bucket_of(key), 1);
}

/* Called when the table's last thread exits. Returns whether it was followed. */
static __always_inline bool unfollow(struct task_struct *t)
{
	u64 key = (u64)loose(t)->files;
	if (bpf_map_delete_elem(&followed, &key))
		return false;
	__sync_fetch_and_add(bucket_of(key), -1);
	return true;
}

/* For a table that continues to exist without being followed. */
static __always_inline void stop_following(struct task_struct *t)
{
	if (unfollow(t))
		__sync_fetch_and_add(&unfollow_count, 1);
}

/* Whether changes that the running thread makes to its descriptors must be recorded. */
static __always_inline bool follows(struct task_struct *t)
{
	if (FOLLOW_ALL)
		return true;
	if (!*bucket_of((u64)loose(t)->files))
		return false;
	if (config.plan.cgroups != CGROUPS_ALL || excluded_slots(t) != ALL_SLOTS)
		return true;
	stop_following(t);
	return false;
}

/* The CPU's iteration over a table: 64 descriptors per step, and among them the open ones. */
static __always_inline struct table *walk_of_cpu(void)
{
	struct scratch *s = scratch_of(bpf_get_smp_processor_id(), 0);
	return s ? &s->work.table : NULL;
}

static long emit_table_fd(u32 i, void *unused)
{
	struct table *w = walk_of_cpu();
	struct file *f = NULL;
	u32 fd;
	if (!w || !w->bits)
		return 1;
	fd = w->fd + i;
	if (w->bits & 1 && !bpf_probe_read_kernel(&f, sizeof(f), (void *)w->fds + (u64)fd * 8) && f)
		emit_file(w->time, w->task, (u64)f, fd, fd_flags((void *)w->task, f, fd));
	w->bits >>= 1;
	return 0;
}

static long emit_table_word(u32 word, void *unused)
{
	struct table *w = walk_of_cpu();
	if (!w)
		return 1;
	w->fd = word * 64;
	if (word >= w->words || bpf_probe_read_kernel(&w->bits, sizeof(w->bits), (void *)w->open + word * 8))
		return 1;
	if (w->bits)
		bpf_loop(64, emit_table_fd, NULL, 0);
	return 0;
}

/* Which other threads share a thread's table, as a value of ks_fds. With a stack of its own. */
__noinline u32 sharing_of(u64 task)
{
	struct task_struct *t = (void *)task;
	struct files_struct *files = BPF_CORE_READ(t, files);
	u32 shared = files == BPF_CORE_READ(t, group_leader, files) ? SHARED_FILES : 0;
	return BPF_CORE_READ(files, count.counter) == 1 ? shared | SHARED_NONE : shared;
}

/* All descriptors of a thread (a pointer as a number), with a time before they are read. */
__noinline int emit_table(u64 task, u64 time)
{
	struct task_struct *t = (void *)task;
	struct files_struct *files = BPF_CORE_READ(t, files);
	u32 cpu = bpf_get_smp_processor_id();
	struct fdtable *fdt;
	struct scratch *s;
	struct table *w;
	if (FOLLOW_ALL || !files)
		return 0;
	s = scratch_of(cpu, 0);
	if (!s)
		return 0;
	__builtin_memset(&s->rec, 0, sizeof(s->rec));
	s->rec.time = time;
	s->rec.latency = ~0ull;
	s->rec.tid = BPF_CORE_READ(t, pid);
	s->rec.pid = BPF_CORE_READ(t, tgid);
	s->rec.type = KS_FDS;
	s->rec.flags = ROW_HIDDEN | ROW_STATE;
	emit(s, put32(s, 0, sharing_of(task)), cpu);
	fdt = BPF_CORE_READ(files, fdt);
	w = &s->work.table;
	w->time = time;
	w->task = task;
	w->fds = (u64)BPF_CORE_READ(fdt, fd);
	w->open = (u64)BPF_CORE_READ(fdt, open_fds);
	w->words = BPF_CORE_READ(fdt, max_fds) / 64;
	bpf_loop(1 << 20, emit_table_word, NULL, 0);
	return 0;
}

/* Starts following the thread if the filter may pass it; whether it was not followed before. */
static __always_inline bool begin_to_follow(struct task_struct *t, const u64 *name)
{
	if (FOLLOW_ALL || !may_pass(t, name) || is_followed(t))
		return false;
	follow(t);
	return true;
}

/* The same for a thread that keeps its name, as a separate function: its stack is freed when it returns. */
static __noinline int begin_to_follow_as_named(struct task_struct *t)
{
	return t && begin_to_follow(t, NULL);
}

/* The filter may pass the thread from `time` on: records its descriptors unless they are known already. */
static __always_inline void emit_table_if_followed(struct task_struct *t, const u64 *name, u64 time)
{
	u64 task = 0;
	if (name ? !begin_to_follow(t, name) : !begin_to_follow_as_named(t))
		return;
	bpf_probe_read_kernel(&task, sizeof(task), &t); /* the verifier does not accept a pointer that it knows as a number */
	emit_table(task, time);
}

/* An event of the thread, in a call with these registers, passes the filter: records its descriptors unless they are known.
 * The thread's entry caches that they are known, as long as no table stops being followed. */
static __always_inline void emit_table_if_unknown(struct pt_regs *regs, struct task_struct *t)
{
	struct in_call *c = entry_of(regs);
	u32 now = *(volatile u32 *)&unfollow_count;
	bool entry = c->owner == (u64)regs;
	if (FOLLOW_ALL || config.plan.cgroups == CGROUPS_NONE || config.plan.count || (entry && c->known == now))
		return;
	emit_table_if_followed(t, NULL, bpf_ktime_get_boot_ns());
	if (entry)
		c->known = now;
}

/* A thread was created: descriptors known in its creator's table are known in a copy of it, too. */
static __always_inline void follow_child(struct task_struct *parent, struct task_struct *child, u64 time)
{
	if (FOLLOW_ALL || !may_pass(child, NULL))
		return;
	if (loose(child)->files != loose(parent)->files && is_followed(parent))
		follow(child);
	else
		emit_table_if_followed(child, NULL, time);
}

#endif
