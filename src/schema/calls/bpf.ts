// bpf's attributes, by command: the members that identify what is created, loaded or looked up (linux/bpf.h).
import { caseTable, inputAt, texts } from '../cases.js'
import { own } from '../constants/own.js'
import * as s from '../shape.js'

const mapTypes = own(
  'bpf_map_types',
  `BPF_MAP_TYPE_UNSPEC=0 BPF_MAP_TYPE_HASH=1 BPF_MAP_TYPE_ARRAY=2 BPF_MAP_TYPE_PROG_ARRAY=3
  BPF_MAP_TYPE_PERF_EVENT_ARRAY=4 BPF_MAP_TYPE_PERCPU_HASH=5 BPF_MAP_TYPE_PERCPU_ARRAY=6 BPF_MAP_TYPE_STACK_TRACE=7
  BPF_MAP_TYPE_CGROUP_ARRAY=8 BPF_MAP_TYPE_LRU_HASH=9 BPF_MAP_TYPE_LRU_PERCPU_HASH=10 BPF_MAP_TYPE_LPM_TRIE=11
  BPF_MAP_TYPE_ARRAY_OF_MAPS=12 BPF_MAP_TYPE_HASH_OF_MAPS=13 BPF_MAP_TYPE_DEVMAP=14 BPF_MAP_TYPE_SOCKMAP=15
  BPF_MAP_TYPE_CPUMAP=16 BPF_MAP_TYPE_XSKMAP=17 BPF_MAP_TYPE_SOCKHASH=18 BPF_MAP_TYPE_CGROUP_STORAGE=19
  BPF_MAP_TYPE_REUSEPORT_SOCKARRAY=20 BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE=21 BPF_MAP_TYPE_QUEUE=22 BPF_MAP_TYPE_STACK=23
  BPF_MAP_TYPE_SK_STORAGE=24 BPF_MAP_TYPE_DEVMAP_HASH=25 BPF_MAP_TYPE_STRUCT_OPS=26 BPF_MAP_TYPE_RINGBUF=27
  BPF_MAP_TYPE_INODE_STORAGE=28 BPF_MAP_TYPE_TASK_STORAGE=29 BPF_MAP_TYPE_BLOOM_FILTER=30 BPF_MAP_TYPE_USER_RINGBUF=31
  BPF_MAP_TYPE_CGRP_STORAGE=32 BPF_MAP_TYPE_ARENA=33`,
)
const programTypes = own(
  'bpf_program_types',
  `BPF_PROG_TYPE_UNSPEC=0 BPF_PROG_TYPE_SOCKET_FILTER=1 BPF_PROG_TYPE_KPROBE=2 BPF_PROG_TYPE_SCHED_CLS=3
  BPF_PROG_TYPE_SCHED_ACT=4 BPF_PROG_TYPE_TRACEPOINT=5 BPF_PROG_TYPE_XDP=6 BPF_PROG_TYPE_PERF_EVENT=7
  BPF_PROG_TYPE_CGROUP_SKB=8 BPF_PROG_TYPE_CGROUP_SOCK=9 BPF_PROG_TYPE_LWT_IN=10 BPF_PROG_TYPE_LWT_OUT=11
  BPF_PROG_TYPE_LWT_XMIT=12 BPF_PROG_TYPE_SOCK_OPS=13 BPF_PROG_TYPE_SK_SKB=14 BPF_PROG_TYPE_CGROUP_DEVICE=15
  BPF_PROG_TYPE_SK_MSG=16 BPF_PROG_TYPE_RAW_TRACEPOINT=17 BPF_PROG_TYPE_CGROUP_SOCK_ADDR=18
  BPF_PROG_TYPE_LWT_SEG6LOCAL=19 BPF_PROG_TYPE_LIRC_MODE2=20 BPF_PROG_TYPE_SK_REUSEPORT=21
  BPF_PROG_TYPE_FLOW_DISSECTOR=22 BPF_PROG_TYPE_CGROUP_SYSCTL=23 BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE=24
  BPF_PROG_TYPE_CGROUP_SOCKOPT=25 BPF_PROG_TYPE_TRACING=26 BPF_PROG_TYPE_STRUCT_OPS=27 BPF_PROG_TYPE_EXT=28
  BPF_PROG_TYPE_LSM=29 BPF_PROG_TYPE_SK_LOOKUP=30 BPF_PROG_TYPE_SYSCALL=31 BPF_PROG_TYPE_NETFILTER=32`,
)

