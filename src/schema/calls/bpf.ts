// bpf's attributes, by command: the members that identify what is created, loaded or looked up (linux/bpf.h).
import { caseTable, inputAt, texts } from '../cases.js'
import { constants } from '../constants.js'
import * as s from '../shape.js'

const mapTypes = constants('bpf_map_types')
const programTypes = constants('bpf_program_types')

const updateFlags = constants('bpf_update_flags')
const mapFlags = constants('bpf_map_flags')
const programFlags = constants('bpf_program_flags')
const attachTypes = constants('bpf_attach_types')
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
  query_flags: s.quiet(s.bits(constants('bpf_query_flags'))),
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
  flags: s.quiet(s.bits(constants('bpf_link_update_flags'))),
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
  ['BPF_ENABLE_STATS', 32, all(s.struct({ type: s.one(constants('bpf_stats')) }))],
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
