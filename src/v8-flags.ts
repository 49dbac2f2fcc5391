// V8's flags for short runs. Most of their code runs for a few milliseconds only: optimizing it took as much CPU time as running it, and
// collecting garbage between loading two modules, most of which stays in use, took as much as a tenth of the run.
import { setFlagsFromString } from 'node:v8'

/**
 * Factor by which the space for new objects grows: at once to its largest size, which each live capture and each trace of some MB makes it
 * reach anyway. With V8's factor of 2, loading ksys copies the same objects six times and marks all objects once.
 */
const GROWTH = '--semi-space-growth-factor=16'

/**
 * By Node's major version. V8 reports flags that it does not know, so other versions keep their values. The limits from which functions are
 * optimized are ten times V8's: functions for events reach them within the first blocks of a trace.
 */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  // bytes of bytecode
  20: ['--interrupt-budget=675840', GROWTH],
  // calls
  22: ['--invocation-count-for-turbofan=30000', GROWTH],
  // it has two optimizing compilers
  24: ['--invocation-count-for-maglev=4000', '--invocation-count-for-turbofan=30000', GROWTH],
}

/** Sets the flags. Call it before stored code (code-cache.ts) is loaded or written: V8 accepts only code of a process with the same flags. */
export function setV8Flags(): void {
  const [major = ''] = process.versions.node.split('.')
  for (const flag of FLAGS[major] ?? []) setFlagsFromString(flag)
}
