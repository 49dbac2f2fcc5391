// The texts of -cl and -i.
import { entry, wrap } from '../format/text/wrap.js'
import { usage } from './args.js'
import type { Loaded } from './load.js'

const COLUMN = 20

/** Chisels by category, each with one sentence. */
export function listText(chisels: readonly Loaded[], columns: number): string {
  const byCategory = new Map<string, Loaded[]>()
  for (const c of chisels) {
    const heading = c.def.category ?? 'Other'
    const list = byCategory.get(heading)
    if (list === undefined) byCategory.set(heading, [c])
    else list.push(c)
  }
  const parts = [...byCategory]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, list]) =>
      [
        `Category: ${category}`,
        '-'.repeat(category.length + 10),
        ...list.map((c) => entry(c.name, c.def.description, COLUMN, columns)),
      ].join('\n'),
    )
  return `${parts.join('\n\n')}\n\nRun 'ksys -i NAME' for details of a chisel.\n`
}

/** The description, syntax and arguments of a chisel. */
export function infoText(c: Loaded, columns: number): string {
  const args = Object.entries(c.def.args ?? {})
  const lines = [`Category: ${c.def.category ?? 'Other'}`, `Name: ${c.name}`]
  if (!c.builtIn) lines.push(`File: ${c.file}`)
  lines.push('', ...wrap(c.def.description, columns))
  if (c.def.details !== undefined) {
    lines.push('')
    for (const paragraph of c.def.details.trim().split('\n')) lines.push(...wrap(paragraph, columns))
  }
  lines.push('', 'Usage:', `  ksys -c ${usage(c.argument, c.def.args ?? {})} [FILTER]`, '', 'Arguments:')
  if (args.length === 0) lines.push('  none')
  for (const [name, d] of args) {
    const more = [
      ...(d.choices === undefined ? [] : [`one of ${d.choices.join(', ')}`]),
      ...(d.least === undefined ? [] : [`at least ${d.least}`]),
      ...(d.default === undefined ? [] : [`default ${d.default}`]),
    ]
    const doc = `${d.type}, ${d.doc}${more.length === 0 ? '' : ` (${more.join('; ')})`}`
    lines.push(entry(`  ${d.optional ? `[${name}]` : name}`, doc, COLUMN, columns))
  }
  return `${lines.join('\n')}\n`
}
