// Disables Node's inspector: any client that can connect to its port can run code as the user of the process. NODE_OPTIONS=--inspect opens
// it, and so does SIGUSR1 until ksys handles that signal (usr1.ts).

/**
 * Options for every Node.js that runs ksys: the inspector must listen on a link-local address without an interface, where bind() always
 * fails. They take precedence over NODE_OPTIONS. `--disable-sigusr1` is not an alternative: older versions do not support it, it does not
 * affect NODE_OPTIONS, and it leaves SIGUSR1 blocked, so that recorders would not receive it either. The places that start ksys without
 * this module (the first line of main.ts, dist/deb/ksys) repeat these options.
 */
export const NODE_FLAGS: readonly string[] = ['--inspect-port=[fe80::1]']

/** Closes the inspector if Node was started without these options (`node main.js`), but not if a developer passed --inspect. */
export function closeInspector(): void {
  if (process.execArgv.some((word) => word.startsWith('--inspect')) || !process.features.inspector) return
  const inspector = process.getBuiltinModule('node:inspector')
  if (inspector.url() !== undefined) inspector.close()
}
