// The names of the files that one -w creates in turn: a number, or the date and time, before the extension.
import { statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import { DatedName, escaped, knownConversions } from './strftime.js'

/** name of files if -w names a folder */
const IN_FOLDER = 'ksys-%Y%m%d-%H%M%S.ksys'
/** minimum digits of a number, and the maximum: larger numbers are not exact */
const MIN_DIGITS = 6
const MAX_DIGITS = 15

export class FileNames {
  private readonly stem: DatedName
  private readonly extension: string
  private readonly dated: boolean
  private readonly own: RegExp

  private constructor(
    /** the folder, as the user wrote it */
    readonly folder: string,
    name: string,
  ) {
    // a date after the last dot is not an extension
    this.extension = extname(name).includes('%') ? '' : extname(name)
    this.stem = parseDate(name.slice(0, name.length - this.extension.length), name)
    this.dated = this.stem.dated
    const number = this.dated ? '(?:-(\\d+))?' : `-(\\d{${MIN_DIGITS},${MAX_DIGITS}})`
    this.own = new RegExp(`^${this.stem.regex}${number}${escaped(this.extension)}(\\${PART})?$`, 'u')
  }

  /** path: the argument of -w; isFolder: whether it is a folder. Throws TraceError for an unusable name. */
  static forPath(path: string, isFolder: boolean): FileNames {
    const folder = isFolder ? path : dirname(path)
    const name = isFolder ? IN_FOLDER : basename(path)
    if (/[\x00-\x1f\x7f]/.test(name)) throw refused(path, 'there is a control character in its name')
    return new FileNames(folder, name)
  }

  /** Whether a file name is one of these, with or without .part. */
  matches(name: string): boolean {
    return this.own.test(name)
  }

  /**
   * The name of the next file. taken: the names in the folder; date: start of the file. Numbers continue after the highest one
   * in the folder. A date gets a number if its name is taken.
   */
  next(taken: Iterable<string>, date: Date): string {
    const names = new Set(taken)
    const name = (number: string) => `${this.stem.at(date)}${number}${this.extension}`
    const isFree = (n: string) => !names.has(n) && !names.has(n + PART)
    if (!this.dated) {
      let last = 0
      for (const n of names) last = Math.max(last, Number(this.own.exec(n)?.[1] ?? 0))
      return name(`-${String(last + 1).padStart(MIN_DIGITS, '0')}`)
    }
    for (let i = 0; ; i++) {
      const candidate = name(i === 0 ? '' : `-${i}`)
      if (isFree(candidate)) return candidate
    }
  }

  /** A shell pattern that matches all of them, for messages. */
  get pattern(): string {
    const { pattern } = this.stem
    const stem = !this.dated ? `${pattern}-*` : pattern.endsWith('*') ? pattern : `${pattern}*`
    return join(this.folder, stem + this.extension)
  }
}

/** Whether the argument of -w is a folder, in which ksys chooses the file names. */
export function isFolder(path: string): boolean {
  if (path.endsWith('/')) return true
  try {
    return statSync(path).isDirectory()
  } catch {
    // the reason is reported when it is opened
    return false
  }
}

function parseDate(stem: string, name: string): DatedName {
  const dated = DatedName.parse(stem)
  if (!('unknown' in dated)) return dated
  const hint = dated.unknown === '%' ? 'write a literal % as %%' : `known are ${knownConversions()}`
  throw refused(name, `${dated.unknown} is not a date conversion for names: ${hint}`)
}

function refused(path: string, why: string): TraceError {
  return new TraceError('EWRITE', path, `${path} cannot be written: ${why}`)
}
