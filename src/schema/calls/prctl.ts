// prctl's and seccomp's arguments, by option.
import { caseTable, inputAt, itself, outputAt, texts } from '../cases.js'
import { own } from '../constants/own.js'
import * as c from '../constants/security.js'
import * as s from '../shape.js'

const capability = itself(s.one(c.capabilities, s.u64), 1)
const ambient = own(
  'ambient',
  'PR_CAP_AMBIENT_IS_SET=1 PR_CAP_AMBIENT_RAISE=2 PR_CAP_AMBIENT_LOWER=3 PR_CAP_AMBIENT_CLEAR_ALL=4',
)
const maps = own(
  'set_mm',
  `PR_SET_MM_START_CODE=1 PR_SET_MM_END_CODE=2 PR_SET_MM_START_DATA=3 PR_SET_MM_END_DATA=4 PR_SET_MM_START_STACK=5
  PR_SET_MM_START_BRK=6 PR_SET_MM_BRK=7 PR_SET_MM_ARG_START=8 PR_SET_MM_ARG_END=9 PR_SET_MM_ENV_START=10
  PR_SET_MM_ENV_END=11 PR_SET_MM_AUXV=12 PR_SET_MM_EXE_FILE=13 PR_SET_MM_MAP=14 PR_SET_MM_MAP_SIZE=15`,
)
const speculation = own('speculation', 'PR_SPEC_STORE_BYPASS=0 PR_SPEC_INDIRECT_BRANCH=1 PR_SPEC_L1D_FLUSH=2')
const secureBits = own(
  'securebits',
  `SECBIT_NOROOT=1 SECBIT_NOROOT_LOCKED=2 SECBIT_NO_SETUID_FIXUP=4 SECBIT_NO_SETUID_FIXUP_LOCKED=8 SECBIT_KEEP_CAPS=0x10
  SECBIT_KEEP_CAPS_LOCKED=0x20 SECBIT_NO_CAP_AMBIENT_RAISE=0x40 SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED=0x80`,
)
const dumpable = own('dumpable', 'SUID_DUMP_DISABLE=0 SUID_DUMP_USER=1 SUID_DUMP_ROOT=2')
const tsc = own('tsc', 'PR_TSC_ENABLE=1 PR_TSC_SIGSEGV=2')
const mce = own('mce_kill', 'PR_MCE_KILL_CLEAR=0 PR_MCE_KILL_SET=1')
const policies = own('mce_kill_policy', 'PR_MCE_KILL_LATE=0 PR_MCE_KILL_EARLY=1 PR_MCE_KILL_DEFAULT=2')
const mdwe = own('mdwe', 'PR_MDWE_REFUSE_EXEC_GAIN=1 PR_MDWE_NO_INHERIT=2')
const core = own(
  'sched_core',
  'PR_SCHED_CORE_GET=0 PR_SCHED_CORE_CREATE=1 PR_SCHED_CORE_SHARE_TO=2 PR_SCHED_CORE_SHARE_FROM=3',
)
const controls = own(
  'speculation_control',
  'PR_SPEC_PRCTL=1 PR_SPEC_ENABLE=2 PR_SPEC_DISABLE=4 PR_SPEC_FORCE_DISABLE=8 PR_SPEC_DISABLE_NOEXEC=0x10',
)
const scopes = own(
  'sched_core_scopes',
  'PR_SCHED_CORE_SCOPE_THREAD=0 PR_SCHED_CORE_SCOPE_THREAD_GROUP=1 PR_SCHED_CORE_SCOPE_PROCESS_GROUP=2',
)
const dispatch = own(
  'user_dispatch',
  'PR_SYS_DISPATCH_OFF=0 PR_SYS_DISPATCH_EXCLUSIVE_ON=1 PR_SYS_DISPATCH_INCLUSIVE_ON=2',
)
const futexHash = own('futex_hash', 'PR_FUTEX_HASH_SET_SLOTS=1 PR_FUTEX_HASH_GET_SLOTS=2 PR_FUTEX_HASH_GET_IMMUTABLE=3')
const restoreIds = own(
  'timer_restore_ids',
  'PR_TIMER_CREATE_RESTORE_IDS_OFF=0 PR_TIMER_CREATE_RESTORE_IDS_ON=1 PR_TIMER_CREATE_RESTORE_IDS_GET=2',
)
const thp = own('thp_disable', 'PR_THP_DISABLE_EXCEPT_ADVISED=2')
const tracers = own('ptracers', 'PR_SET_PTRACER_ANY=-1')
const is = (table: Parameters<typeof s.one>[0], n = 1) => itself(s.one(table, s.u64), n)
const filter = s.struct({ len: s.u16, filter: s.pointer })
export const PR_SET_VMA = 0x53564d41

