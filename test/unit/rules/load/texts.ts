// Helpers for tests of rules files: texts as files, and reported problems in short form.

import { printExpr } from '../../../../src/filter/ast.js'
import { type LoadResult, loadRules } from '../../../../src/rules/load/load.js'
import type { Rule } from '../../../../src/rules/rule.js'

/** Loads texts as the files a.yaml, b.yaml ... */
export function load(...texts: string[]): LoadResult {
  return loadRules(texts.map((text, i) => ({ name: `${String.fromCharCode(97 + i)}.yaml`, text })))
}

/** Each error and warning as `CODE LINE:COLUMN`, errors first, file by file; those of other files than a.yaml with their name. */
export function codes(result: LoadResult): string[] {
  return result.files.flatMap((f) =>
    [...f.errors, ...f.warnings].map(({ code, locations }) => {
      const { file, line, column } = locations.at(-1)!.place
      return `${code} ${file === 'a.yaml' ? '' : `${file}:`}${line}:${column}`
    }),
  )
}

/** The same with the messages. */
export function messages(result: LoadResult): string[] {
  return result.files.flatMap((f) => [...f.errors, ...f.warnings].map((p) => `${p.code}: ${p.message}`))
}

/** A rule with this condition, and more keys, as an item. */
export function rule(condition: string, more = '', name = 'r'): string {
  return `- rule: ${name}\n  desc: d\n  output: o\n  priority: Debug\n  condition: ${condition}\n${more}`
}

export function named(result: LoadResult, name = 'r'): Rule {
  const found = result.rules.find((r) => r.name === name)
  if (found === undefined) throw new Error(`no rule ${name}: ${messages(result).join('\n')}`)
  return found
}

/** The expanded condition of a rule, in the filter language. */
export function expanded(result: LoadResult, name = 'r'): string {
  return printExpr(named(result, name).condition.root)
}
