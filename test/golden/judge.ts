// The judge: what real sysdig printed for a capture, against what ksys prints for the same command.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'

/** One output of the index: which capture, the arguments of the command, and the file with what it printed. */
export interface Expectation {
  /** `mix/p_fd.txt` */
  readonly name: string
  readonly capture: string
  readonly args: readonly string[]
  readonly exit: number
  readonly file: string
}

const ROW = /^\| (\S+)\.gz +\| (\d+) +\| \d+ +\| `sysdig -r (\S+?\.scap)(.*)` +\|$/

/** Reads the index of a folder of captures: outputs of chisels, or all others that need one command. */
export function expectations(dir: string, chisels = false): Expectation[] {
  const out: Expectation[] = []
  for (const line of readFileSync(join(dir, 'INDEX.md'), 'utf8').split('\n')) {
    const [, name = '', exit = '', capture = '', rest = ''] = ROW.exec(line) ?? []
    const file = join(dir, `${name}.gz`)
    if (name === '' || name.includes('/chisel_') !== chisels || name.includes('/w_') || !existsSync(file)) continue
    out.push({
      name,
      capture: join(dir, capture),
      args: words(rest.replaceAll('&#124;', '|')),
      exit: Number(exit),
      file,
    })
  }
  return out
}

/** A command's words, with the quotes of a shell taken off. */
export function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
}

/** Runs the command; standard output is returned whatever the exit code is. */
export async function run(main: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, TZ: 'UTC', TERM: 'dumb', COLUMNS: '200' }
  const options = { env, maxBuffer: 1 << 28, encoding: 'utf8' as const }
  try {
    return (await promisify(execFile)(process.execPath, [main, ...args], options)).stdout
  } catch (e) {
    const { stdout, code } = e as { stdout?: string; code?: unknown }
    if (typeof stdout !== 'string' || typeof code !== 'number') throw e
    return stdout
  }
}

export function expected(e: Expectation): string {
  return gunzipSync(readFileSync(e.file)).toString('utf8')
}

/** Blanks at line ends do not count: sysdig puts one after the arguments of every event. */
export function lines(text: string): string[] {
  const all = text.split('\n').map((l) => l.trimEnd())
  while (all.length > 0 && all[all.length - 1] === '') all.pop()
  return all
}

export interface Difference {
  readonly line: number
  readonly theirs: string | undefined
  readonly ours: string | undefined
}

/** All lines that differ, matched by their first word when that is the event's number. */
export function compare(theirs: readonly string[], ours: readonly string[], same = equal): Difference[] {
  const out: Difference[] = []
  let i = 0
  let j = 0
  while (i < theirs.length || j < ours.length) {
    const a = theirs[i]
    const b = ours[j]
    if (a !== undefined && b !== undefined && same(a, b)) {
      i++
      j++
      continue
    }
    const na = a === undefined ? Number.POSITIVE_INFINITY : number(a)
    const nb = b === undefined ? Number.POSITIVE_INFINITY : number(b)
    if (na < nb) out.push({ line: ++i, theirs: a, ours: undefined })
    else if (nb < na) out.push({ line: i, theirs: undefined, ours: ours[j++] })
    else {
      out.push({ line: i + 1, theirs: a, ours: b })
      i++
      j++
    }
  }
  return out
}

function equal(a: string, b: string): boolean {
  return a === b
}

function number(line: string): number {
  const n = Number.parseInt(
    /^\{"evt\.num":(\d+)|^(\d+)/
      .exec(line)
      ?.slice(1)
      .find((x) => x !== undefined) ?? '',
    10,
  )
  return Number.isNaN(n) ? 0 : n
}

/** What else may stand for a field's value. */
export type Alternatives = (field: string, ours: string) => readonly string[]

/** No program prints it: parts the columns of our own output. */
const PART = '\u00a6'

/**
 * Compares an output whose format is fields parted by `|`. Values may hold that character too, so sysdig's line is
 * matched as a whole against what ksys has in its columns.
 */
export async function compareColumns(
  main: string,
  capture: string,
  e: Expectation,
  format: string,
  other: Alternatives,
  normal: (line: string) => string,
): Promise<string[]> {
  // sysdig prints nothing at all for these, not even the bar before them
  const fields = format
    .replace(/^\*/, '')
    .split('|')
    .filter((f) => !/^%fd\.types\[/.test(f))
  const args = e.args.map((a) => (a === format ? `*${fields.join(PART)}` : a))
  const ours = lines(await run(main, ['-r', capture, '--enter', ...args]))
  const theirs = new Map(lines(expected(e)).map((l) => [l.split('|', 1)[0], normal(l)]))
  const wrong: string[] = []
  for (const line of ours) {
    const values = line.split(PART).map(normal)
    const their = theirs.get(values[0])
    if (their === undefined) wrong.push(`(no line)\n  ksys: ${line}`)
    else if (values.join('|') !== their && !pattern(fields, values, other).test(their))
      wrong.push(`${their}\n  ksys: ${values.join('|')}`)
  }
  return wrong
}

function pattern(fields: readonly string[], values: readonly string[], other: Alternatives): RegExp {
  const parts = fields.map((f, i) => {
    const v = values[i] ?? ''
    return `(?:${[literal(v.trimEnd()), ...other(f, v)].join('|')}) *`
  })
  return new RegExp(`^${parts.join('\\|')}$`)
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
