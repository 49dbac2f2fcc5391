// The rules of a profile that apply to a container: by the machine, its kernel and the container's capabilities.

import type { Arch } from '../../schema/types.js'
import { ABIS, type Abi, abiOf } from '../calls/abi.js'
import type { Conditions, Profile, Rule } from './profile.js'

/** Where a profile is applied. */
export interface Where {
  readonly arch: Arch
  /** the kernel's release, such as 6.12.3; '' if unknown: then it is new enough for every rule */
  readonly kernel: string
  /** the container's capabilities, such as CAP_CHOWN */
  readonly caps: ReadonlySet<string>
}

/** The ABIs whose calls the profile's filter decides; programs of others are killed. */
export function abisOf({ architectures, archMap }: Profile, arch: Arch): ReadonlySet<Abi> {
  // runtimes always add the machine's own
  const native = abiOf(arch, false)
  const listed = architectures ?? archMap?.get(ABIS[native].seccomp) ?? []
  const compat = abiOf(arch, true)
  return new Set(listed.includes(ABIS[compat].seccomp) ? [native, compat] : [native])
}

/** The rules that apply, in the profile's order. */
export function rulesFor({ rules }: Profile, where: Where): readonly Rule[] {
  return rules.filter(({ includes, excludes }) => holds(includes, where) && !excluded(excludes, where))
}

function holds({ caps, arches, minKernel }: Conditions, where: Where): boolean {
  if (arches.length > 0 && !arches.includes(goArch(where))) return false
  if (!caps.every((cap) => where.caps.has(cap))) return false
  return minKernel === undefined || isAtLeast(where.kernel, minKernel)
}

function excluded({ caps, arches, minKernel }: Conditions, where: Where): boolean {
  if (arches.includes(goArch(where)) || caps.some((cap) => where.caps.has(cap))) return true
  return minKernel !== undefined && isAtLeast(where.kernel, minKernel)
}

const goArch = ({ arch }: Where): string => ABIS[abiOf(arch, false)].go

/** Compares the first two numbers of kernel releases. */
function isAtLeast(kernel: string, least: string): boolean {
  const [a, b] = [numbers(kernel), numbers(least)]
  if (a === undefined || b === undefined) return true
  return a[0] !== b[0] ? a[0] > b[0] : a[1] >= b[1]
}

function numbers(release: string): readonly [number, number] | undefined {
  const m = /^(\d+)\.(\d+)/.exec(release)
  return m === null ? undefined : [Number(m[1]), Number(m[2])]
}

/** The capabilities that Docker and containerd give to a container by default. */
export const DEFAULT_CAPS: readonly string[] =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
    .split(' ')
    .map((name) => `CAP_${name}`)
