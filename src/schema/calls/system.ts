// The machine: its name, reboot, the kernel log, kexec, segments, performance counters.
import * as b from '../build.js'
import { caseTable, inputAt, itself, outputAt, texts } from '../cases.js'
import { constants, derived } from '../constants.js'
import { errnoName } from '../errno.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import { kexecSegment, userDesc } from '../structs/process.js'

const string = s.text(0)

const reboots = caseTable('reboot_commands', () =>
  constants('reboot_commands').entries.map(([name, value]) => [
    name,
    value,
    name.endsWith('RESTART2') ? texts(string, 3) : undefined,
  ]),
)
const ldts = caseTable('modify_ldt_functions', [
  ['read', 0],
  ['write', 1, inputAt(userDesc, 1)],
  ['read_default', 2],
  ['write_new', 0x11, inputAt(userDesc, 1)],
])

const sysfs = caseTable('sysfs_options', [
  ['SYSFS_TYPE_INDEX', 1, texts(string, 1)],
  ['SYSFS_TYPE_NAME', 2, itself(s.u64, 1)],
  ['SYSFS_TYPE_COUNT', 3],
])
const sysfsNames = caseTable('sysfs_names', [['SYSFS_TYPE_NAME', 2, texts(string, 2)]])
const sysfsName = k.selects(sysfsNames, 'option')

const features = constants('arch_prctl_shstk')
const archs = caseTable('arch_prctl_codes', [
  ['ARCH_SET_GS', 0x1001, itself(s.x64, 1)],
  ['ARCH_SET_FS', 0x1002, itself(s.x64, 1)],
  ['ARCH_GET_FS', 0x1003, outputAt(s.x64, 1)],
  ['ARCH_GET_GS', 0x1004, outputAt(s.x64, 1)],
  ['ARCH_GET_CPUID', 0x1011],
  ['ARCH_SET_CPUID', 0x1012, itself(s.u64, 1)],
  ['ARCH_GET_XCOMP_SUPP', 0x1021, outputAt(s.x64, 1)],
  ['ARCH_GET_XCOMP_PERM', 0x1022, outputAt(s.x64, 1)],
  ['ARCH_REQ_XCOMP_PERM', 0x1023, itself(s.u64, 1)],
  ['ARCH_GET_XCOMP_GUEST_PERM', 0x1024, outputAt(s.x64, 1)],
  ['ARCH_REQ_XCOMP_GUEST_PERM', 0x1025, itself(s.u64, 1)],
  ['ARCH_MAP_VDSO_X32', 0x2001, itself(s.x64, 1)],
  ['ARCH_MAP_VDSO_32', 0x2002, itself(s.x64, 1)],
  ['ARCH_MAP_VDSO_64', 0x2003, itself(s.x64, 1)],
  ['ARCH_GET_UNTAG_MASK', 0x4001, outputAt(s.x64, 1)],
  ['ARCH_ENABLE_TAGGED_ADDR', 0x4002, itself(s.u64, 1)],
  ['ARCH_GET_MAX_TAG_BITS', 0x4003, outputAt(s.u64, 1)],
  ['ARCH_SHSTK_ENABLE', 0x5001, itself(s.bits(features, s.u64), 1)],
  ['ARCH_SHSTK_DISABLE', 0x5002, itself(s.bits(features, s.u64), 1)],
  ['ARCH_SHSTK_LOCK', 0x5003, itself(s.bits(features, s.u64), 1)],
  ['ARCH_SHSTK_UNLOCK', 0x5004, itself(s.bits(features, s.u64), 1)],
  ['ARCH_SHSTK_STATUS', 0x5005, outputAt(s.bits(features, s.u64), 1)],
])

const CACHES = ['L1D', 'L1I', 'LL', 'DTLB', 'ITLB', 'BPU', 'NODE']
const USES = ['READ', 'WRITE', 'PREFETCH']
const OUTCOMES = ['ACCESS', 'MISS']
/** a cache, the operation on it and its result, a byte each */
const perfCaches = derived('perf_caches', () =>
  CACHES.flatMap((cache, i) =>
    USES.flatMap((use, j) =>
      OUTCOMES.map((outcome, k) => {
        const name = `PERF_COUNT_HW_CACHE_${cache}|PERF_COUNT_HW_CACHE_OP_${use}|PERF_COUNT_HW_CACHE_RESULT_${outcome}`
        return [name, i | (j << 8) | (k << 16)] as const
      }),
    ),
  ),
)
const config = s.choice(
  'type',
  [
    [0, s.struct({ config: s.one(constants('perf_hardware'), s.u64) })],
    [1, s.struct({ config: s.one(constants('perf_software'), s.u64) })],
    [3, s.struct({ config: s.one(perfCaches, s.u64) })],
  ],
  s.struct({ config: s.x64 }),
)
/** struct perf_event_attr up to the end of its first version */
const perfAttr = s.struct({
  type: s.one(constants('perf_types')),
  size: s.u32,
  _config: config,
  sample_period: s.quiet(s.u64),
  sample_type: s.quiet(s.bits(constants('perf_sample'), s.u64)),
  read_format: s.quiet(s.bits(constants('perf_read'), s.u64)),
  flags: s.quiet(s.bits(constants('perf_bits'), s.u64)),
  wakeup_events: s.quiet(s.u32),
  bp_type: s.quiet(s.u32),
  config1: s.quiet(s.x64),
})

const magic = k.oneOf(constants('reboot_magic'))

export const systemCalls: Calls = {
  sethostname: { name: k.meaning('host', k.textIn('len')) },
  acct: { name: k.meaning('path', k.text) },
  setdomainname: { name: k.textIn('len') },
  reboot: { magic1: magic, magic2: magic, cmd: k.selector(reboots), arg: k.selects(reboots, 'cmd') },
  syslog: { type: k.oneOf(constants('syslog_actions')), buf: k.dataOut('len') },
  sysfs: {
    option: k.selector(sysfs, 'int32'),
    arg1: k.selects(sysfs, 'option'),
    arg2: k.forArgument('option', sysfsName),
  },
  modify_ldt: {
    // the result is an unsigned int even if it is an error
    res: () => b.ret('res', 'uint32', 'dec', { names: (n) => errnoName(n | 0) }),
    func: k.selector(ldts),
    ptr: k.selects(ldts, 'func'),
  },
  arch_prctl: { option: k.selector(archs, 'uint32', 'hex'), arg2: k.selects(archs, 'option') },
  kexec_load: {
    segments: k.input(s.list(kexecSegment), { count: 'nr_segments' }),
    flags: k.flags(constants('kexec_flags')),
  },
  kexec_file_load: {
    cmdline_ptr: k.omittedBy('args', k.textIn('cmdline_len')),
    flags: k.flags(constants('kexec_file_flags')),
  },
  perf_event_open: { attr_uptr: k.input(perfAttr), flags: k.flags(constants('perf_open_flags')) },
}
