// The ABIs of programs: the interfaces, each with call numbers of its own, that a kernel offers. Their names in profiles.
import type { Arch } from '../../schema/types.js'

export type Abi = 'x86_64' | 'x86' | 'aarch64' | 'arm'

interface AbiNames {
  /** libseccomp's constant, as in OCI's profiles */
  readonly seccomp: string
  /** Go's word, as in the conditions of Docker's profiles */
  readonly go: string
  readonly systemd: string
}

export const ABIS: Readonly<Record<Abi, AbiNames>> = {
  x86_64: { seccomp: 'SCMP_ARCH_X86_64', go: 'amd64', systemd: 'x86-64' },
  x86: { seccomp: 'SCMP_ARCH_X86', go: 'x86', systemd: 'x86' },
  aarch64: { seccomp: 'SCMP_ARCH_AARCH64', go: 'arm64', systemd: 'arm64' },
  arm: { seccomp: 'SCMP_ARCH_ARM', go: 'arm', systemd: 'arm' },
}

/** All of them, in the order in which profiles list them. */
export const ALL_ABIS = Object.keys(ABIS) as readonly Abi[]

/** The ABI of the programs of a machine; compat: of its 32-bit programs. */
export function abiOf(arch: Arch, compat: boolean): Abi {
  if (arch === 'x64') return compat ? 'x86' : 'x86_64'
  return compat ? 'arm' : 'aarch64'
}

/** The machine that runs an ABI, and whether its programs have 32 bits there. */
export function machineOf(abi: Abi): { readonly arch: Arch; readonly compat: boolean } {
  return { arch: abi === 'x86_64' || abi === 'x86' ? 'x64' : 'arm64', compat: abi === 'x86' || abi === 'arm' }
}
