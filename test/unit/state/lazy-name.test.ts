// Names of opened files are decoded when they are read: they are the same at any time.

import { expect, test } from 'vitest'
import { Fd } from '../../../src/model/fd.js'
import { resolvePath } from '../../../src/model/paths.js'
import { encodeText } from '../../../src/model/text.js'
import fc from '../../helpers/properties.js'

/** Opens `path` from `dir`, with its bytes at the very end of memory. */
function open(path: string, dir: string): Fd {
  const bytes = new Uint8Array([7, ...encodeText(path)])
  const fd = Fd.make(3, 'file', '')
  fd.nameBy(new DataView(bytes.buffer), 1, bytes.length - 1, dir)
  bytes.fill(0)
  return fd
}

const path = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', 'ü'), maxLength: 80 }),
  fc.constantFrom('', '/', '.', '..', '/etc/passwd', 'x\xff'),
)
const dir = fc.constantFrom('', '/', '/usr', '/usr/share/doc', 'unknown')

test('a file has the path that it was opened with, however many were opened or closed since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ path, dir, how: fc.integer({ min: 0, max: 4 }) }), { maxLength: 60 }),
      fc.nat(3000),
      (opens, since) => {
        const held = opens.map((o) => {
          const fd = open(o.path, o.dir)
          if (o.how === 0) expect(fd.name).toBe(resolvePath(o.dir, o.path))
          if (o.how === 1) open(o.path, o.dir).giveBack()
          if (o.how === 4) fd.at(8)
          if (o.how === 3) return fd.at(8).at(9)
          return o.how === 2 ? fd.at(9) : fd
        })
        for (let i = 0; i < since; i++) open(`/other/${i}`, '').giveBack()
        held.forEach((fd, i) => {
          const { path, dir } = opens[i] as (typeof opens)[0]
          const name = resolvePath(dir, path)
          expect([fd.name, fd.nameRaw]).toEqual([name, name === path ? undefined : path])
          fd.giveBack()
        })
      },
    ),
    { numRuns: 50 },
  )
})
