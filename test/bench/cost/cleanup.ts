// What must be undone when the bench ends, in whatever way: processes, folders, cgroups, settings of the kernel.

const pending = new Set<() => void>()

/** Registers an action for the end of the bench. The result runs it now instead. */
export function atEnd(undo: () => void): () => void {
  const once = () => {
    if (pending.delete(once)) undo()
  }
  pending.add(once)
  return once
}

function undoAll(): void {
  // what was begun last may use what was begun first
  for (const undo of [...pending].reverse()) {
    try {
      undo()
    } catch (error) {
      console.error(`cost: could not clean up: ${(error as Error).message}`)
    }
  }
}

/** Undoes everything when the process exits, also by a signal. */
export function installCleanup(): void {
  process.on('exit', undoAll)
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => process.exit(code))
}
