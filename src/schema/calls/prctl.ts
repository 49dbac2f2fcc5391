// prctl's and seccomp's arguments, by option.
import { caseTable, inputAt, itself, outputAt, texts } from '../cases.js'
import { constants } from '../constants.js'
import * as s from '../shape.js'

const capability = itself(s.one(constants('capabilities'), s.u64), 1)
const ambient = constants('ambient')
const maps = constants('set_mm')
const speculation = constants('speculation')
const secureBits = constants('securebits')
const dumpable = constants('dumpable')
const tsc = constants('tsc')
const mce = constants('mce_kill')
const policies = constants('mce_kill_policy')
const mdwe = constants('mdwe')
const core = constants('sched_core')
const controls = constants('speculation_control')
const scopes = constants('sched_core_scopes')
const dispatch = constants('user_dispatch')
const futexHash = constants('futex_hash')
const restoreIds = constants('timer_restore_ids')
const thp = constants('thp_disable')
const tracers = constants('ptracers')
const is = (table: Parameters<typeof s.one>[0], n = 1) => itself(s.one(table, s.u64), n)
const filter = s.struct({ len: s.u16, filter: s.pointer })
export const PR_SET_VMA = 0x53564d41

/** The most informative argument of each option. */
export const prctlArguments = caseTable('prctl_arguments', [
  ['PR_SET_PDEATHSIG', 1, itself(s.like(s.u64, { kind: 'signal' }), 1)],
  ['PR_GET_PDEATHSIG', 2, outputAt(s.signal, 1)],
  ['PR_SET_DUMPABLE', 4, itself(s.one(dumpable, s.u64), 1)],
  ['PR_SET_SECCOMP', 22, itself(s.one(constants('seccomp_modes'), s.u64), 1)],
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
  ['PR_CAP_AMBIENT', 47, is(constants('capabilities'), 2)],
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
  ['SECCOMP_GET_ACTION_AVAIL', 2, inputAt(s.one(constants('seccomp_actions')), 2)],
  [
    'SECCOMP_GET_NOTIF_SIZES',
    3,
    outputAt(s.struct({ seccomp_notif: s.u16, seccomp_notif_resp: s.u16, seccomp_data: s.u16 }), 2),
  ],
])
