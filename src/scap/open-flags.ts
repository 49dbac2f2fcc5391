// Open flags of descriptors that existed before: from libs' portable bits to the kernel's own.
import { fileFlags } from '../schema/flags/open.js'

/** The kernel's open flags (x86-64) for libs' portable ones. */
export function kernelOpenFlags(portable: number): number {
  let out = ((portable & 3) === 0 ? 0 : (portable & 3) - 1) | 0
  for (const [, ppm, native = ppm] of fileFlags.entries) if (native > 3 && (portable & ppm) === ppm) out |= native
  return out >>> 0
}
