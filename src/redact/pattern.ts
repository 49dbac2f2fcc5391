// Patterns of rules: where they match, in linear time whatever the pattern and the text.
import { createRequire } from 'node:module'

type Re2 = typeof import('re2js')

let loaded: Re2['RE2JS'] | undefined

function compile(pattern: string) {
  loaded ??= (createRequire(import.meta.url)('re2js') as Re2).RE2JS
  return loaded.compile(pattern, loaded.MULTILINE)
}

/** Where something begins and ends in a text. */
export type Span = readonly [from: number, to: number]

/** What is wrong with a pattern, undefined when it compiles. */
export function patternError(pattern: string): string | undefined {
  try {
    const re = compile(pattern)
    return re.matches('') && re.groupCount() === 0 ? 'it matches where nothing is' : undefined
  } catch (e) {
    return (e instanceof Error ? e.message : String(e)).replace(/^error parsing regexp: /, '').replace('`(?m)', '`')
  }
}

export class Pattern {
  private readonly re: ReturnType<typeof compile>
  /** the same for bytes that were made text one by one */
  private readonly reOfBytes: ReturnType<typeof compile>
  private readonly groups: number

  constructor(pattern: string) {
    this.re = compile(pattern)
    this.groups = this.re.groupCount()
    const bytes = Buffer.from(pattern).toString('latin1')
    this.reOfBytes = bytes === pattern ? this.re : compile(bytes)
  }

  /** What it finds in a text: its groups where it has some, else all that matches. In order, none within another. */
  in(text: string): readonly Span[] {
    return this.spans(this.re, text)
  }

  /** The same in a text that has a character for each byte. */
  inBytes(text: string): readonly Span[] {
    return this.spans(this.reOfBytes, text)
  }

  private spans(re: ReturnType<typeof compile>, text: string): readonly Span[] {
    // most texts have nothing that it finds, and telling that costs a fraction of finding it
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

/** The same in order, what overlaps as one. */
function merged(spans: Span[]): readonly Span[] {
  const all: [number, number][] = []
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1)
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to)
    else all.push([from, to])
  }
  return all
}
