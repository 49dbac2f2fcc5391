// ksys diff over two real runs of a command, one of which finds a file missing and writes more.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = privileged() ? scratchDir('diff-live') : ''

describe.skipIf(!privileged())('two runs of a command', () => {
  test('differ in the missing file, and in the written bytes', () => {
    const [output, gone] = ['out', 'gone'].map((name) => join(dir, name)) as [string, string]
    const run = (name: string, script: string) => {
      const trace = join(dir, `${name}.ksys`)
      ksys(['-w', trace, '--', 'sh', '-c', script])
      return trace
    }
    const a = run('a', `printf %100s x > ${output}`)
    const b = run('b', `printf %200s x > ${output}; cat ${gone}`)
    const rows = ksys(['diff', '-j', a, b])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const of = (file: string) => rows.find((r) => r.differs === 'file' && r.file === file)
    expect(of(output)).toMatchObject({ a: { written: 100 }, b: { written: 200 } })
    expect(of(gone)).toMatchObject({ a: null, b: { errors: 1 } })
    const missing = rows.find((r) => r.differs === 'errors' && r.event === 'openat' && r.error === 'ENOENT')
    expect(missing.b).toBeGreaterThan(missing.a)
    expect(ksys(['diff', '--exit-code', a, b]).code).toBe(7)
  })
})
