// A line of the screen as it is built, with React in its production version: the development version retains measurements.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Draws 2000 different lines, each of which takes 800 bytes; prints by how many bytes the heap has grown. */
const DRAWS = `
import { Writable } from 'node:stream'
import { render } from 'ink'
import { createElement } from 'react'
import { Line } from './.build/js/src/tui/components/line.js'
const line = (i) => createElement(Line, { spans: [[i + ' … ' + 'x'.repeat(390), 'text']], width: 400 })
const stdout = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { columns: 400 })
const ink = render(line(0), { stdout, patchConsole: false })
const draw = (from, to) => {
  for (let i = from; i < to; i++) ink.rerender(line(i))
  gc()
  return process.memoryUsage().heapUsed
}
const before = draw(0, 200)
console.log(draw(200, 2200) - before)
process.exit()
`

test('memory of drawn lines is released', () => {
  const args = ['--expose-gc', '--input-type=module', '-e', DRAWS]
  const env = { ...process.env, NODE_ENV: 'production' }
  const kept = Number(execFileSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' }))
  expect(kept / 1e6).toBeLessThan(1)
})
