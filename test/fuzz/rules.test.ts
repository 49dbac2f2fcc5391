// Random rules files: whatever they contain, there is a result; and macros and lists are expanded as if their texts were
// inserted by hand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Expr, printExpr } from '../../src/filter/ast.js'
import { parseFilter } from '../../src/filter/parser.js'
import { loadRules } from '../../src/rules/load/load.js'
import { resultJson } from '../../src/rules/load/result-json.js'
import { resultText } from '../../src/rules/load/result-text.js'
import { parseYaml } from '../../src/rules/yaml/parse.js'
import { sourceOffset } from '../../src/rules/yaml/scalar-offsets.js'
import { TextFile } from '../../src/rules/yaml/text-file.js'
import { root } from '../helpers/ksys.js'
import fc from '../helpers/properties.js'
import { expanded, load, messages, rule } from '../unit/rules/load/texts.js'

const whole = readFileSync(join(root, 'test/rules/every-feature.yaml'), 'utf8')

/** A result can be shown, and its positions are in the file. */
function isResult(text: string): void {
  const result = loadRules([{ name: 'a.yaml', text }])
  const lines = text.split('\n').length
  for (const p of result.files.flatMap((f) => [...f.errors, ...f.warnings]))
    for (const { place, offset } of p.locations) {
      expect(offset).toBeLessThanOrEqual(text.length)
      expect(place.line).toBeGreaterThan(0)
      expect(place.line).toBeLessThanOrEqual(lines)
      expect(place.column).toBeGreaterThan(0)
    }
  resultText(result.files)
  JSON.stringify(resultJson(result.files))
}

const change = fc.record({
  at: fc.nat(whole.length),
  length: fc.oneof(fc.nat(4), fc.nat(200)),
  text: fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom(
      '- ',
      ': ',
      '"',
      "'",
      '|',
      '>',
      '[',
      '{',
      '*a',
      '&a ',
      '<<: ',
      '\n',
      '\n- ',
      '\t',
      '#',
      '---\n',
      'append: true\n',
      '~',
      '\\',
    ),
  ),
})

test('a randomly modified file has a result', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let text = whole
      for (const { at, length, text: put } of changes) text = text.slice(0, at) + put + text.slice(at + length)
      isResult(text)
    }),
    { numRuns: 150 },
  )
})

test('a random text has a result', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isResult), { numRuns: 500 })
})

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('', 'a', 'l0', 'm0', 'true', '7', 'evt.type=open', 'append', 'replace', null, 5, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('name', 'fields', 'comps', 'values', 'condition', 'version', 'items', 'x'),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
})).value
const KEYS = [
  'rule',
  'macro',
  'list',
  'condition',
  'items',
  'output',
  'desc',
  'priority',
  'tags',
  'exceptions',
  'append',
  'override',
]
const MORE = ['enabled', 'source', 'capture', 'capture_duration', 'required_engine_version', 'required_plugin_versions']
const item = fc.dictionary(fc.constantFrom(...KEYS, ...MORE), value, { maxKeys: 8 })

test('items with values of any kind have a result', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 6 }), (items) => isResult(JSON.stringify(items))),
    { numRuns: 500 },
  )
})

const SIZE = 6
/** A condition that uses macros and lists below `n`; the caller replaces them. */
const condition = (n: number): fc.Arbitrary<string> =>
  fc.letrec<{ c: string }>((tie) => ({
    c: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('evt.num=1', 'proc.name = x', 'fd.name exists', 'proc.name in (open, "l0")'),
      ...(n === 0 ? [] : [fc.nat(n - 1).map((i) => `m${i}`)]),
      fc
        .array(
          fc.oneof(
            fc.nat(SIZE - 1).map((i) => `l${i}`),
            fc.constantFrom('a', '"b c"'),
          ),
          { maxLength: 3 },
        )
        .map((v) => `proc.name in (${v.join(', ')})`),
      tie('c').map((c) => `not (${c})`),
      fc.tuple(tie('c'), fc.constantFrom('and', 'or'), tie('c')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    ),
  })).c

const acyclic = fc.record({
  lists: fc.tuple(
    ...Array.from({ length: SIZE }, (_, i) =>
      fc.array(
        fc.oneof(fc.constantFrom('x', 'y z', '7', `l${i}`), ...(i === 0 ? [] : [fc.nat(i - 1).map((j) => `l${j}`)])),
        { maxLength: 3 },
      ),
    ),
  ),
  macros: fc.tuple(...Array.from({ length: SIZE }, (_, i) => condition(i))),
  rule: condition(SIZE),
})

