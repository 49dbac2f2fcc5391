// ptrace's address or data, by request (linux/ptrace.h).
import { caseTable, inputAt, itself, outputAt } from '../cases.js'
import { own } from '../constants/own.js'
import * as s from '../shape.js'
import { siginfo } from '../structs/signal.js'

const options = own(
  'ptrace_options',
  `PTRACE_O_TRACESYSGOOD=1 PTRACE_O_TRACEFORK=2 PTRACE_O_TRACEVFORK=4 PTRACE_O_TRACECLONE=8 PTRACE_O_TRACEEXEC=0x10
  PTRACE_O_TRACEVFORKDONE=0x20 PTRACE_O_TRACEEXIT=0x40 PTRACE_O_TRACESECCOMP=0x80 PTRACE_O_EXITKILL=0x100000
  PTRACE_O_SUSPEND_SECCOMP=0x200000`,
)
const notes = own(
  'register_sets',
  `NT_PRSTATUS=1 NT_PRFPREG=2 NT_PRPSINFO=3 NT_TASKSTRUCT=4 NT_AUXV=6 NT_386_TLS=0x200 NT_386_IOPERM=0x201
  NT_X86_XSTATE=0x202 NT_X86_SHSTK=0x204 NT_X86_XSAVE_LAYOUT=0x205 NT_ARM_VFP=0x400 NT_ARM_TLS=0x401
  NT_ARM_HW_BREAK=0x402 NT_ARM_HW_WATCH=0x403 NT_ARM_SYSTEM_CALL=0x404 NT_ARM_SVE=0x405`,
)
const kinds = own(
  'syscall_info_ops',
  `PTRACE_SYSCALL_INFO_NONE=0 PTRACE_SYSCALL_INFO_ENTRY=1 PTRACE_SYSCALL_INFO_EXIT=2 PTRACE_SYSCALL_INFO_SECCOMP=3`,
)
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
