// Reads metrics as strictly as the formats are specified: Prometheus' own (0.0.4), and OpenMetrics 1.0.

export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly unit: string | undefined
  readonly samples: ReadSample[]
}

/** Suffixes of the names of a family's samples, by its type. */
const ENDS: Readonly<Record<string, { readonly text: readonly string[]; readonly open: readonly string[] }>> = {
  counter: { text: [''], open: ['_total', '_created'] },
  gauge: { text: [''], open: [''] },
  info: { text: [], open: ['_info'] },
  histogram: { text: ['_bucket', '_sum', '_count'], open: ['_bucket', '_sum', '_count', '_created'] },
}

/** The families of a text, in order. Throws if anything violates the format. */
export function readMetrics(text: string, format: 'prometheus' | 'openmetrics'): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const lines = text.slice(0, -1).split('\n')
  const open = format === 'openmetrics'
  if (open && lines.pop() !== '# EOF') throw new Error('the text does not end with # EOF')
  const families: OpenFamily[] = []
  for (const line of lines) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line) ?? []
    if (word === undefined) addSample(families.at(-1), line, open)
    else if (word !== 'HELP') addFact(families.at(-1), word, name, rest, open)
    else if (families.some((f) => f.name === name)) throw new Error(`${name} comes twice`)
    else families.push({ name, help: unescaped(rest, open), type: '', unit: undefined, samples: [] })
  }
  for (const family of families) checkFamily(family)
  return families
}

type OpenFamily = { -readonly [K in keyof Family]: Family[K] }

/** A type or a unit, after the help of its family and before the samples. */
function addFact(family: OpenFamily | undefined, word: string, name: string, rest: string, open: boolean): void {
  if (family?.name !== name || family.samples.length > 0) throw new Error(`${word} of ${name} is out of place`)
  if (word === 'TYPE') family.type = rest
  else if (open && name.endsWith(`_${rest}`)) family.unit = rest
  else throw new Error(`${name} has a unit that is none: ${rest}`)
}

function addSample(family: OpenFamily | undefined, line: string, open: boolean): void {
  const sample = readSample(line)
  const ends = family && ENDS[family.type]?.[open ? 'open' : 'text']
  if (family === undefined || ends?.some((end) => sample.name === family.name + end) !== true)
    throw new Error(`a sample of no family: ${line}`)
  family.samples.push(sample)
}

/** The value of a sample with exactly these labels; undefined if there is none. */
export function sampleValue(families: readonly Family[], name: string, labels: Readonly<Record<string, string>> = {}) {
  const wanted = key(labels)
  return families.flatMap((f) => f.samples).find((s) => s.name === name && key(s.labels) === wanted)?.value
}

function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? ''
  let rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    for (;;) {
      const [all, label, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/.exec(rest) ?? []
      if (all === undefined || label === undefined || value === undefined) throw new Error(`no label: ${line}`)
      if (Object.hasOwn(labels, label)) throw new Error(`a label twice: ${line}`)
      labels[label] = unescaped(value, true)
      rest = rest.slice(all.length)
      if (!rest.startsWith(',')) break
      rest = rest.slice(1)
    }
    if (!rest.startsWith('}')) throw new Error(`no end of labels: ${line}`)
    rest = rest.slice(1)
  }
  const value = /^ ([+-]?(?:\d+(?:\.\d+)?(?:e[+-]\d+)?|Inf)|NaN)$/.exec(rest)?.[1]
  if (name === '' || value === undefined) throw new Error(`no sample: ${line}`)
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

function unescaped(text: string, quotes: boolean): string {
  return text.replace(/\\(.?)/g, (all, c: string) => {
    if (c === 'n') return '\n'
    if (c === '\\' || (quotes && c === '"')) return c
    throw new Error(`an escape that there is not: ${all}`)
  })
}

function key(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** No sample occurs twice, counters are not negative, and buckets of histograms are whole numbers and increase. */
function checkFamily({ name, type, samples }: Family): void {
  if (ENDS[type] === undefined) throw new Error(`${name} has no type`)
  if (samples.length === 0) throw new Error(`${name} has no samples`)
  const keys = samples.map((s) => s.name + key(s.labels))
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`)
  if (type === 'counter' && samples.some((s) => !(s.value >= 0))) throw new Error(`${name} counts below 0`)
  if (type === 'histogram') checkHistogram(name, samples)
}

function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const groups = new Map<string, { ends: number[]; counts: number[]; count?: number; sum?: number }>()
  for (const s of samples) {
    const { le, ...labels } = s.labels
    const of = groups.get(key(labels)) ?? { ends: [], counts: [] }
    groups.set(key(labels), of)
    if (s.name.endsWith('_bucket')) {
      of.ends.push(Number(le?.replace('Inf', 'Infinity')))
      of.counts.push(s.value)
    } else if (s.name.endsWith('_count')) of.count = s.value
    else of.sum = s.value
  }
  for (const { ends, counts, count, sum } of groups.values()) {
    const grows = (values: readonly number[], strictly: boolean) =>
      values.every((v, i) => i === 0 || v > (values[i - 1] as number) || (!strictly && v === values[i - 1]))
    if (!grows(ends, true) || ends.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${name}: bounds ${ends}`)
    if (!grows(counts, false) || counts.at(-1) !== count) throw new Error(`${name}: buckets ${counts} of ${count}`)
    if (sum === undefined || !(sum >= 0)) throw new Error(`${name}: sum ${sum}`)
  }
}
