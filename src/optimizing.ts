// Makes V8 optimize functions later than by default. Most code of a short run, such as the parser of rules, runs for a few milliseconds only:
// optimizing it took as much CPU time as running it. Functions for events reach the higher limit within the first blocks of a trace.
import { setFlagsFromString } from 'node:v8'

/**
 * By Node's major version, V8's limits for a function, ten times its defaults. V8 reports flags that it does not know, so other versions
 * keep theirs.
 */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  // bytes of bytecode
  20: ['--interrupt-budget=675840'],
  // calls
  22: ['--invocation-count-for-turbofan=30000'],
  // it has two optimizing compilers
  24: ['--invocation-count-for-maglev=4000', '--invocation-count-for-turbofan=30000'],
}

/** Raises V8's limits. Call it before stored code (code-cache.ts) is loaded or written: V8 accepts only code of a process with the same flags. */
export function optimizeLater(): void {
  const [major = ''] = process.versions.node.split('.')
  for (const flag of LIMITS[major] ?? []) setFlagsFromString(flag)
}
