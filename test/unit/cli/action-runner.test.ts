// The process that runs the actions of the UI: what it loads stays in memory as long as the UI runs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../helpers/ksys.js'

/** A coverage of Node, which names every file that was loaded. */
interface Coverage {
  readonly result: readonly { readonly url: string }[]
}

test('loads neither options nor fields nor what captures need', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-runner-'))
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: dir }
    // its channel has ended: it exits at once
    const words = ['-c', 'exec "$@" 3<&0', 'sh', process.execPath, main, 'action-runner', '{}']
    const ran = spawnSync('sh', words, { input: '', env, encoding: 'utf8' })
    expect([ran.stderr, ran.status]).toEqual(['', 0])
    const [file] = readdirSync(dir)
    const { result } = JSON.parse(readFileSync(join(dir, file as string), 'utf8')) as Coverage
    const loaded = result.map(({ url }) => basename(url))
    expect(loaded).toContain('runner.cjs')
    expect(loaded.filter((name) => ['options.cjs', 'capture.cjs', 'views.cjs'].includes(name))).toEqual([])
  } finally {
    rmSync(dir, { recursive: true })
  }
})
