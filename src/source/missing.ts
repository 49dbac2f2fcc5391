// Checks, before anything is loaded, what a live capture needs and this machine or process lacks.
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { release } from 'node:os'
import { hostArch } from '../schema/arch.js'
import { addon } from './addon.js'
import { hostFeatures, lackingFeature } from './features.js'
import { LiveError } from './live-error.js'
import { CAP, capabilities, may } from './privilege.js'

/** The oldest kernel that has everything needed. */
const OLDEST = [5, 15] as const

const BTF = '/sys/kernel/btf/vmlinux'

/** What is missing for a live capture; undefined when nothing is known to be. */
export function missing(): LiveError | undefined {
  return ofMachine() ?? ofMounts() ?? ofProcess() ?? ofKernel()
}

function ofMachine(): LiveError | undefined {
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

/** What the kernel tells through files, by a file that is always there. */
const MOUNTS = [
  ['/proc', 'proc', '/proc/self/status'],
  ['/sys', 'sysfs', '/sys/devices/system/cpu/possible'],
] as const

function ofMounts(): LiveError | undefined {
  const [path, type] = MOUNTS.find(([, , file]) => !existsSync(file)) ?? []
  if (path === undefined) return undefined
  return new LiveError(
    'EMOUNT',
    `live capture needs ${path}, which is not mounted here: mount it (mount -t ${type} ${type} ${path}), or start the container with it`,
  )
}

function ofProcess(): LiveError | undefined {
  const names = lacking()
  if (names.length > 0) return new LiveError('EPRIV', privilegeMissing(names))
  if (hostPids()) return undefined
  return new LiveError(
    'EPIDNS',
    "live capture needs the host's process numbers, and this container has its own: start it with hostPID: true (docker, podman: --pid=host)",
  )
}

function ofKernel(): LiveError | undefined {
  if (lockedDown()) return lockdownError()
  const has = hostFeatures()
  if (has === undefined) {
    const is = existsSync(BTF) ? 'cannot be read as that' : 'is not there'
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

/** Names of the capabilities that this process lacks for capturing. */
function lacking(): string[] {
  const caps = capabilities()
  if (may(CAP.SYS_ADMIN, caps)) return []
  return [...(may(CAP.BPF, caps) ? [] : ['CAP_BPF']), ...(may(CAP.PERFMON, caps) ? [] : ['CAP_PERFMON'])]
}

function privilegeMissing(names: string[]): string {
  const what = names.join(' and ')
  if (process.getuid?.() === 0)
    return `live capture needs ${what}, which this root lacks (a container takes them away): run ksys on the host, or give the container these capabilities, SYS_PTRACE and DAC_READ_SEARCH`
  return `live capture needs root, or ${what}: run it with sudo`
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

/** Whether the kernel is known to let no program read its memory; the file is there where securityfs is mounted. */
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
    "live capture reads the kernel's memory, and this kernel is locked down against that: start it without lockdown=confidentiality",
    detail,
  )
}
