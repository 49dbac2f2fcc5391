// Loads rules files: all files are read first, then macros and lists are replaced, so that a later file can change definitions of an
// earlier one.
import { CLASSES } from '../../fields/index.js'
import { FieldRegistry } from '../../fields/registry.js'
import type { Rule } from '../rule.js'
import { TextFile } from '../yaml/text-file.js'
import { compileRules } from './compile.js'
import { Definitions } from './definitions.js'
import { readFile } from './read-file.js'
import { type FileResult, Report } from './report.js'

/** A rules file: its text, or why it cannot be read. */
export type RulesText =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly unreadable: string }

interface LoadOptions {
  /** the fields that conditions and outputs may use; default: all but the rule fields */
  readonly fields?: FieldRegistry
}

const FIELDS = new FieldRegistry(CLASSES.filter((c) => c.name !== 'rule'))

export interface LoadResult {
  /** in the order of the files, enabled or not, without invalid ones */
  readonly rules: readonly Rule[]
  /** for each file, in the order given */
  readonly files: readonly FileResult[]
  /** no file has an error */
  readonly ok: boolean
}

/** Loads rules files in order. Never throws, whatever they contain: errors are in the result. */
export function loadRules(files: readonly RulesText[], options: LoadOptions = {}): LoadResult {
  const report = new Report()
  const definitions = new Definitions(report)
  for (const file of files) {
    report.file(file.name)
    if ('text' in file) readFile(file.name, file.text, definitions, report)
    else {
      const items = [{ type: 'rules content', name: '', file: new TextFile(file.name, ''), at: 0 }]
      report.error('LOAD_ERR_FILE_READ', file.unreadable, { items })
    }
  }
  const rules = compileRules(definitions, options.fields ?? FIELDS, report)
  const results = report.results()
  return { rules, files: results, ok: results.every((f) => f.errors.length === 0) }
}
