#!/usr/bin/env -S node --inspect-port=[fe80::1]
// The ksys command. Its modules joined into few files (src/setup/bundle.ts) are taken while they are as new as the modules, and
// where there are no others. Any Node that knows modules can run this file as far as the message about its version: it has no newer syntax.
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// nothing else is loaded before: it would open Node's inspector
let early = false
process.on('SIGUSR1', () => {
  early = true
})

const SCRIPTS = new URL('./joined/main.cjs', import.meta.url)
const JOINED = './joined/main.js'
const MODULES = './cli/main.js'

function joinedFits(): boolean {
  const [joined, modules] = [JOINED, MODULES].map((file) =>
    statSync(new URL(file, import.meta.url), { throwIfNoEntry: false }),
  )
  return modules === undefined || (joined !== undefined && joined.mtimeMs >= modules.mtimeMs)
}

/** The modules of the command. Those of the UI cannot be scripts (see src/setup/bundle.ts). */
async function command(): Promise<typeof import('./cli/main.js')> {
  if (!joinedFits()) return import(MODULES)
  const { opensUi } = await import('./opens-ui.js')
  if (opensUi(process.argv.slice(2)) || !existsSync(SCRIPTS)) return import(JOINED)
  const { loadScript } = await import('./code-cache.js')
  return loadScript(fileURLToPath(SCRIPTS)) as typeof import('./cli/main.js')
}

/** What keeps ksys from loading its own files, and what to do about it. */
function whyUnloaded({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EMFILE' || code === 'ENFILE')
    return 'not as many files may be open as it needs: raise the limit (ulimit -n 4096)'
  return `a file of ksys's own cannot be loaded, install it again, readable by every user: ${message}`
}

/** Runs the command and sets the exit code, which remains that of a failure if the command never ends but nothing is left to do. */
async function start(): Promise<void> {
  process.exitCode = 1
  try {
    const { unfitNode } = await import('./node-version.js')
    const unfit = unfitNode(process.versions.node)
    if (unfit !== undefined) {
      process.stderr.write(`ksys: ${unfit}\n`)
      return
    }
    const { closeInspector } = await import('./inspector.js')
    closeInspector()
    const { setV8Flags } = await import('./v8-flags.js')
    setV8Flags()
    const { Usr1 } = await import('./usr1.js')
    const usr1 = new Usr1(early)
    const { main } = await command()
    // a signal that came before its listener opens the inspector in the first turn of the event loop
    setImmediate(closeInspector)
    await main(process.argv.slice(2), usr1)
  } catch (e) {
    process.stderr.write(`ksys: ${whyUnloaded(e as NodeJS.ErrnoException)}\n`)
    process.exitCode = 1
  }
}

void start()
