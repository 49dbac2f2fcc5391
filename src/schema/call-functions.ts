// The kernel's functions of x86-64's system calls: __x64_sys_NAME for those of 64-bit programs, __ia32_sys_NAME and __ia32_compat_sys_NAME
// for those of 32-bit programs (arch/x86/include/asm/syscall_wrapper.h).
import { SYSCALLS } from './syscalls.js'

/** Names in the kernel's functions, where they differ from the call's (arch/x86/entry/syscalls/syscall_64.tbl). */
const NAMES: Readonly<Record<string, string>> = {
  stat: 'newstat',
  fstat: 'newfstat',
  lstat: 'newlstat',
  uname: 'newuname',
  umount2: 'umount',
  sendfile: 'sendfile64',
  _sysctl: 'sysctl',
}

/** The function of a call. */
export interface CallFunction {
  /** the call's number on x86-64 */
  readonly nr: number
  /** the function's name without what is before it, as in __x64_sys_NAME */
  readonly name: string
  /** the call has no arguments: one function, __do_sys_NAME in the kernel's type information, has the names for both kinds of programs */
  readonly shared: boolean
}

export const CALL_FUNCTIONS: readonly CallFunction[] = SYSCALLS.flatMap(([call, nr, , args]) =>
  nr < 0 ? [] : [{ nr, name: NAMES[call] ?? call, shared: args === '' }],
)

/** The name in the function of a 32-bit program's call; undefined: it is another function. */
export function nameOf32Bits(kernelFunction: string): string | undefined {
  return /^__ia32_(?:compat_)?(?:sys|ia32)_(\w+)$/.exec(kernelFunction)?.[1]
}
