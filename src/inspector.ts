// Keeps Node's inspector shut: whoever reaches its port runs code as the user of the process. NODE_OPTIONS=--inspect opens it, and
// so does SIGUSR1 until ksys takes that signal (usr1.ts).

/**
 * The options of every Node that runs ksys: its inspector is to listen at a link-local address without an interface, which the
 * kernel binds for nobody. They come before what NODE_OPTIONS says. `--disable-sigusr1` is no substitute: older Nodes do not know
 * it, it does not stop NODE_OPTIONS, and it leaves SIGUSR1 blocked, so that recorders would not get it either. Whatever starts ksys
 * without this module (the first line of main.ts, dist/deb/ksys) has the same.
 */
export const NODE_FLAGS: readonly string[] = ['--inspect-port=[fe80::1]']

/** Closes the inspector of a Node that was started without these options: `node main.js`. A developer's own --inspect stays. */
export function closeInspector(): void {
  if (process.execArgv.some((word) => word.startsWith('--inspect')) || !process.features.inspector) return
  const inspector = process.getBuiltinModule('node:inspector')
  if (inspector.url() !== undefined) inspector.close()
}
