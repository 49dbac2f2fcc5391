// The output of real sysdig for a capture, and that of ksys for the same command.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { run } from '../helpers/resident.js'

/** One output of the index: the capture, the arguments of the command, and the file with its output. */
export interface Expectation {
  /** `mix/p_fd.txt` */
  readonly name: string
  readonly capture: string
  readonly args: readonly string[]
  readonly exit: number
  readonly file: string
}

/** A value, or a whole line, that differs: `undefined` is a line that only the other side has. */
export interface Difference {
  /** name of the output */
  readonly output: string
  readonly num: number
  /** field of a format or part of a line (`evt.info`, `proc.name` ...); `line` for all of it */
  readonly field: string
  readonly theirs: string | undefined
  readonly ours: string | undefined
  /** properties of the event from ksys: type, dir, failed, main ... (see FACTS) */
  readonly facts: Readonly<Record<string, string>>
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

/** A command's words, without the quotes of a shell. */
export function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
}

export function expected(e: Expectation): string {
  return gunzipSync(readFileSync(e.file)).toString('utf8')
}

/** Spaces at line ends are ignored: sysdig prints one after the arguments of every event. */
export function lines(text: string): string[] {
  const all = text.split('\n').map((l) => l.trimEnd())
  while (all.length > 0 && all[all.length - 1] === '') all.pop()
  return all
}

/** No program prints it: it separates the columns of ksys's output. */
export const PART = '\u00a6'

const FACT_FIELDS = [
  'evt.num',
  'evt.type',
  'evt.dir',
  'evt.failed',
  'thread.ismain',
  'fd.type',
  'proc.pid.ts',
  'evt.rawres',
  'user.uid',
]

/** Properties of each event of a capture from ksys, by its number. */
export async function factsOf(capture: string): Promise<Map<number, Record<string, string>>> {
  const format = `*${FACT_FIELDS.map((f) => `%${f}`).join(PART)}`
  const out = new Map<number, Record<string, string>>()
  for (const line of lines(await run(['-r', capture, '--enter', '-p', format]))) {
    const values = line.split(PART)
    out.set(Number(values[0]), Object.fromEntries(FACT_FIELDS.map((f, i) => [f, values[i] ?? ''])))
  }
  return out
}
