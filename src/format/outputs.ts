// The output formats: each file of outputs/ declares one. The options of a run choose one for everything on standard
// output.
import type { FieldContext } from '../fields/field.js'
import type { FieldRegistry } from '../fields/registry.js'
import { declaredIn } from '../model/declared-in.js'
import type { Template } from './template/line.js'

/** Compiles the lines of events from a format of -p for one capture. Throws FormatError. */
export type CompileLine = (format: string, registry: FieldRegistry, ctx: FieldContext) => Template

/** The long names of the options that select formats. */
export type OutputOption = 'json'

export interface OutputFormat {
  readonly name: string
  /** the option that selects it; the default format has none. unit: the unit an event is printed as (help text); summary: for the short help */
  readonly option?: {
    readonly short?: string
    readonly long: OutputOption
    readonly unit: string
    readonly summary?: string
  }
  /** Loads the compiler of event lines: not every run needs those modules. */
  readonly lines: () => Promise<CompileLine>
  /**
   * A value as text with its line end: a value of a chisel, a row of a summary, a table, an event or field of a
   * listing. Untrusted text in it is made safe for terminals; a bigint is a number. undefined: output for people, with
   * tables, sentences, and colours if enabled.
   */
  readonly value?: (value: unknown) => string
}

/** Bundled modules contain these files (src/setup/chunks.ts). */
const FOLDER = new URL('./outputs/', import.meta.url)

export const OUTPUTS: readonly OutputFormat[] = await declaredIn(FOLDER)

/** The format with that name. Throws if there is none. */
export function outputNamed(name: string): OutputFormat {
  const found = OUTPUTS.find((o) => o.name === name)
  if (found === undefined) throw new Error(`unknown output format '${name}'`)
  return found
}
