// Every key of views over a file, in a real terminal: the screen remains intact, nothing crashes, and Esc returns. Here a list;
// KSYS_EVERY_KEY=all presses them in all views, a few at a time, because most of the time is spent waiting.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadViews } from '../../src/views/index.js'
import { pressAll } from './every-key.js'
import { hasTmux, Terminal } from './terminal.js'

const WEB = fileURLToPath(new URL('../../captures/web.ksys', import.meta.url))
const ALL = process.env.KSYS_EVERY_KEY === 'all'

const views = (await loadViews()).filter((v) => ALL || v.id === 'dig')

/** The number of views at a time. */
const AT_ONCE = 6
const started: Promise<unknown>[] = []

/** Runs work once the one that was started AT_ONCE before it has ended. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const before = started[started.length - AT_ONCE]
  const own = Promise.resolve(before).then(work, work)
  started.push(own)
  return own
}

describe.skipIf(!hasTmux)('every key over a file', { concurrent: true }, () => {
  test.each(views.map((v) => [v.id, v] as const))(
    'in %s',
    (id, view) =>
      inTurn(async () => {
        const t = new Terminal(120, 40)
        try {
          expect(await pressAll(t, view, () => t.ui('--no-config', '-r', WEB, '-v', id))).toBeGreaterThan(40)
        } finally {
          t.close()
        }
      }),
    3_600_000,
  )
})
