// What the addon threw when a capture could not begin, as a sentence that says what to do.
import { constants, release } from 'node:os'
import { LiveError } from './live-error.js'
import { lockdownError } from './missing.js'
import type { NativeFailure } from './native.js'

const { ENOMEM, EMFILE, ENFILE, EPERM, EACCES, ENOSYS, ERANGE } = constants.errno
const REPORT = 'capture on another kernel, and please report what ksys --verbose says'

/** The steps that a capture begins with, as the addon names them, in a person's words. */
const STEPS: Readonly<Record<string, string>> = {
  cpus: 'the kernel did not tell which CPUs it has',
  open: 'the programs could not be unpacked',
  config: 'the programs could not be told what to record',
  rings: 'the kernel made no buffers',
  load: 'the kernel did not take the programs',
  lanes: 'the buffers could not be mapped',
  counters: 'the counters could not be mapped',
  attach: 'the kernel let the programs not run',
  iterator: 'the kernel did not tell what exists already',
}

/** Turns what the addon threw into a LiveError. */
export function explain(e: unknown): LiveError {
  if (e instanceof LiveError) return e
  const { step, errno, log = '', message } = e as Partial<NativeFailure>
  if (step === undefined) return new LiveError('ELOAD', `live capture could not begin: ${message ?? String(e)}`)
  if (step === 'cpus' && errno === ERANGE)
    return new LiveError('EKERNEL', 'live capture needs a machine with at most 1024 CPUs', log)
  if (errno === ENOMEM) return noMemory(log)
  if (errno === EMFILE || errno === ENFILE || saysTooManyFiles(log))
    return new LiveError(
      'EFILES',
      'live capture may not have as many files open as it needs, some for each CPU: raise the limit (ulimit -n 4096)',
      log,
    )
  if (/(?:cannot use helper|unknown func) bpf_probe_read/.test(log)) return lockdownError(log)
  if (verified(log))
    return new LiveError(
      'EVERIFIER',
      `this kernel (${release()}) refuses the programs that live capture is made of: ${REPORT}`,
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
    `live capture could not begin on this kernel (${release()}), ${what}: ${REPORT}`,
    withErrno(log, message),
  )
}

/** Buffers of that size are not to be had. */
export function noMemory(log = ''): LiveError {
  return new LiveError(
    'ENOMEM',
    'live capture got no memory for its buffers: give it a smaller --buffer, or free some memory',
    log,
  )
}

/** Whether libbpf met that on its way: what it reports in the end may be a program without one of its maps. */
export function saysTooManyFiles(log: string): boolean {
  return /Too many open files|is not pointing to valid bpf_map/.test(log)
}

/** Whether the kernel's verifier looked at a program and has a log of it. */
function verified(log: string): boolean {
  return /processed \d+ insns|BPF program is too large/.test(log)
}

function withErrno(log: string, message: string | undefined): string {
  return message === undefined ? log : `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${message}\n`
}

/** The last lines of what the system said: of the verifier's log, where there is one. */
export function lastLines(detail: string, count = 20): string[] {
  const logs = detail.split(/^.*-- BEGIN PROG LOAD LOG --\n/m)
  const text = (logs.at(-1) as string).split(/^.*-- END PROG LOAD LOG --/m)[0] as string
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
}

/** The verifier's last word, the line before its statistics; without such a log the last line. */
export function lastWord(log: string): string {
  const lines = log.split('\n')
  const at = lines.findLastIndex((l) => /^processed \d+ insns/.test(l))
  const word = at > 0 ? lines[at - 1] : lastLines(log, 1)[0]
  return (word ?? '').slice(0, 160)
}
