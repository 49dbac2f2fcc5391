/* Data that the programs share with the addon and with each other: plan, descriptors, ring buffers, counters, scratch space. */
#ifndef KSYS_MAPS_H
#define KSYS_MAPS_H

#include "program.h"

#define MAX_CPUS 1024
#define OFF_MASK 0xffff /* for offsets into a row under construction */
/* Hides the value from the compiler, so that the instruction that bounds it stays right before its use. */
#define BARRIER(x) asm volatile("" : "+r"(x))

/* Records lost, by CPU. Read by the addon through the map's memory. */
struct ksys_lost lost[MAX_CPUS] = {};

/* Properties of a file that was just opened. */
struct file_facts {
	u64 ino;
	u32 dev; /* kernel encoding */
	u32 mode; /* FMODE_* */
	u32 layer;
	bool there;
	bool unresolved; /* the path that it was opened by is ambiguous */
};

/* An iteration over a thread's descriptor table. */
struct table {
	u64 time, task, fds, open;
	u64 bits; /* the remaining descriptors of the step */
	u32 words, fd;
};

/* The two ends of a connection; IPv4 addresses are in the first half of each. */
struct endpoints {
	u64 local[2], remote[2];
	u16 local_port, remote_port, family, pad;
};

/* Callers that are searched for on a stack: how many were found, and the target address of the last one. */
struct callers {
	u64 in;
	u32 found, pad;
};

/* What does not fit on the stack: all functions of a call chain share 512 bytes of it before Linux 6.13. */
struct work {
	struct table table;
	struct endpoints endpoints;
	u64 chain[12]; /* a cgroup and its ancestors */
	struct callers callers;
};

/* The rest of a call's data, which is not in its row: address and length of the next contiguous bytes; then the vector of
 * pieces that follow, of which `skip` bytes are in the row already. */
struct rest {
	u64 from, size;
	u64 vector, skip;
	u32 pieces, next;
	u32 left; /* bytes that remain to be recorded; 0: none */
	u32 at;   /* offset in the chunk of the next bytes */
};

#define NUMBER_ARG 6

/* A record under construction. Twice the row's limit, so that one masked offset plus one masked length stay inside. */
struct scratch {
	u64 args[8]; /* NUMBER_ARG is the program's own number, the last one 0 */
	u8 hidden;  /* state only: no buffers */
	u8 compat;
	u8 enter;   /* an enter record: only parameters known then */
	u8 spared;  /* the data that the call read must not be recorded */
	u8 lookup;  /* the call is part of a name lookup */
	u32 off;    /* of the row's end, between operations */
	u64 task;   /* the thread whose root paths are relative to; 0: the current thread's */
	struct file_facts opened; /* the file of the call's result, once an operation has read it */
	struct work work;
	struct rest rest; /* valid if keeps_rest() */
	struct ksys_rec rec;
	u8 row[2 * (OFF_MASK + 1) + 4096];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2); /* enter and exit side for each CPU; set before load */
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

/* Position of a path walk, and the path so far at the end of its buffer; one for each CPU. */
struct walk {
	struct dentry *d, *root;
	struct vfsmount *mnt, *root_mnt;
	u32 pos, pad;
	u8 buf[2 * 4096 + 256];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct walk);
} walks SEC(".maps");

/* The iterators' own: the programs that use the above can interrupt them. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct walk);
} iter_walks SEC(".maps");

/* Marks of cgroups. A hash map would cost more than everything else of a dropped call. libbpf truncates names of maps to 15
 * characters, and the addon finds this one by its section's name. */
struct ksys_cgroup_table cgroup_table SEC(".bss.cgroups");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* one for each CPU; set before load */
	__type(key, u32);
	__type(value, struct ksys_ceiling_table);
} ceiling_tables SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1); /* set before load */
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct chunk {
	u8 bytes[KSYS_CHUNK_BYTES];
};
struct long_chunk {
	u8 bytes[KSYS_LONG_CHUNK_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* capture/capture.cc creates it with those of all lanes */
	__uint(key_size, sizeof(u32));
	__uint(value_size, KSYS_CHUNK_BYTES); /* KSYS_LONG_CHUNK_BYTES if keeps_rest() */
} chunks SEC(".maps");
struct ksys_lane lanes[MAX_CPUS] SEC(".bss.lanes") = {};

static __always_inline struct scratch *scratch_of(u32 cpu, u32 side)
{
	u32 i = cpu * 2 + side;
	return bpf_map_lookup_elem(&scratches, &i);
}

/* Whether data that does not fit into a row is recorded. A constant for the verifier: if false, all related code is removed. */
static __always_inline bool keeps_rest(void)
{
	return config.plan.snaplen > KSYS_FIRST_DATA;
}

/* Bytes that are recorded of the data of a call. */
static __always_inline u32 data_limit(const struct scratch *s)
{
	return config.plan.lookups > config.plan.snaplen && s->lookup ? config.plan.lookups : config.plan.snaplen;
}

static __always_inline void count_lost(u32 cpu, enum ksys_loss what)
{
	__sync_fetch_and_add(&lost[cpu & (MAX_CPUS - 1)].records[what & 7], 1);
}

#endif
