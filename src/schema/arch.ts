// The machines that calls are captured on: what people call them, and which of them this is.
import type { Arch } from './types.js'

export const ARCH_NAMES: Readonly<Record<Arch, string>> = { x64: 'x86-64', arm64: 'arm64' }

/** The machine that ksys runs on; undefined when nothing can be captured on its kind. */
export function hostArch(): Arch | undefined {
  const { arch } = process
  return arch === 'x64' || arch === 'arm64' ? arch : undefined
}
