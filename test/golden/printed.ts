// Outputs in sysdig's own line formats, and JSON lines, parsed into fields and compared.
import { run } from '../helpers/resident.js'
import { type Difference, type Expectation, expected, lines } from './judge.js'

type Facts = ReadonlyMap<number, Readonly<Record<string, string>>>
type Line = Readonly<Record<string, string>>

const EVENT = /^(\d+) (\S+) (\d+) (.*?) \((\d+)\) ([<>]) (\S+)(.*)$/s
const NAMES = ['evt.num', 'evt.outputtime', 'evt.cpu', 'proc.name', 'thread.tid', 'evt.dir', 'evt.type', 'evt.info']

/** Compares line by line, by the event's number. */
export async function comparePrinted(e: Expectation, facts: Facts): Promise<Difference[]> {
  const ours = records(events(await run(['-r', e.capture, '--enter', ...e.args])))
  const theirs = records(events(expected(e)))
  const out: Difference[] = []
  const differ = (num: number, field: string, a: string | undefined, b: string | undefined) =>
    out.push({ output: e.name, num, field, theirs: a, ours: b, facts: facts.get(num) ?? {} })
  for (const num of theirs.keys()) if (!ours.has(num)) differ(num, 'line', theirs.get(num), undefined)
  for (const [num, line] of ours) {
    const their = theirs.get(num)
    if (their === undefined) differ(num, 'line', undefined, line)
    else if (their !== line) {
      const a = parse(their)
      const b = parse(line)
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        if (a[key] !== b[key]) differ(num, key, a[key], b[key])
    }
  }
  return out
}

/** The text before the table of -S. */
function events(text: string): string {
  const at = text.search(/^-+\nEvent {3}/m)
  return at < 0 ? text : text.slice(0, at)
}

/** Lines by the number that they begin with; dumps of buffers follow their event. */
function records(text: string): Map<number, string> {
  const out = new Map<number, string>()
  let last = -1
  for (const line of lines(text)) {
    const num = Number(/^\{"evt\.num":(\d+)|^\{.*?"evt\.num":(\d+)|^(\d+) /.exec(line)?.slice(1).find(Boolean) ?? 'x')
    if (num > last) {
      last = num
      out.set(last, line)
    } else if (line !== '') out.set(last, `${out.get(last) ?? ''}\n${line}`)
  }
  return out
}

function parse(line: string): Line {
  if (line.startsWith('{')) {
    const object = JSON.parse(line) as Record<string, unknown>
    return Object.fromEntries(
      Object.entries(object).map(([k, v]) => [k, typeof v === 'string' ? v.trimEnd() : JSON.stringify(v)]),
    )
  }
  const parts = EVENT.exec(line)
  if (parts === null) return { text: line }
  return Object.fromEntries(NAMES.map((name, i) => [name, (parts[i + 1] as string).trim()]))
}

/**
 * The table after -S: the number of each event, by direction. That of ksys has more columns. Only the hundred most frequent ones
 * are listed: there may be others with the lowest count.
 */
export async function compareSummary(e: Expectation): Promise<Difference[]> {
  const theirs = new Map<string, string>()
  for (const line of table(expected(e))) {
    // names are cut where the count begins
    const [, dir = '', name = '', n = ''] = /^([<>]) (.{16})(\d+)$/.exec(line) ?? []
    if (n !== '') theirs.set(`${dir} ${name.trimEnd()}`, n)
  }
  const ours = new Map<string, string>()
  for (const line of table(await run(['-r', e.capture, '--enter', ...e.args]))) {
    const [, dir, whole = '', n = ''] = /^(?:(>) )?(\S+) +(\d+) +\d+ /.exec(line) ?? []
    const name = whole.slice(0, 16)
    // events that are not calls have no direction in the table of ksys
    if (n !== '') ours.set(dir === undefined && theirs.has(`< ${name}`) ? `< ${name}` : `> ${name}`, n)
  }
  const out: Difference[] = []
  const least = Math.max(Math.min(...[...theirs.values()].map(Number)), Math.min(...[...ours.values()].map(Number)))
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const [a, b] = [theirs.get(key), ours.get(key)]
    if (a !== b && Number(a ?? b) > least)
      out.push({ output: e.name, num: 0, field: key, theirs: a, ours: b, facts: {} })
  }
  return out
}

function table(text: string): string[] {
  return text.slice(text.lastIndexOf('\nEvent   ')).split('\n')
}
