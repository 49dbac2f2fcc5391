// What the documentation mentions exists, and its generated parts are up to date. KSYS_DOCS=write updates these (`npm run docs -- --write`).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { lexer, type Token, type Tokens, walkTokens } from 'marked'
import { parse } from 'shell-quote'
import { describe, expect, test } from 'vitest'
import { prepareChisels } from '../../src/cli/chisels/prepare.js'
import { parseArgs } from '../../src/cli/options/parse.js'
import { parseSubcommand } from '../../src/cli/options/subcommand.js'
import { SUBCOMMANDS } from '../../src/cli/options/subcommands.js'
import { OPTIONS } from '../../src/cli/options/table.js'
import { checkQuery } from '../../src/cli/query/query.js'
import { CLASSES, registry } from '../../src/fields/index.js'
import { loadViews } from '../../src/views/index.js'
import { root } from '../helpers/ksys.js'
import { regenerated } from './generated.js'
import { NOT_RUN } from './not-run.js'
import { type Page, pages } from './page.js'

const LONGEST_LINE = 140
/** A row of a table cannot be wrapped: what needs more belongs into the text. */
const LONGEST_ROW = 240
/** Lines above which a page begins with an index. */
const LONG_PAGE = 150
/** Pages that name options and fields of other programs. */
const COMPARES = /from-\w+\.md$/

/** What persons have written, with the lines of a page. */
const writtenOf = (text: string): string =>
  text.replace(/<!-- generated[\s\S]*?\/generated -->/g, (part) => part.replace(/[^\n]/g, ''))

/** Without tables and comments. */
const proseOf = (text: string): string => writtenOf(text).replace(/^(\||<!--).*$/gm, '')

/** The lines of a text that are longer than `most`, as LINE: LENGTH. */
const longerThan = (most: number, lines: readonly string[]): string[] =>
  lines.flatMap((line, i) => (line.length > most ? [`${i + 1}: ${line.length}`] : []))

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

function tokensOf<T extends Token>(text: string, type: T['type']): T[] {
  const found: T[] = []
  walkTokens(lexer(text), (t) => {
    if (t.type === type) found.push(t as T)
  })
  return found
}

