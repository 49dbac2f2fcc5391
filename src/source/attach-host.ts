// What this machine allows of programs at the kernel's functions of single calls (attachment.ts).
import { hostArch } from '../schema/arch.js'
import type { Arch } from '../schema/types.js'
import { hostFeatures } from './features.js'
import { addon } from './native.js'

/** The feature (features.ts) that programs at functions need. */
export const SINGLE_CALLS = 'single calls'

export interface AttachHost {
  readonly arch: Arch
  /** the kernel can attach programs to functions; undefined: unknown, because the addon does not load or there is no BTF */
  readonly possible: boolean | undefined
  /** the kernel's functions of calls */
  functions(): readonly string[]
}

/** The running machine. possible: whether programs were attached or loaded for trial; by default the kernel's type information (BTF) decides. */
export function attachHost(possible = hostFeatures()?.get(SINGLE_CALLS)): AttachHost {
  return { arch: hostArch() ?? 'x64', possible, functions: () => addon().callFunctions() }
}