const updateFlags = own('bpf_update_flags', 'BPF_ANY=0 BPF_NOEXIST=1 BPF_EXIST=2 BPF_F_LOCK=4')
const mapFlags = own(
  'bpf_map_flags',
  `BPF_F_NO_PREALLOC=1 BPF_F_NO_COMMON_LRU=2 BPF_F_NUMA_NODE=4 BPF_F_RDONLY=8 BPF_F_WRONLY=0x10 BPF_F_STACK_BUILD_ID=0x20
  BPF_F_ZERO_SEED=0x40 BPF_F_RDONLY_PROG=0x80 BPF_F_WRONLY_PROG=0x100 BPF_F_CLONE=0x200 BPF_F_MMAPABLE=0x400
  BPF_F_PRESERVE_ELEMS=0x800 BPF_F_INNER_MAP=0x1000 BPF_F_LINK=0x2000 BPF_F_PATH_FD=0x4000
  BPF_F_VTYPE_BTF_OBJ_FD=0x8000 BPF_F_TOKEN_FD=0x10000 BPF_F_SEGV_ON_FAULT=0x20000 BPF_F_NO_USER_CONV=0x40000`,
)
const programFlags = own(
  'bpf_program_flags',
  `BPF_F_STRICT_ALIGNMENT=1 BPF_F_ANY_ALIGNMENT=2 BPF_F_TEST_RND_HI32=4 BPF_F_TEST_STATE_FREQ=8 BPF_F_SLEEPABLE=0x10
  BPF_F_XDP_HAS_FRAGS=0x20 BPF_F_XDP_DEV_BOUND_ONLY=0x40 BPF_F_TEST_REG_INVARIANTS=0x80 BPF_F_TOKEN_FD=0x10000`,
)
const attachTypes = own(
  'bpf_attach_types',
  `BPF_CGROUP_INET_INGRESS=0 BPF_CGROUP_INET_EGRESS=1 BPF_CGROUP_INET_SOCK_CREATE=2 BPF_CGROUP_SOCK_OPS=3
  BPF_SK_SKB_STREAM_PARSER=4 BPF_SK_SKB_STREAM_VERDICT=5 BPF_CGROUP_DEVICE=6 BPF_SK_MSG_VERDICT=7 BPF_CGROUP_INET4_BIND=8
  BPF_CGROUP_INET6_BIND=9 BPF_CGROUP_INET4_CONNECT=10 BPF_CGROUP_INET6_CONNECT=11 BPF_CGROUP_INET4_POST_BIND=12
  BPF_CGROUP_INET6_POST_BIND=13 BPF_CGROUP_UDP4_SENDMSG=14 BPF_CGROUP_UDP6_SENDMSG=15 BPF_LIRC_MODE2=16
  BPF_FLOW_DISSECTOR=17 BPF_CGROUP_SYSCTL=18 BPF_CGROUP_UDP4_RECVMSG=19 BPF_CGROUP_UDP6_RECVMSG=20
  BPF_CGROUP_GETSOCKOPT=21 BPF_CGROUP_SETSOCKOPT=22 BPF_TRACE_RAW_TP=23 BPF_TRACE_FENTRY=24 BPF_TRACE_FEXIT=25
  BPF_MODIFY_RETURN=26 BPF_LSM_MAC=27 BPF_TRACE_ITER=28 BPF_CGROUP_INET4_GETPEERNAME=29 BPF_CGROUP_INET6_GETPEERNAME=30
  BPF_CGROUP_INET4_GETSOCKNAME=31 BPF_CGROUP_INET6_GETSOCKNAME=32 BPF_XDP_DEVMAP=33 BPF_CGROUP_INET_SOCK_RELEASE=34
  BPF_XDP_CPUMAP=35 BPF_SK_LOOKUP=36 BPF_XDP=37 BPF_SK_SKB_VERDICT=38 BPF_SK_REUSEPORT_SELECT=39
  BPF_SK_REUSEPORT_SELECT_OR_MIGRATE=40 BPF_PERF_EVENT=41 BPF_TRACE_KPROBE_MULTI=42 BPF_LSM_CGROUP=43 BPF_STRUCT_OPS=44
  BPF_NETFILTER=45 BPF_TCX_INGRESS=46 BPF_TCX_EGRESS=47 BPF_TRACE_UPROBE_MULTI=48 BPF_CGROUP_UNIX_CONNECT=49
  BPF_CGROUP_UNIX_SENDMSG=50 BPF_CGROUP_UNIX_RECVMSG=51 BPF_CGROUP_UNIX_GETPEERNAME=52 BPF_CGROUP_UNIX_GETSOCKNAME=53
  BPF_NETKIT_PRIMARY=54 BPF_NETKIT_PEER=55 BPF_TRACE_KPROBE_SESSION=56 BPF_TRACE_UPROBE_SESSION=57`,
)
const name = s.text(16)
const mapCreate = s.struct({
  map_type: s.one(mapTypes),
  key_size: s.u32,
  value_size: s.u32,
  max_entries: s.u32,
  map_flags: s.bits(mapFlags),
  inner_map_fd: s.quiet(s.u32),
  _numa_node: s.u32,
  map_name: name,
})
const element = s.struct({ map_fd: s.u32, _pad: s.u32, key: s.x64, value: s.x64, flags: s.bits(updateFlags, s.u64) })
const load = s.struct({
  prog_type: s.one(programTypes),
  insn_cnt: s.u32,
  insns: s.x64,
  license: s.x64,
  log_level: s.u32,
  log_size: s.u32,
  log_buf: s.quiet(s.x64),
  kern_version: s.quiet(s.u32),
  prog_flags: s.quiet(s.bits(programFlags)),
  prog_name: name,
  prog_ifindex: s.quiet(s.u32),
  expected_attach_type: s.quiet(s.one(attachTypes)),
})
const object = s.struct({ pathname: s.x64, bpf_fd: s.u32, file_flags: s.quiet(s.x32) })
const attach = s.struct({
  target_fd: s.u32,
  attach_bpf_fd: s.u32,
  attach_type: s.one(attachTypes),
  attach_flags: s.quiet(s.x32),
})
const next = s.struct({ start_id: s.u32, next_id: s.u32, open_flags: s.quiet(s.x32) })
const id = s.struct({ id: s.u32, next_id: s.quiet(s.u32), open_flags: s.quiet(s.x32) })
const link = s.struct({ prog_fd: s.u32, target_fd: s.u32, attach_type: s.one(attachTypes), flags: s.quiet(s.x32) })

