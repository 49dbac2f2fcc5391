// Arguments in lines, as texts of filters, and one by one: all have the same text.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileTemplate } from '../../../src/format/template/template.js'
import { appendArg, appendArgs, renderArg, renderArgs, renderParam } from '../../../src/render/args/args.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import { escapeText } from '../../../src/render/escape.js'
import { CALLS } from '../../../src/schema/events/index.js'
import type { ParamDef } from '../../../src/schema/types.js'
import fc from '../../helpers/properties.js'
import type { ParamValue, RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

const BITS = { i8: 8, u8: 8, i16: 16, u16: 16, i32: 32, u32: 32, i64: 64, u64: 64 } as const

function value(p: ParamDef): fc.Arbitrary<ParamValue | undefined> {
  if (p.wire === 'ret') return fc.constant(undefined)
  if (p.wire === 'var') return fc.option(fc.uint8Array({ maxLength: 100 }), { nil: undefined })
  const bits = BITS[p.wire]
  return fc.option(fc.oneof(fc.bigInt(0n, (1n << BigInt(bits)) - 1n), fc.bigInt(-5n, 5n), fc.bigInt(0n, 300n)), {
    nil: undefined,
  })
}

const row: fc.Arbitrary<RowSpec> = fc.constantFrom(...CALLS).chain((def) =>
  fc.record({
    type: fc.constant(def.code),
    tid: fc.constant(42),
    time: fc.constant(50),
    ret: fc.oneof(fc.integer({ min: -600, max: 5 }), fc.maxSafeInteger()),
    params: fc.record(Object.fromEntries(def.params.map((p) => [p.name, value(p)]))),
  }),
)

const setup: RowSpec[] = [
  { type: 'openat', ret: 3, tid: 42, time: 1, params: { dirfd: -100, name: '/tmp/x\ty', flags: 0 } },
  { type: 'getpid', tid: 5, time: 2 },
]

test.each([
  [true, 'dots'],
  [false, 'dots'],
  [true, 'hex'],
  [true, 'base64'],
] as const)('lines and texts agree about arguments (kernel values: %s, buffers: %s)', (native, buffer) => {
  fc.assert(
    fc.property(row, fc.boolean(), (r, fullBuffers) => {
      const ctx = context({ buffer, fullBuffers })
      walk(
        [...setup, r],
        ctx,
        (e, i) => {
          if (i === 0) ctx.state.threads.get(42)!.comm = 'na\x1bme'
          if (i < 2) return
          const out = new ByteWriter(1)
          appendArgs(out, e, ctx)
          // lines contain the line feeds of dumps, but no others
          expect(escapeText(out.toString())).toBe(escapeText(renderArgs(e, ctx)))
          const each = e.shown.map((p, k) => `${p.name}=${renderParam(e, k, ctx)}`)
          expect(each.join(' ')).toBe(renderArgs(e, ctx))
          for (const k of e.shown.keys()) {
            out.clear()
            appendArg(out, e, k, ctx)
            expect(escapeText(out.toString())).toBe(escapeText(renderArg(e, k, ctx)))
          }
        },
        native,
      )
    }),
    { numRuns: 400 },
  )
})

test('a descriptor that is renamed while it is shown repeatedly prints its new name', () => {
  const close: RowSpec = { type: 'fstat', ret: 0, tid: 42, params: { fd: 3 } }
  const ctx = context()
  const seen: string[] = []
  walk([setup[0]!, ...Array.from({ length: 6 }, (_, i) => ({ ...close, time: 10 + i }))], ctx, (e, i) => {
    if (i === 0) return
    const fd = e.fd!
    if (i === 4) fd.name = '/tmp/new'
    if (i === 6) fd.name = '/a\x1b[2J'
    const out = new ByteWriter(1)
    appendArgs(out, e, ctx)
    seen.push(out.toString())
  })
  const old = 'res=0 fd=3(<f>/tmp/x\\ty) statbuf=NULL'
  const renamed = 'res=0 fd=3(<f>/tmp/new) statbuf=NULL'
  expect(seen).toEqual([old, old, old, renamed, renamed, 'res=0 fd=3(<f>/a\\x1b[2J) statbuf=NULL'])
})

test('an argument prints with its own type, also if events of its name disagree about it', () => {
  const names = [...new Set(CALLS.flatMap((d) => d.params.map((p) => p.name)))]
  const each = names.flatMap((n) => [`%evt.rawarg.${n}`, `%evt.arg.${n}`])
  const ctx = context()
  const template = compileTemplate(`*${each.join(' ')}`, registry, ctx)
  fc.assert(
    fc.property(row, (r) => {
      walk([r], ctx, (e) => {
        const out = new ByteWriter(16)
        template.append(out, e)
        const shown = e.def.params.filter((_, p) => e.has(p)).length
        expect(
          out
            .toString()
            .split(' ')
            .filter((word) => word !== '<NA>').length,
        ).toBeGreaterThanOrEqual(shown)
      })
    }),
    { numRuns: 200 },
  )
})
