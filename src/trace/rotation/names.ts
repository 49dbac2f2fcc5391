// The names of the files that one -w makes, one after the other: a number, or the date and time, before the ending.
import { statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import { DatedName, escaped, knownConversions } from './strftime.js'

/** names in a folder that was named in place of a file */
const IN_FOLDER = 'ksys-%Y%m%d-%H%M%S.ksys'
/** digits of a number, and how many it may come to have: beyond them numbers are not exact */
const WIDTH = 6
const WIDEST = 15

export class FileNames {
  private readonly stem: DatedName
  private readonly ending: string
  private readonly dated: boolean
  private readonly own: RegExp

  private constructor(
    /** the folder, as it was written */
    readonly folder: string,
    name: string,
  ) {
    // where a date is behind the last dot, there is no ending
    this.ending = extname(name).includes('%') ? '' : extname(name)
    this.stem = dateIn(name.slice(0, name.length - this.ending.length), name)
    this.dated = this.stem.dated
    const number = this.dated ? '(?:-(\\d+))?' : `-(\\d{${WIDTH},${WIDEST}})`
    this.own = new RegExp(`^${this.stem.like}${number}${escaped(this.ending)}(\\${PART})?$`, 'u')
  }

  /** path: what was given to -w; isFolder: it is a folder. Throws TraceError for a name of which none can be made. */
  static of(path: string, isFolder: boolean): FileNames {
    const folder = isFolder ? path : dirname(path)
    const name = isFolder ? IN_FOLDER : basename(path)
    if (/[\x00-\x1f\x7f]/.test(name)) throw refused(path, 'there is a control character in its name')
    return new FileNames(folder, name)
  }

  /** Whether a file of that name is one of these, whole or still being written. */
  matches(name: string): boolean {
    return this.own.test(name)
  }

  /**
   * The name of the next file. taken: the names in the folder; date: when the file begins. Numbers go on behind the highest
   * that there is; a date gets a number where its name is taken.
   */
  next(taken: Iterable<string>, date: Date): string {
    const names = new Set(taken)
    const name = (number: string) => `${this.stem.at(date)}${number}${this.ending}`
    const isFree = (n: string) => !names.has(n) && !names.has(n + PART)
    if (!this.dated) {
      let last = 0
      for (const n of names) last = Math.max(last, Number(this.own.exec(n)?.[1] ?? 0))
      return name(`-${String(last + 1).padStart(WIDTH, '0')}`)
    }
    for (let i = 0; ; i++) {
      const candidate = name(i === 0 ? '' : `-${i}`)
      if (isFree(candidate)) return candidate
    }
  }

  /** All of them as a shell's pattern, for a message. */
  get pattern(): string {
    const { pattern } = this.stem
    const stem = !this.dated ? `${pattern}-*` : pattern.endsWith('*') ? pattern : `${pattern}*`
    return join(this.folder, stem + this.ending)
  }
}

/** Whether a path given to -w is that of a folder, for names of ksys's own. */
export function isFolder(path: string): boolean {
  if (path.endsWith('/')) return true
  try {
    return statSync(path).isDirectory()
  } catch {
    // whoever opens it says why it cannot be written
    return false
  }
}

function dateIn(stem: string, name: string): DatedName {
  const dated = DatedName.parse(stem)
  if (!('unknown' in dated)) return dated
  const hint = dated.unknown === '%' ? 'a % that is meant as it is, is written %%' : `there are ${knownConversions()}`
  throw refused(name, `${dated.unknown} is no date that names may have: ${hint}`)
}

function refused(path: string, why: string): TraceError {
  return new TraceError('EWRITE', path, `${path} cannot be written: ${why}`)
}
