// Checks, before anything is loaded, what a live capture requires and this machine or process lacks.
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { release } from 'node:os'
import { hostArch } from '../schema/arch.js'
import { hostFeatures, lackingFeature } from './features.js'
import { LiveError } from './live-error.js'
import { addon } from './native.js'
import { CAP, capabilities, may } from './privilege.js'

/** The oldest supported kernel. */
const OLDEST = [5, 15] as const

const BTF = '/sys/kernel/btf/vmlinux'

/** The first missing requirement of a live capture; undefined if none is known. */
export function missing(): LiveError | undefined {
  return machineError() ?? mountError() ?? processError() ?? kernelError()
}

function machineError(): LiveError | undefined {
  if (hostArch() === undefined)
    return new LiveError('EKERNEL', `live capture runs on x86-64 and arm64, and this is ${process.arch}`)
  const version = release()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return new LiveError(
      'EKERNEL',
      `live capture needs Linux ${OLDEST.join('.')} or newer, and this is ${version}: capture on a newer kernel`,
    )
  try {
    addon()
    return undefined
  } catch (e) {
    return e as LiveError
  }
}

/** Required file systems, each with a file that always exists in it. */
const MOUNTS = [
  ['/proc', 'proc', '/proc/self/status'],
  ['/sys', 'sysfs', '/sys/devices/system/cpu/possible'],
] as const

function mountError(): LiveError | undefined {
  const [path, type] = MOUNTS.find(([, , file]) => !existsSync(file)) ?? []
  if (path === undefined) return undefined
  return new LiveError(
    'EMOUNT',
    `live capture needs ${path}, which is not mounted here: mount it (mount -t ${type} ${type} ${path}), or start the container with it`,
  )
}

function processError(): LiveError | undefined {
  const names = lacking()
  if (names.length > 0) return new LiveError('EPRIV', privilegeMissing(names))
  if (hostPids()) return undefined
  return new LiveError(
    'EPIDNS',
    "live capture needs the host's pid namespace, and this container has its own: start it with hostPID: true (docker, podman: --pid=host)",
  )
}

function kernelError(): LiveError | undefined {
  if (lockedDown()) return lockdownError()
  const has = hostFeatures()
  if (has === undefined) {
    const is = existsSync(BTF) ? 'is not valid BTF' : 'does not exist'
    return new LiveError(
      'ENOBTF',
      `live capture needs a kernel with BTF, and ${BTF} ${is}: use a kernel built with CONFIG_DEBUG_INFO_BTF`,
    )
  }
  const lacks = lackingFeature(has)
  if (lacks === undefined) return undefined
  return new LiveError(
    'EKERNEL',
    `live capture needs a kernel with ${lacks.name} for BPF (Linux ${lacks.since} or newer), which this one (${release()}) lacks: capture on another`,
  )
}

/** The capabilities for capturing that this process lacks. */
function lacking(): string[] {
  const caps = capabilities()
  if (may(CAP.SYS_ADMIN, caps)) return []
  return [...(may(CAP.BPF, caps) ? [] : ['CAP_BPF']), ...(may(CAP.PERFMON, caps) ? [] : ['CAP_PERFMON'])]
}

function privilegeMissing(names: string[]): string {
  const what = names.join(' and ')
  if (process.getuid?.() === 0)
    return `live capture needs ${what}, which this root lacks (containers drop capabilities): run ksys on the host, or give the container these capabilities, SYS_PTRACE and DAC_READ_SEARCH`
  return `live capture needs root, or ${what}: run it as root, for example with sudo`
}

/** The initial pid namespace; its number is a constant of the kernel (PROC_PID_INIT_INO). */
const FIRST_PIDS = 'pid:[4026531836]'

/** Whether this process is in the host's pid namespace; true if /proc does not show it. */
export function hostPids(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_PIDS
  } catch {
    return true
  }
}

/** Whether kernel lockdown is known to forbid reading kernel memory; the file exists if securityfs is mounted. */
function lockedDown(): boolean {
  try {
    return readFileSync('/sys/kernel/security/lockdown', 'utf8').includes('[confidentiality]')
  } catch {
    return false
  }
}

export function lockdownError(detail = ''): LiveError {
  return new LiveError(
    'ELOCKED',
    'live capture reads kernel memory, which kernel lockdown forbids here: boot without lockdown=confidentiality',
    detail,
  )
}
