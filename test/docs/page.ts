// The pages of the documentation and the examples in them.
import { readdirSync, readFileSync } from 'node:fs'
import { lexer, type Tokens } from 'marked'
import { root } from '../helpers/ksys.js'

export interface Command {
  /** as typed, without the prompt */
  readonly text: string
  /** `# `: needs root */
  readonly privileged: boolean
  /** expected lines */
  readonly expected: readonly string[]
}

/** A fenced block with the comments before it. */
export interface Block {
  readonly language: string
  readonly text: string
  readonly line: number
  /** the file that it is written to */
  readonly file: string | undefined
  /** variables for its commands, as NAME=VALUE */
  readonly env: readonly string[]
  readonly before: readonly string[]
  readonly beside: readonly string[]
  readonly after: readonly string[]
  readonly marks: ReadonlySet<string>
  /** why it is not run */
  readonly notRun: string | undefined
  /** of a console block */
  readonly commands: readonly Command[]
  /** of an sh block that is not written to a file: its lines with commands, joined where they end with a backslash */
  readonly lines: readonly string[]
  readonly live: boolean
}

export interface Page {
  /** its path below the project's root */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

const DIRECTIVE = /<!--\s*(file|env|before|beside|after|not run):\s*([\s\S]*?)\s*-->|<!--\s*(live|in npm test)\s*-->/g

/** README.md and all pages of docs/. */
export function pages(): Page[] {
  const docs = readdirSync(`${root}docs`).filter((f) => f.endsWith('.md'))
  return ['README.md', ...docs.sort().map((f) => `docs/${f}`)].map((path) => page(path))
}

function page(path: string): Page {
  const text = readFileSync(root + path, 'utf8')
  const blocks: Block[] = []
  let comment = ''
  let at = 0
  for (const token of lexer(text)) {
    const start = at
    at += token.raw.length
    if (token.type === 'html') comment += token.raw
    else if (token.type === 'code') {
      const line = text.slice(0, start).split('\n').length
      blocks.push(block(path, token as Tokens.Code, line, comment))
      comment = ''
    } else if (token.type !== 'space') comment = ''
  }
  return { path, text, blocks }
}

function block(path: string, { lang = '', text }: Tokens.Code, line: number, comment: string): Block {
  const all = [...comment.matchAll(DIRECTIVE)].map(
    ([, key, value, mark]) => [key ?? 'mark', value ?? mark ?? ''] as const,
  )
  const of = (key: string) => all.filter(([k]) => k === key).map(([, value]) => value)
  const marks = new Set(of('mark'))
  const commands = lang === 'console' ? commandsIn(text) : []
  if (lang === 'console' && commands.length === 0) throw new Error(`${path}:${line}: a console block without a command`)
  return {
    language: lang,
    text,
    line,
    file: of('file')[0],
    env: of('env'),
    before: of('before'),
    beside: of('beside'),
    after: of('after'),
    marks,
    notRun: of('not run')[0],
    commands,
    lines: lang === 'sh' && of('file').length === 0 ? linesIn(text) : [],
    live: marks.has('live') || commands.some((c) => c.privileged),
  }
}

function linesIn(text: string): string[] {
  return text
    .replace(/ \\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function commandsIn(text: string): Command[] {
  const out: { text: string; privileged: boolean; expected: string[] }[] = []
  let continues = false
  for (const line of text.split('\n')) {
    const last = out.at(-1)
    if (continues && last !== undefined) last.text += `\n${line}`
    else if (/^[$#] [a-z./]/.test(line))
      out.push({ text: line.slice(2), privileged: line.startsWith('#'), expected: [] })
    else last?.expected.push(line)
    continues = line.endsWith(' \\') && (continues || /^[$#] [a-z./]/.test(line))
  }
  return out
}
