// Architectures that can be captured: their display names, and the one of this machine.
import type { Arch } from './types.js'

export const ARCH_NAMES: Readonly<Record<Arch, string>> = { x64: 'x86-64', arm64: 'arm64' }

/** The architecture that ksys runs on; undefined if captures are not supported on it. */
export function hostArch(): Arch | undefined {
  const { arch } = process
  return arch === 'x64' || arch === 'arm64' ? arch : undefined
}