const testRun = s.struct({
  prog_fd: s.u32,
  retval: s.u32,
  data_size_in: s.u32,
  data_size_out: s.u32,
  data_in: s.quiet(s.x64),
  data_out: s.quiet(s.x64),
  repeat: s.quiet(s.u32),
  duration: s.quiet(s.u32),
  ctx_size_in: s.quiet(s.u32),
  ctx_size_out: s.quiet(s.u32),
  ctx_in: s.quiet(s.x64),
  ctx_out: s.quiet(s.x64),
  flags: s.quiet(s.x32),
  cpu: s.quiet(s.u32),
})
const query = s.struct({
  target_fd: s.u32,
  attach_type: s.one(attachTypes),
  query_flags: s.quiet(s.bits(own('bpf_query_flags', 'BPF_F_QUERY_EFFECTIVE=1'))),
  attach_flags: s.quiet(s.x32),
  prog_ids: s.x64,
  prog_cnt: s.u32,
})
const batch = s.struct({
  in_batch: s.x64,
  out_batch: s.x64,
  keys: s.x64,
  values: s.x64,
  count: s.u32,
  map_fd: s.u32,
  elem_flags: s.quiet(s.bits(updateFlags, s.u64)),
  flags: s.quiet(s.x64),
})
const taskQuery = s.struct({
  pid: s.s32,
  fd: s.u32,
  flags: s.quiet(s.x32),
  buf_len: s.u32,
  buf: s.x64,
  prog_id: s.u32,
  fd_type: s.u32,
  probe_offset: s.quiet(s.x64),
  probe_addr: s.quiet(s.x64),
})
const linkUpdate = s.struct({
  link_fd: s.u32,
  new_prog_fd: s.u32,
  flags: s.quiet(s.bits(own('bpf_link_update_flags', 'BPF_F_REPLACE=4'))),
  old_prog_fd: s.quiet(s.u32),
})

