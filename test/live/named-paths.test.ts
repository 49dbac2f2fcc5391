// Paths with `..` behind a link: an opened file has the kernel's path, one that is only named has the path in its text.
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'

describe.skipIf(!privileged())('link/../x', () => {
  const dir = realpathSync(scratchDir('named'))
  const trace = join(dir, 't.ksys')
  // the link leads to far/away: the kernel resolves link/.. to far
  mkdirSync(join(dir, 'far', 'away'), { recursive: true })
  symlinkSync(join(dir, 'far', 'away'), join(dir, 'link'))
  for (const name of ['opened', 'unlinked', 'renamed']) writeFileSync(join(dir, 'far', name), '')
  const named = (name: string) => `${dir}/link/../${name}`

  beforeAll(() => {
    const program = `import os
os.open('${named('opened')}', os.O_RDONLY)
try: os.open('${named('missing')}', os.O_RDONLY)
except FileNotFoundError: pass
os.stat('${named('unlinked')}')
os.rename('${named('renamed')}', '${named('moved')}')
os.unlink('${named('unlinked')}')`
    expect(ksys(['-w', trace, '--', 'python3', '-c', program]).code).toBe(0)
  }, 120_000)

  const of = (name: string, types: string, ...fields: string[]) =>
    readRows(trace, ['evt.failed', ...fields], [`evt.type in (${types}) and evt.args contains link/../${name}`])

  test('an opened file has the path that the kernel has for it', () => {
    const [row] = of('opened', 'open, openat', 'fd.name', 'fs.path.name', 'fs.path.nameraw')
    const path = join(dir, 'far', 'opened')
    expect(row).toMatchObject({ 'fd.name': path, 'fs.path.name': path, 'fs.path.nameraw': named('opened') })
  })

  test('a file that could not be opened has the path in the text', () => {
    const [row] = of('missing', 'open, openat', 'fd.name', 'fs.path.name')
    const path = join(dir, 'missing')
    expect(row).toMatchObject({ 'evt.failed': true, 'fd.name': path, 'fs.path.name': path })
  })

  test('a file that a call only names has the path in the text', () => {
    expect(of('unlinked', 'unlink, unlinkat', 'fs.path.name')).toMatchObject([
      { 'fs.path.name': join(dir, 'unlinked') },
    ])
    expect(of('renamed', 'rename, renameat, renameat2', 'fs.path.source', 'fs.path.target')).toMatchObject([
      { 'fs.path.source': join(dir, 'renamed'), 'fs.path.target': join(dir, 'moved') },
    ])
    const stats = of('unlinked', 'stat, newfstatat, statx', 'evt.abspath')
    for (const row of stats) expect([null, join(dir, 'unlinked')]).toContain(row['evt.abspath'])
  })

  test('the descriptions of the fields document this', () => {
    const list = ksys(['-l']).stdout.replace(/\s+/g, ' ')
    for (const name of ['fs.path.name ', 'evt.abspath', 'fd.name '])
      expect(list.slice(list.indexOf(` ${name}`)).slice(0, 200)).toMatch(/links before \/..\/ (are )?not followed/)
  })
})
