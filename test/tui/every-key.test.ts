// Every key of views over a file, in a real terminal: the screen stays whole, nothing crashes, and Esc comes back. Here a list;
// KSYS_EVERY_KEY=all presses them in all views, one after the other.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadViews } from '../../src/views/index.js'
import { pressAll } from './every-key.js'
import { hasTmux, Terminal } from './terminal.js'

const WEB = fileURLToPath(new URL('../../captures/web.ksys', import.meta.url))
const ALL = process.env.KSYS_EVERY_KEY === 'all'

const views = (await loadViews()).filter((v) => ALL || v.id === 'dig')

describe.skipIf(!hasTmux)('every key over a file', { concurrent: !ALL }, () => {
  test.each(views.map((v) => [v.id, v] as const))(
    'in %s',
    async (id, view) => {
      const t = new Terminal(120, 40)
      try {
        expect(await pressAll(t, view, () => t.ui('--no-config', '-r', WEB, '-v', id))).toBeGreaterThan(40)
      } finally {
        t.close()
      }
    },
    600_000,
  )
})
