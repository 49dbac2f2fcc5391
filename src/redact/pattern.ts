// Matches patterns of rules with RE2: in linear time, whatever the pattern and the text.
import { createRequire } from 'node:module'

type Re2 = typeof import('re2js')

let loaded: Re2['RE2JS'] | undefined

function compile(pattern: string) {
  loaded ??= (createRequire(import.meta.url)('re2js') as Re2).RE2JS
  return loaded.compile(pattern, loaded.MULTILINE)
}

/** Start and end of a match in a text. */
export type Span = readonly [from: number, to: number]

/** Why a pattern is invalid; undefined if it compiles. */
export function patternError(pattern: string): string | undefined {
  try {
    const re = compile(pattern)
    return re.matches('') && re.groupCount() === 0 ? 'it matches an empty text' : undefined
  } catch (e) {
    return (e instanceof Error ? e.message : String(e)).replace(/^error parsing regexp: /, '').replace('`(?m)', '`')
  }
}

export class Pattern {
  private readonly re: ReturnType<typeof compile>
  /** the same for bytes decoded as Latin-1 */
  private readonly reOfBytes: ReturnType<typeof compile>
  private readonly groups: number

  constructor(pattern: string) {
    this.re = compile(pattern)
    this.groups = this.re.groupCount()
    const bytes = Buffer.from(pattern).toString('latin1')
    this.reOfBytes = bytes === pattern ? this.re : compile(bytes)
  }

  /** Matches in a text: its groups if it has any, otherwise whole matches. In order, without overlaps. */
  find(text: string): readonly Span[] {
    return this.spans(this.re, text)
  }

  /** The same in a text with one character per byte. */
  findInBytes(text: string): readonly Span[] {
    return this.spans(this.reOfBytes, text)
  }

  private spans(re: ReturnType<typeof compile>, text: string): readonly Span[] {
    // most texts have no match, and test() is much cheaper than find()
    if (!re.test(text)) return NOTHING
    const m = re.matcher(text)
    const found: Span[] = []
    while (m.find()) {
      if (this.groups === 0) found.push([m.start(), m.end()])
      else for (let g = 1; g <= this.groups; g++) found.push([m.start(g), m.end(g)])
    }
    return merged(found.filter(([from, to]) => from >= 0 && from < to))
  }
}

const NOTHING: readonly Span[] = []

/** The spans in order, with overlapping ones joined. */
function merged(spans: Span[]): readonly Span[] {
  const all: [number, number][] = []
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1)
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to)
    else all.push([from, to])
  }
  return all
}