/** The most informative argument of each option. */
export const prctlArguments = caseTable('prctl_arguments', [
  ['PR_SET_PDEATHSIG', 1, itself(s.like(s.u64, { kind: 'signal' }), 1)],
  ['PR_GET_PDEATHSIG', 2, outputAt(s.signal, 1)],
  ['PR_SET_DUMPABLE', 4, itself(s.one(dumpable, s.u64), 1)],
  ['PR_SET_SECCOMP', 22, itself(s.one(c.seccompModes, s.u64), 1)],
  ['PR_CAPBSET_READ', 23, capability],
  ['PR_CAPBSET_DROP', 24, capability],
  ['PR_GET_TSC', 25, outputAt(s.one(tsc), 1)],
  ['PR_SET_TSC', 26, is(tsc)],
  ['PR_SET_SECUREBITS', 28, itself(s.bits(secureBits, s.u64), 1)],
  ['PR_MCE_KILL', 33, is(mce)],
  ['PR_SET_MM', 35, itself(s.one(maps, s.u64), 1)],
  ['PR_GET_TID_ADDRESS', 40, outputAt(s.xlong, 1)],
  ['PR_CAP_AMBIENT', 47, itself(s.one(ambient, s.u64), 1)],
  ['PR_GET_SPECULATION_CTRL', 52, itself(s.one(speculation, s.u64), 1)],
  ['PR_SET_SPECULATION_CTRL', 53, itself(s.one(speculation, s.u64), 1)],
  ['PR_SET_THP_DISABLE', 41, itself(s.u64, 1)],
  ['PR_SET_SYSCALL_USER_DISPATCH', 59, is(dispatch)],
  ['PR_SCHED_CORE', 62, is(core)],
  ['PR_TIMER_CREATE_RESTORE_IDS', 77, is(restoreIds)],
  ['PR_FUTEX_HASH', 78, is(futexHash)],
  ['PR_SET_MDWE', 65, itself(s.bits(mdwe, s.u64), 1)],
  ['PR_SET_PTRACER', 0x59616d61, is(tracers)],
  ['PR_SET_VMA', PR_SET_VMA, texts(s.text(0), 4)],
])

/** The third argument, if it has a meaning of its own. */
export const prctlThird = caseTable('prctl_third', [
  ['PR_SET_SECCOMP', 22, inputAt(filter, 2)],
  ['PR_MCE_KILL', 33, is(policies, 2)],
  ['PR_SET_MM', 35, itself(s.x64, 2)],
  ['PR_CAP_AMBIENT', 47, is(c.capabilities, 2)],
  ['PR_SET_SPECULATION_CTRL', 53, itself(s.bits(controls, s.u64), 2)],
  ['PR_SCHED_CORE', 62, itself(s.s32, 2)],
  ['PR_SET_SYSCALL_USER_DISPATCH', 59, itself(s.x64, 2)],
  ['PR_SET_THP_DISABLE', 41, itself(s.bits(thp, s.u64), 2)],
  ['PR_SET_VMA', PR_SET_VMA, itself(s.x64, 2)],
])

/** The fourth argument, of the few options that have one. */
export const prctlFourth = caseTable('prctl_fourth', [
  ['PR_SET_MM', 35, itself(s.x64, 3)],
  ['PR_SCHED_CORE', 62, is(scopes, 3)],
  ['PR_SET_SYSCALL_USER_DISPATCH', 59, itself(s.u64, 3)],
  ['PR_SET_VMA', PR_SET_VMA, itself(s.u64, 3)],
])

export const seccompArguments = caseTable('seccomp_arguments', [
  ['SECCOMP_SET_MODE_STRICT', 0],
  ['SECCOMP_SET_MODE_FILTER', 1, inputAt(filter, 2)],
  ['SECCOMP_GET_ACTION_AVAIL', 2, inputAt(s.one(c.seccompActions), 2)],
  [
    'SECCOMP_GET_NOTIF_SIZES',
    3,
    outputAt(s.struct({ seccomp_notif: s.u16, seccomp_notif_resp: s.u16, seccomp_data: s.u16 }), 2),
  ],
])
