// Hostile names of programs, files and hosts: they add no line to a report, and what reads it finds the same names.

import { marked, type Token, type Tokens } from 'marked'
import { expect, test, vi } from 'vitest'
import { parseBaseline } from '../../src/report/baseline.js'
import { newIn } from '../../src/report/compare.js'
import { jsonOf } from '../../src/report/json.js'
import { pageMarkdown } from '../../src/report/markdown.js'
import { pageOf } from '../../src/report/page.js'
import type { Report } from '../../src/report/report.js'
import { pageText } from '../../src/report/text.js'
import fc from '../helpers/properties.js'
import { creates, reads, reportOn, runs } from '../helpers/report.js'
import { SEED, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

/** What means something in a terminal, in JSON, YAML, Markdown or HTML. */
const SPECIAL = [
  ...['\n', '\r', '\t', '\x1b[31m', '\x07', '\u202e', '\u2028', '\u0085', '\udc80', '\ufeff', '`', '``', '```', '~~~'],
  ...[
    '"',
    "'",
    '\\',
    '\\n',
    '*',
    '_',
    '#',
    '- ',
    '1. ',
    '> ',
    '|',
    '[x](y)',
    '![',
    '<!--',
    '<script>',
    '&lt;',
    '@ada',
    ' ',
  ],
  ...['{', '}', '$(x)', '%', ':', '\n## ', '\n- ', '\n\n', '\n```\n', '</code>'],
]
const word = fc
  .array(fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 6 })
  // a component of a path has neither
  .map((parts) => parts.join('').replace(/[/\0]/g, 'x'))
  .filter((text) => !['', '.', '..'].includes(text))

const named = fc.tuple(word, word, word, word)

function reportWith([program, file, secret, refused]: readonly string[]) {
  return reportOn(
    [
      runs(`/opt/${program}`, [`${file}`]),
      creates(`/srv/${file}`),
      reads(`/srv/.ssh/${secret}_key`),
      { type: 'mkdir', ret: -13, params: { path: `/srv/${refused}` } },
    ],
    { folder: `/work/${refused}`, filter: file ?? '' },
  )
}

/** A report whose names are all harmless, with the same rows. */
const harmless = reportWith(['program', 'file', 'secret', 'refused'])
const lines = (text: string) => text.split('\n').length
const page = (report: Report) => pageOf(report, undefined)

test('names add no line to the text, and nothing that controls a terminal', () => {
  fc.assert(
    fc.property(named, (names) => {
      const text = pageText(page(reportWith(names).report))
      expect(lines(text)).toBe(lines(pageText(page(harmless.report))))
      expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])/)
    }),
    { numRuns: 300 * TIMES, seed: SEED },
  )
})

/** The code spans of Markdown, and the kinds of all its tokens. */
function parsed(markdown: string): { spans: string[]; kinds: string[] } {
  const spans: string[] = []
  const kinds: string[] = []
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    kinds.push(token.type)
    if (token.type === 'codespan') spans.push((token as Tokens.Codespan).text)
  })
  return { spans, kinds }
}

test('Markdown has the same structure for all names, and its code spans are the names', () => {
  const usual = parsed(pageMarkdown(page(harmless.report)))
  fc.assert(
    fc.property(named, (names) => {
      const { report } = reportWith(names)
      const { spans, kinds } = parsed(pageMarkdown(page(report)))
      expect(kinds).toEqual(usual.kinds)
      for (const path of [report.written[0]?.path, report.secrets[0]?.what, report.refused[0]?.what])
        expect(spans).toContain(path)
      expect(spans.some((span) => span === report.programs[0]?.program)).toBe(true)
    }),
    { numRuns: 300 * TIMES, seed: SEED },
  )
})

test('JSON is read back as the same report, and nothing is new in comparison with itself', () => {
  fc.assert(
    fc.property(named, (names) => {
      const run = reportWith(names)
      const json = jsonOf(run.report, undefined)
      expect(lines(json)).toBe(lines(jsonOf(harmless.report, undefined)))
      expect(JSON.parse(json)).toMatchObject(JSON.parse(JSON.stringify(run.report)))
      expect(newIn(run, parseBaseline(json))).toEqual([])
    }),
    { numRuns: 300 * TIMES, seed: SEED },
  )
})
