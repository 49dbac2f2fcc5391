// What this machine allows of programs at the kernel's functions of single calls (attachment.ts).
import { readFileSync } from 'node:fs'
import { hostArch } from '../schema/arch.js'
import type { Arch } from '../schema/types.js'
import { hostFeatures } from './features.js'
import { addon } from './native.js'

/** The feature (features.ts) that programs at functions need. */
export const SINGLE_CALLS = 'single calls'
/** The feature without which the kernel reports only some of the calls that wait at the same time. */
const ANY_NUMBER = 'many single calls'

/** 0: the kernel runs no programs at functions, whatever is attached there */
const ENABLED = '/proc/sys/kernel/ftrace_enabled'

export interface AttachHost {
  readonly arch: Arch
  /** the kernel can attach programs to functions; undefined: unknown, because the addon does not load or there is no BTF */
  readonly possible: boolean | undefined
  /** it reports the ends of any number of calls that are in progress at the same time */
  readonly anyNumber: boolean
  /** programs at functions are switched off (sysctl kernel.ftrace_enabled) */
  readonly switchedOff: boolean
  /** the kernel's functions of calls */
  functions(): readonly string[]
}

/** The running machine. possible: whether programs were attached or loaded for trial; by default the kernel's type information (BTF) decides. */
export function attachHost(possible = hostFeatures()?.get(SINGLE_CALLS)): AttachHost {
  return {
    arch: hostArch() ?? 'x64',
    possible,
    anyNumber: hostFeatures()?.get(ANY_NUMBER) === true,
    switchedOff: isOff(),
    functions: () => addon().callFunctions(),
  }
}

function isOff(): boolean {
  try {
    return readFileSync(ENABLED, 'utf8').trim() === '0'
  } catch {
    // absent if the kernel was built without programs at functions
    return false
  }
}
