// Explains why a capture could not start, from what the addon threw: a sentence with a remedy.
import { constants, release } from 'node:os'
import { LiveError } from './live-error.js'
import { lockdownError } from './missing.js'
import type { NativeFailure } from './native.js'

const { ENOMEM, EMFILE, ENFILE, EPERM, EACCES, ENOSYS, ERANGE } = constants.errno
const REPORT = 'capture on another kernel, and please report the output of ksys --verbose'

/** Messages for the steps of starting a capture, by the addon's name of the step. */
const STEPS: Readonly<Record<string, string>> = {
  cpus: 'the list of CPUs could not be read',
  open: 'the BPF programs could not be unpacked',
  config: 'the BPF programs could not be configured',
  buffers: 'the kernel could not create the buffers',
  load: 'the kernel did not load the BPF programs',
  counters: 'the counters could not be mapped',
  attach: 'the kernel did not attach the BPF programs',
  iterator: 'existing processes and descriptors could not be read',
}

/** Converts what the addon threw into a LiveError. */
export function toLiveError(e: unknown): LiveError {
  if (e instanceof LiveError) return e
  const { step, errno, log = '', message } = e as Partial<NativeFailure>
  if (step === undefined) return new LiveError('ELOAD', `live capture could not start: ${message ?? String(e)}`)
  if (step === 'cpus' && errno === ERANGE)
    return new LiveError('EKERNEL', 'live capture needs a machine with at most 1024 CPUs', log)
  if (errno === ENOMEM) return noMemory(log)
  if (errno === EMFILE || errno === ENFILE || isTooManyFiles(log))
    return new LiveError(
      'EFILES',
      'live capture needs more open files than this process is allowed, some for each CPU: raise the limit (ulimit -n 4096)',
      log,
    )
  if (/(?:cannot use helper|unknown func) bpf_probe_read/.test(log)) return lockdownError(log)
  if (isWithoutJit(log))
    return new LiveError(
      'EKERNEL',
      "live capture needs the kernel's compiler for BPF programs (JIT), which is off: switch it on (sysctl net.core.bpf_jit_enable=1)",
      log,
    )
  if (verified(log))
    return new LiveError(
      'EVERIFIER',
      `this kernel (${release()}) rejected the BPF programs of live capture: ${REPORT}`,
      log,
    )
  if (errno === EPERM || errno === EACCES || errno === ENOSYS)
    return new LiveError(
      'EPRIV',
      'live capture uses BPF, which a container, a security module or a seccomp filter forbids here: run ksys on the host, as root',
      log,
    )
  const what = STEPS[step] ?? 'a step failed'
  return new LiveError(
    'EKERNEL',
    `live capture could not start on this kernel (${release()}), ${what}: ${REPORT}`,
    withErrno(log, message),
  )
}

/** The error for buffers of a size that is not available. */
export function noMemory(log = ''): LiveError {
  return new LiveError(
    'ENOMEM',
    'there is not enough memory for the buffers of live capture: use a smaller --buffer, or free some memory',
    log,
  )
}

/** Whether the limit of open files was reached while libbpf worked: its final error may be a program that lacks one of its maps. */
export function isTooManyFiles(log: string): boolean {
  return /Too many open files|is not pointing to valid bpf_map/.test(log)
}

/** Whether the kernel rejected a program because it would be interpreted: with loops that call functions, since 7.2 each program. */
function isWithoutJit(log: string): boolean {
  return /in non-JITed programs|^JIT is required/m.test(log)
}

/** Whether the log is from the kernel's verifier. */
function verified(log: string): boolean {
  return /processed \d+ insns|BPF program is too large/.test(log)
}

function withErrno(log: string, message: string | undefined): string {
  return message === undefined ? log : `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${message}\n`
}

/** The last lines of the system's messages: of the verifier's log, if there is one. */
export function lastLines(detail: string, count = 20): string[] {
  const logs = detail.split(/^.*-- BEGIN PROG LOAD LOG --\n/m)
  const text = (logs.at(-1) as string).split(/^.*-- END PROG LOAD LOG --/m)[0] as string
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
}

/** The verifier's final message, the line before its statistics; without such a log the last line. */
export function lastWord(log: string): string {
  const lines = log.split('\n')
  const at = lines.findLastIndex((l) => /^processed \d+ insns/.test(l))
  const word = at > 0 ? lines[at - 1] : lastLines(log, 1)[0]
  return (word ?? '').slice(0, 160)
}
