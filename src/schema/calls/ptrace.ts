// ptrace's address or data, by request (linux/ptrace.h).
import { caseTable, inputAt, itself, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import * as s from '../shape.js'
import { siginfo } from '../structs/signal.js'

const options = constants('ptrace_options')
const notes = constants('register_sets')
const kinds = constants('syscall_info_ops')
const info = s.struct({
  op: s.one(kinds, s.u8),
  _pad: s.list(s.u8, 3),
  arch: s.x32,
  instruction_pointer: s.x64,
  stack_pointer: s.x64,
  _more: s.choice('op', [
    [1, s.struct({ nr: s.u64, args: s.list(s.x64, 6) })],
    [2, s.struct({ rval: s.s64, is_error: s.u8 })],
  ]),
})
const ADDR = 2
const DATA = 3
const bits = itself(s.bits(options, s.u64), DATA)
const set = itself(s.one(notes, s.u64), ADDR)

export const ptraceArguments = caseTable('ptrace_arguments', [
  ['PTRACE_SETOPTIONS', 0x4200, bits],
  ['PTRACE_GETEVENTMSG', 0x4201, outputAt(s.ulong, DATA)],
  ['PTRACE_GETSIGINFO', 0x4202, outputAt(siginfo, DATA)],
  ['PTRACE_SETSIGINFO', 0x4203, inputAt(siginfo, DATA)],
  ['PTRACE_GETREGSET', 0x4204, set],
  ['PTRACE_SETREGSET', 0x4205, set],
  ['PTRACE_SEIZE', 0x4206, bits],
  ['PTRACE_PEEKSIGINFO', 0x4209, inputAt(s.struct({ off: s.u64, flags: s.x32, nr: s.s32 }), ADDR)],
  ['PTRACE_GETSIGMASK', 0x420a, outputAt(s.signals, DATA)],
  ['PTRACE_SETSIGMASK', 0x420b, inputAt(s.signals, DATA)],
  ['PTRACE_GET_SYSCALL_INFO', 0x420e, outputAt(info, DATA)],
])
