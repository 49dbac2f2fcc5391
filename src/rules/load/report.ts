// Collects errors and warnings about rules files, by file.
import type { Place } from '../rule.js'
import type { ErrorCode, WarningCode } from './codes.js'
import { MOST } from './limits.js'
import type { Spot } from './written-text.js'

/** An element of a rules file: a rule, a macro, a condition ... */
export interface Item extends Spot {
  readonly type: string
  /** '' if it has none */
  readonly name: string
}

interface Location {
  readonly type: string
  readonly name: string
  readonly place: Place
  /** offset in the file, in UTF-16 units */
  readonly offset: number
}

export interface Problem<Code = ErrorCode | WarningCode> {
  readonly code: Code
  readonly message: string
  /** from the outermost to the innermost: the last one is the place of the error */
  readonly locations: readonly Location[]
  /** the line with the error, and carets below it */
  readonly snippet: string
}

/** The result of loading one file. */
export interface FileResult {
  readonly name: string
  readonly errors: readonly Problem<ErrorCode>[]
  readonly warnings: readonly Problem<WarningCode>[]
  /** numbers of further errors and warnings */
  readonly unreported: { readonly errors: number; readonly warnings: number }
}

interface Gathered extends FileResult {
  readonly errors: Problem<ErrorCode>[]
  readonly warnings: Problem<WarningCode>[]
  readonly unreported: { errors: number; warnings: number }
}

/** The location of a problem: the containing items, outermost first, and how many UTF-16 units are marked. */
export interface At {
  readonly items: readonly Item[]
  readonly length?: number
}

export class Report {
  private readonly files = new Map<string, Gathered>()

  /** Adds a file, so that it has a result. */
  file(name: string): void {
    if (!this.files.has(name))
      this.files.set(name, { name, errors: [], warnings: [], unreported: { errors: 0, warnings: 0 } })
  }

  error(code: ErrorCode, message: string, at: At): void {
    const file = this.fileOf(at)
    if (file.errors.length >= MOST.reported) file.unreported.errors++
    else file.errors.push(problem(code, message, at))
  }

  warn(code: WarningCode, message: string, at: At): void {
    const file = this.fileOf(at)
    if (file.warnings.length >= MOST.reported) file.unreported.warnings++
    else file.warnings.push(problem(code, message, at))
  }

  results(): FileResult[] {
    return [...this.files.values()]
  }

  /** The result of the file that contains the problem. */
  private fileOf({ items }: At): Gathered {
    const { name } = (items.at(-1) as Item).file
    this.file(name)
    return this.files.get(name) as Gathered
  }
}

function problem<Code>(code: Code, message: string, { items, length }: At): Problem<Code> {
  const { file, at } = items.at(-1) as Item
  return { code, message, locations: items.map(locationOf), snippet: file.snippet(at, length) }
}

function locationOf({ type, name, file, at }: Item): Location {
  return { type, name, place: file.placeAt(at), offset: at }
}

/** The error for which an item is rejected. */
export class ItemError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly at: At,
  ) {
    super(message)
  }
}

/** Thrown for something that depends on an item already reported as invalid. */
export class AlreadyReported extends Error {}

/** Runs f and reports an ItemError that it throws. Returns the result of f, or undefined after an error. */
export function collectErrors<T>(report: Report, f: () => T): T | undefined {
  try {
    return f()
  } catch (e) {
    if (e instanceof AlreadyReported) return undefined
    if (!(e instanceof ItemError)) throw e
    report.error(e.code, e.message, e.at)
    return undefined
  }
}
