// Every key of views over this machine, in a real terminal, if KSYS_EVERY_KEY is set: `live` presses them in the view of processes, `all`
// in all views.
import { afterEach, describe, expect, test } from 'vitest'
import { loadViews } from '../../src/views/index.js'
import { pressAll } from './every-key.js'
import { hasTmux, Terminal } from './terminal.js'

const canCapture = process.getuid?.() === 0
const { KSYS_EVERY_KEY } = process.env
const ALL = KSYS_EVERY_KEY === 'all'
const views = (await loadViews()).filter((v) => ALL || v.id === 'procs')

let t: Terminal | undefined
afterEach(() => t?.close())

describe.runIf(KSYS_EVERY_KEY !== undefined && hasTmux && canCapture)('every key over this machine', () => {
  test.each(views.map((v) => [v.id, v] as const))(
    'in %s',
    async (id, view) => {
      const terminal = new Terminal(120, 40)
      t = terminal
      expect(await pressAll(terminal, view, () => terminal.ui('--no-config', '-v', id))).toBeGreaterThan(40)
    },
    600_000,
  )
})