const anchors = (text: string): string[] =>
  tokensOf<Tokens.Heading>(text, 'heading').map((h) => anchorOf(h.text.replace(/[`*]/g, '')))
const codeSpans = (text: string): string[] => tokensOf<Tokens.Codespan>(text, 'codespan').map((t) => t.text)

const LONG_OPTIONS = new Set(
  [...OPTIONS, ...SUBCOMMANDS.flatMap((c) => c.options)].flatMap((o) => [o.long, ...(o.aliases ?? [])]),
)
const CLASS_NAMES = CLASSES.map((c) => c.name).join('|')
const FIELD = new RegExp(`^(?:${CLASS_NAMES})\\.[a-z][a-z0-9_.]*$`)

function isField(text: string): boolean {
  try {
    registry.find(text)
    return true
  } catch {
    return false
  }
}

/** The words of a command of ksys in a block, up to a pipe, a redirect or a comment; `expected`: what it prints. */
interface Shown {
  readonly line: string
  readonly words: readonly string[]
  readonly expected: string
}

function commandsOf({ blocks }: Page): Shown[] {
  return blocks.flatMap((b) => {
    const all =
      b.language === 'console'
        ? b.commands.map((c) => ({ text: c.text, expected: c.expected.join('\n') }))
        : b.language === 'sh'
          ? b.text
              .replace(/ \\\n\s*/g, ' ')
              .split('\n')
              .map((text) => ({ text, expected: '' }))
          : []
    return all.flatMap(({ text, expected }) => {
      const command = /^(?:sudo )?ksys (?!record .*&$).*$/s.exec(text)?.[0]
      return command === undefined
        ? []
        : [{ line: command, words: wordsOf(command.replace(/^(?:sudo )?ksys /, '')), expected }]
    })
  })
}

/** The words that the shell passes, up to an operator or a comment. Variables and patterns of file names remain as they are. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const part of parse(line.replace(/ \\\n\s*/g, ' '), (name) => `$${name}`)) {
    if (typeof part === 'string') words.push(part)
    else if ('pattern' in part) words.push(part.pattern)
    else break
  }
  return words
}

/** Parses a command as ksys does, with the names of chisels and views. Throws what ksys would print. */
async function accept(words: readonly string[]): Promise<void> {
  const subcommand = SUBCOMMANDS.find((c) => c.word === words[0])
  if (words[0] === 'help') return
  if (subcommand === undefined) {
    const settings = parseArgs(words)
    if (settings.chisels.length > 0) await prepareChisels(settings)
    else if (!settings.list) checkQuery(settings)
    return
  }
  const { view } = parseSubcommand(subcommand, words.slice(1)).options as { readonly view?: string }
  if (view !== undefined && !(await loadViews()).some((v) => v.id === view || v.alsoNamed === view))
    throw new Error(`no view '${view}'`)
}

describe.each(pages().map((p) => [p.path, p] as const))('%s', (path, page) => {
  test('links and pictures lead to files and headings that exist', () => {
    const links = [...tokensOf<Tokens.Link>(page.text, 'link'), ...tokensOf<Tokens.Image>(page.text, 'image')]
    const sources = [...page.text.matchAll(/<img src="([^"]*)"/g)].map((m) => m[1] as string)
    const broken = [...links.map((l) => l.href), ...sources].flatMap((href) => {
      if (/^\w+:/.test(href)) return []
      const [file = '', anchor] = href.split('#')
      const target = file === '' ? path : normalize(join(dirname(path), file))
      if (!existsSync(root + target)) return [href]
      return anchor === undefined || anchors(readFileSync(root + target, 'utf8')).includes(anchor) ? [] : [href]
    })
    expect(broken).toEqual([])
  })

  test(`lines have at most ${LONGEST_LINE} characters, rows of tables ${LONGEST_ROW}`, () => {
    expect(longerThan(LONGEST_LINE, proseOf(page.text).split('\n'))).toEqual([])
    expect(longerThan(LONGEST_ROW, writtenOf(page.text).split('\n'))).toEqual([])
  })

  test('a long page has an index at its beginning', () => {
    const lines = page.text.split('\n')
    if (lines.length <= LONG_PAGE || path === 'README.md') return
    expect(lines.slice(0, 40).filter((l) => /^\s*[-*] \[.*\]\(#/.test(l)).length).toBeGreaterThan(2)
  })

  test('options and fields that it mentions exist', () => {
    if (COMPARES.test(path)) return
    const unknown = codeSpans(proseOf(page.text)).flatMap((span) => {
      const options = /^(--|-\w |k(?:ubectl k)?sys )/.test(span)
        ? [...span.matchAll(/(?:^|\s)--([a-z][\w-]*)/g)].map((m) => m[1] as string)
        : []
      const fields = FIELD.test(span) ? [span] : []
      return [...options.filter((o) => !LONG_OPTIONS.has(o)).map((o) => `--${o}`), ...fields.filter((f) => !isField(f))]
    })
    expect(unknown).toEqual([])
  })

  test('its commands are accepted, or refused with the message that it shows', async () => {
    for (const { line, words, expected } of commandsOf(page)) {
      try {
        await accept(words)
      } catch (e) {
        const { message } = e as Error
        // files that a command names need not exist here
        if (!/no such file|there is no file/.test(message)) expect(expected, line).toContain(`ksys: ${message}`)
      }
    }
  })

  test('generated parts are up to date (npm run docs -- --write)', async () => {
    const now = await regenerated(page.text)
    if (process.env.KSYS_DOCS === 'write') writeFileSync(root + path, now)
    else expect(page.text === now).toBe(true)
  })
})

test('the lines of sh blocks that are not run, with their reasons, are those that the pages have', () => {
  const lines = new Set(pages().flatMap(({ blocks }) => blocks.flatMap((b) => b.lines)))
  expect(Object.keys(NOT_RUN).filter((line) => !lines.has(line))).toEqual([])
})

test('the README has at most 150 lines', () => {
  expect(readFileSync(`${root}README.md`, 'utf8').split('\n').length).toBeLessThanOrEqual(151)
})
