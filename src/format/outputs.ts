// The formats of output: each file of outputs/ declares one. Everything that a run prints on standard output comes in the one that
// its options choose.
import type { FieldContext } from '../fields/field.js'
import type { FieldRegistry } from '../fields/registry.js'
import { declaredIn } from '../model/declared-in.js'
import type { Template } from './template/template.js'

/** Compiles the lines of events from a format of -p for one capture. Throws FormatError. */
export type CompileLine = (format: string, registry: FieldRegistry, ctx: FieldContext) => Template

export interface OutputFormat {
  readonly name: string
  /** what chooses it; one format, that of who chooses none, has no option. unit: what becomes of an event, for the help */
  readonly option?: { readonly short?: string; readonly long: string; readonly unit: string }
  /** Loads what compiles the lines of events: modules of lines are not for every start. */
  readonly lines: () => Promise<CompileLine>
  /**
   * A value with its end: a chisel's, a row of a summary, a table, an event or field of a list. Text of others in it is made
   * safe for terminals; a bigint is a number. undefined: people read, who get tables and sentences, and colours where wanted.
   */
  readonly value?: (value: unknown) => string
}

/** Joined modules have these files in them (src/setup/chunks.ts). */
const FOLDER = new URL('./outputs/', import.meta.url)

export const OUTPUTS: readonly OutputFormat[] = await declaredIn(FOLDER)

/** The format of that name. Throws where there is none. */
export function outputNamed(name: string): OutputFormat {
  const found = OUTPUTS.find((o) => o.name === name)
  if (found === undefined) throw new Error(`there is no format of output '${name}'`)
  return found
}
