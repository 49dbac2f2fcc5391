// Loading of what draws the UI, in a process of its own: what is loaded already does not show.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LOADS = `
import { loadComponents } from './.build/js/src/tui/components/load.js'
await loadComponents()
const client = process.moduleLoadList.some((name) => name.endsWith('internal/deps/undici/undici'))
console.log(JSON.stringify([client, typeof fetch, process.env.DEV]))
`

test('loads no HTTP client, and leaves the environment as it was', () => {
  const env = { ...process.env, DEV: 'true' }
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', LOADS], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  })
  expect(JSON.parse(printed)).toEqual([false, 'function', 'true'])
})