const all = (shape: s.Shape) => inputAt(shape, 1, { count: 2, each: 1 })

export const bpfAttributes = caseTable('bpf_attributes', [
  ['BPF_MAP_CREATE', 0, all(mapCreate)],
  ['BPF_MAP_LOOKUP_ELEM', 1, all(element)],
  ['BPF_MAP_UPDATE_ELEM', 2, all(element)],
  ['BPF_MAP_DELETE_ELEM', 3, all(element)],
  ['BPF_MAP_GET_NEXT_KEY', 4, all(element)],
  ['BPF_PROG_LOAD', 5, all(load)],
  ['BPF_OBJ_PIN', 6, all(object)],
  ['BPF_OBJ_GET', 7, all(object)],
  ['BPF_PROG_ATTACH', 8, all(attach)],
  ['BPF_PROG_DETACH', 9, all(attach)],
  ['BPF_PROG_TEST_RUN', 10, all(testRun)],
  ['BPF_PROG_GET_NEXT_ID', 11, all(next)],
  ['BPF_MAP_GET_NEXT_ID', 12, all(next)],
  ['BPF_PROG_GET_FD_BY_ID', 13, all(id)],
  ['BPF_MAP_GET_FD_BY_ID', 14, all(id)],
  ['BPF_OBJ_GET_INFO_BY_FD', 15, all(s.struct({ bpf_fd: s.u32, info_len: s.u32, info: s.x64 }))],
  ['BPF_PROG_QUERY', 16, all(query)],
  ['BPF_RAW_TRACEPOINT_OPEN', 17, all(s.struct({ name: s.x64, prog_fd: s.u32 }))],
  ['BPF_BTF_LOAD', 18, all(s.struct({ btf: s.x64, btf_log_buf: s.quiet(s.x64), btf_size: s.u32 }))],
  ['BPF_BTF_GET_FD_BY_ID', 19, all(id)],
  ['BPF_TASK_FD_QUERY', 20, all(taskQuery)],
  ['BPF_MAP_LOOKUP_AND_DELETE_ELEM', 21, all(element)],
  ['BPF_MAP_FREEZE', 22, all(s.struct({ map_fd: s.u32 }))],
  ['BPF_BTF_GET_NEXT_ID', 23, all(next)],
  ['BPF_MAP_LOOKUP_BATCH', 24, all(batch)],
  ['BPF_MAP_LOOKUP_AND_DELETE_BATCH', 25, all(batch)],
  ['BPF_MAP_UPDATE_BATCH', 26, all(batch)],
  ['BPF_MAP_DELETE_BATCH', 27, all(batch)],
  ['BPF_LINK_CREATE', 28, all(link)],
  ['BPF_LINK_UPDATE', 29, all(linkUpdate)],
  ['BPF_LINK_GET_FD_BY_ID', 30, all(id)],
  ['BPF_LINK_GET_NEXT_ID', 31, all(next)],
  ['BPF_ENABLE_STATS', 32, all(s.struct({ type: s.one(own('bpf_stats', 'BPF_STATS_RUN_TIME=0')) }))],
  ['BPF_ITER_CREATE', 33, all(s.struct({ link_fd: s.u32, flags: s.quiet(s.x32) }))],
  ['BPF_LINK_DETACH', 34, all(s.struct({ link_fd: s.u32 }))],
  ['BPF_PROG_BIND_MAP', 35, all(s.struct({ prog_fd: s.u32, map_fd: s.u32, flags: s.quiet(s.x32) }))],
  ['BPF_TOKEN_CREATE', 36, all(s.struct({ flags: s.x32, bpffs_fd: s.u32 }))],
])

/** Texts that the attributes point to: paths, names, licences. */
export const bpfNames = caseTable('bpf_names', [
  ['BPF_PROG_LOAD', 5, texts(s.text(0), 1, 16)],
  ['BPF_OBJ_PIN', 6, texts(s.text(0), 1, 0)],
  ['BPF_OBJ_GET', 7, texts(s.text(0), 1, 0)],
  ['BPF_RAW_TRACEPOINT_OPEN', 17, texts(s.text(0), 1, 0)],
])
