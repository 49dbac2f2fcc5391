// Why a live capture could not begin, in a sentence that says what to do.
import { existsSync, readlinkSync } from 'node:fs'
import { release } from 'node:os'
import { hostFeatures, lackingFeature } from './features.js'
import type { NativeFailure } from './native.js'
import { CAP, capabilities, may } from './privilege.js'

export type LiveErrorCode =
  | 'EPRIV'
  | 'EPIDNS'
  | 'ENOBTF'
  | 'EKERNEL'
  | 'EVERIFIER'
  | 'ENOADDON'
  | 'ENOMEM'
  | 'ELOAD'
  | 'ECOMMAND'

/** A live capture that could not begin. `detail` is what the kernel said, for bug reports. */
export class LiveError extends Error {
  constructor(
    readonly code: LiveErrorCode,
    message: string,
    readonly detail = '',
  ) {
    super(message)
    this.name = 'LiveError'
  }
}

/** The oldest kernel that has everything needed, and why. */
const OLDEST = [5, 15] as const
const REPLAY = 'Reading captures (-r FILE) needs neither.'

const EPERM = 1
const EACCES = 13
const ENOMEM = 12

/** Names of the capabilities that this process lacks for capturing. */
function lacking(): string[] {
  const caps = capabilities()
  if (may(CAP.SYS_ADMIN, caps)) return []
  return [...(may(CAP.BPF, caps) ? [] : ['CAP_BPF']), ...(may(CAP.PERFMON, caps) ? [] : ['CAP_PERFMON'])]
}

/** The kernel's first pid namespace, a number that never changes (PROC_PID_INIT_INO). */
const FIRST_PIDS = 'pid:[4026531836]'

/** Whether this process sees the host's numbers of processes. Where /proc does not tell, it is taken to. */
function hostPids(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_PIDS
  } catch {
    return true
  }
}

function privilegeMissing(names: string[]): string {
  const what = names.join(' and ')
  if (process.getuid?.() === 0)
    return `live capture needs ${what}, which this root lacks (a container takes them away): run ksys on the host, or in a privileged container. ${REPLAY}`
  return `live capture needs root, or ${what}: run it with sudo. ${REPLAY}`
}

/** What is missing on this machine for a live capture; undefined when nothing is known to be. */
export function missing(): LiveError | undefined {
  const version = release()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return new LiveError(
      'EKERNEL',
      `live capture needs Linux ${OLDEST.join('.')} or newer, this is ${version}: capture on a newer kernel. ${REPLAY}`,
    )
  const names = lacking()
  if (names.length > 0) return new LiveError('EPRIV', privilegeMissing(names))
  if (!hostPids())
    return new LiveError(
      'EPIDNS',
      `live capture needs the host's process numbers, and this container has its own: start it with hostPID: true (docker, podman: --pid=host). ${REPLAY}`,
    )
  if (!existsSync('/sys/kernel/btf/vmlinux'))
    return new LiveError(
      'ENOBTF',
      `live capture needs a kernel with BTF, and /sys/kernel/btf/vmlinux is not there: use a kernel built with CONFIG_DEBUG_INFO_BTF. ${REPLAY}`,
    )
  const has = hostFeatures()
  const lacks = has && lackingFeature(has)
  if (lacks !== undefined)
    return new LiveError(
      'EKERNEL',
      `live capture needs a kernel with ${lacks.name} for BPF (Linux ${lacks.since} or newer), which this one (${version}) lacks. ${REPLAY}`,
    )
  return undefined
}

/** Turns what the addon threw into a LiveError. */
export function explain(e: unknown): LiveError {
  const f = e as Partial<NativeFailure>
  if (f.step === undefined) return new LiveError('ELOAD', `live capture could not begin: ${f.message ?? String(e)}`)
  const log = f.log ?? ''
  if (f.errno === ENOMEM)
    return new LiveError(
      'ENOMEM',
      'live capture got no memory for its buffers: give it a smaller --buffer, or free some memory',
      log,
    )
  if (f.step === 'load' && /processed \d+ insns|BPF program is too large/.test(log))
    return new LiveError(
      'EVERIFIER',
      `this kernel (${release()}) refuses ksys's BPF programs (${reason(log)}): please report it. ${REPLAY}`,
      log,
    )
  if (f.errno === EPERM || f.errno === EACCES)
    return new LiveError(
      'EPRIV',
      `the kernel did not allow it (${f.step}): a container, a security module or lockdown forbids BPF here. Run ksys on the host as root. ${REPLAY}`,
      log,
    )
  return new LiveError(
    'EKERNEL',
    `live capture could not begin on this kernel (${release()}): ${f.message}. ${REPLAY}`,
    log,
  )
}

/** The verifier's last word: the line before its statistics. */
function reason(log: string): string {
  const lines = log.split('\n')
  const at = lines.findIndex((l) => /^processed \d+ insns/.test(l))
  return (lines[at - 1] ?? '').replace(/[^ -~]/g, '').slice(0, 120)
}
