// What bpf's attributes are, by command: the parts that tell what is made, loaded or looked up (linux/bpf.h).
import { caseTable, given } from '../cases.js'
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

const name = s.text(16)
const mapCreate = s.struct({
  map_type: s.one(mapTypes),
  key_size: s.u32,
  value_size: s.u32,
  max_entries: s.u32,
  map_flags: s.x32,
  inner_map_fd: s.quiet(s.u32),
  _numa_node: s.u32,
  map_name: name,
})
const element = s.struct({ map_fd: s.u32, _pad: s.u32, key: s.x64, value: s.x64, flags: s.x64 })
const load = s.struct({
  prog_type: s.one(programTypes),
  insn_cnt: s.u32,
  insns: s.x64,
  license: s.x64,
  log_level: s.u32,
  log_size: s.u32,
  log_buf: s.quiet(s.x64),
  kern_version: s.quiet(s.u32),
  prog_flags: s.quiet(s.x32),
  prog_name: name,
  prog_ifindex: s.quiet(s.u32),
  expected_attach_type: s.quiet(s.u32),
})
const object = s.struct({ pathname: s.x64, bpf_fd: s.u32, file_flags: s.quiet(s.x32) })
const attach = s.struct({ target_fd: s.u32, attach_bpf_fd: s.u32, attach_type: s.u32, attach_flags: s.quiet(s.x32) })
const next = s.struct({ start_id: s.u32, next_id: s.u32, open_flags: s.quiet(s.x32) })
const id = s.struct({ id: s.u32, next_id: s.quiet(s.u32), open_flags: s.quiet(s.x32) })
const link = s.struct({ prog_fd: s.u32, target_fd: s.u32, attach_type: s.u32, flags: s.quiet(s.x32) })

const all = (shape: s.Shape) => given(shape, 1, { count: 2, each: 1 })

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
  ['BPF_PROG_GET_NEXT_ID', 11, all(next)],
  ['BPF_MAP_GET_NEXT_ID', 12, all(next)],
  ['BPF_PROG_GET_FD_BY_ID', 13, all(id)],
  ['BPF_MAP_GET_FD_BY_ID', 14, all(id)],
  ['BPF_OBJ_GET_INFO_BY_FD', 15, all(s.struct({ bpf_fd: s.u32, info_len: s.u32, info: s.x64 }))],
  ['BPF_RAW_TRACEPOINT_OPEN', 17, all(s.struct({ name: s.x64, prog_fd: s.u32 }))],
  ['BPF_BTF_LOAD', 18, all(s.struct({ btf: s.x64, btf_log_buf: s.quiet(s.x64), btf_size: s.u32 }))],
  ['BPF_BTF_GET_FD_BY_ID', 19, all(id)],
  ['BPF_MAP_LOOKUP_AND_DELETE_ELEM', 21, all(element)],
  ['BPF_MAP_FREEZE', 22, all(s.struct({ map_fd: s.u32 }))],
  ['BPF_BTF_GET_NEXT_ID', 23, all(next)],
  ['BPF_LINK_CREATE', 28, all(link)],
  ['BPF_LINK_GET_FD_BY_ID', 30, all(id)],
  ['BPF_LINK_GET_NEXT_ID', 31, all(next)],
])