test('macros and lists are expanded as if their texts were inserted', () => {
  fc.assert(
    fc.property(acyclic, ({ lists, macros, rule: asked }) => {
      const items: string[][] = []
      for (const [i, list] of lists.entries())
        items.push(
          list.flatMap((v) =>
            /^l\d$/.test(v) && v !== `l${i}` ? items[Number(v[1])]! : [v.includes(' ') ? `"${v}"` : v],
          ),
        )
      const put = (c: string): string => {
        const withLists = c.replace(/in \(([^)]*)\)/g, (_, inner: string) => {
          const values = inner.split(', ').filter((v) => v !== '')
          return `in (${values.flatMap((v) => (/^l\d$/.test(v) ? items[Number(v[1])]! : [v])).join(', ')})`
        })
        return withLists.replace(/\bm(\d)\b/g, (_, i: string) => `(${put(macros[Number(i)]!)})`)
      }
      const text = [
        ...lists.map((l, i) => `- {list: l${i}, items: ${JSON.stringify(l)}}`),
        ...macros.map((c, i) => `- {macro: m${i}, condition: ${JSON.stringify(c)}}`),
        rule(JSON.stringify(asked)),
      ].join('\n')
      const result = load(text)
      expect(messages(result).filter((m) => m.startsWith('LOAD_ERR'))).toEqual([])
      expect(expanded(result)).toBe(printExpr(parseFilter(put(asked)).root))
    }),
    { numRuns: 500 },
  )
})

test('macros that use each other in any way are expanded completely or refused', () => {
  const any = fc.array(fc.record({ name: fc.nat(SIZE - 1), condition: condition(SIZE), append: fc.boolean() }), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(any, condition(SIZE), (macros, asked) => {
      const items = macros.map(({ name, condition: c, append }) =>
        append
          ? `- {macro: m${name}, condition: ${JSON.stringify(`or (${c})`)}, override: {condition: append}}`
          : `- {macro: m${name}, condition: ${JSON.stringify(c)}}`,
      )
      const result = load([...items, rule(JSON.stringify(asked))].join('\n'))
      expect(result.ok || result.files[0]!.errors.length > 0).toBe(true)
      const made = result.rules.find((r) => r.name === 'r')
      if (result.ok) expect(made).toBeDefined()
      if (made !== undefined) expect(kinds(made.condition.root)).not.toContain('macro')
    }),
    { numRuns: 500 },
  )
})

function kinds(e: Expr): string[] {
  if (e.kind === 'check') return [e.kind]
  return [e.kind, ...(e.kind === 'not' ? [e.item] : e.items).flatMap(kinds)]
}

const BLANK = /[ \t\r\n]/
const words = fc
  .array(fc.constantFrom('a', 'b1', '(x)', '"q"', "it's", '\\n', 'é', '😀', '-', '%', ','), {
    minLength: 1,
    maxLength: 8,
  })
  .map((w) => w.join(' '))
const written = fc.oneof(
  words.map((w) => `- x: |\n    ${w.replaceAll(' ', '\n      ')}\n`),
  words.map((w) => `- x: >-\n    ${w.replaceAll(' ', '\n    ')}\n`),
  words.map((w) => `- x: 'z ${w.replaceAll("'", "''").replaceAll(' ', '\n    ')}'\n`),
  words.map((w) => `- x: ${JSON.stringify(`z ${w}`)}\n`),
  words.map((w) => `- x: "z ${w.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(' ', ' \\\n   \\x20')}"\n`),
)

test('a character of a value is found at its position in the file', () => {
  fc.assert(
    fc.property(written, (text) => {
      const [document] = parseYaml(new TextFile('a', text)).documents
      const entry =
        document?.kind === 'seq' && document.items[0]?.kind === 'map' ? document.items[0].entries.get('x') : undefined
      const node = entry?.value
      if (node?.kind !== 'scalar') return
      let before = 0
      for (let i = 0; i < node.value.length; i++) {
        const at = sourceOffset(node, i)
        expect(at).toBeGreaterThanOrEqual(before)
        before = at
        const c = node.value[i] as string
        const there = text[at] as string
        if (!BLANK.test(c)) expect(c === there || there === '\\').toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
