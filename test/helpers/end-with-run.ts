// Read in each worker of a test run: a worker whose run has ended or was killed ends, with the processes that its tests have
// started. Otherwise it would continue its file, and captures would continue for ever.
import { readdirSync, readFileSync } from 'node:fs'

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((tid) => {
      const pids = readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').match(/\d+/g) ?? []
      return pids.map(Number)
    })
  } catch {
    // it has ended
    return []
  }
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
}

function endDescendants(): void {
  for (const pid of descendantsOf(process.pid)) {
    try {
      process.kill(pid, 'SIGTERM')
    } catch {
      // it has ended
    }
  }
}

// a worker without isolation reads this before each of its files
const INSTALLED = Symbol.for('ksys.end-with-run')
if (!(INSTALLED in globalThis)) {
  Object.defineProperty(globalThis, INSTALLED, { value: true })
  process.once('exit', endDescendants)
  process.once('disconnect', () => process.exit(1))
  process.once('SIGTERM', () => process.exit(1))
}
