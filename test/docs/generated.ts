// The parts of pages that are generated from the program's own tables, each between `<!-- generated: KIND -->` and `<!-- /generated -->`.
import { loadAll } from '../../src/chisel/load.js'
import { EXIT_MEANINGS } from '../../src/cli/errors/exit.js'
import { SUBCOMMANDS } from '../../src/cli/options/subcommands.js'
import { CLASSES } from '../../src/fields/index.js'
import { listFieldsMarkdown } from '../../src/format/lists/fields.js'
import { wrap } from '../../src/format/text/wrap.js'
import { FIELD_NAMES } from '../../src/redact/targets.js'
import { NAMED } from '../../src/tui/keys/named.js'
import { SIGNS } from '../../src/tui/layout/timeline.js'
import { loadViews } from '../../src/views/index.js'
import { readCosts } from '../bench/cost/costs.js'
import { costTables } from '../bench/cost/markdown.js'
import { root } from '../helpers/ksys.js'
import { keyTables } from './key-tables.js'

const PART = /(<!-- generated: ([\w -]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g

const row = (cells: readonly string[]): string => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |\n`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row).join('')

const KINDS: Readonly<Record<string, () => string | Promise<string>>> = {
  fields: () => `\n${listFieldsMarkdown(CLASSES).trim()}\n\n`,
  chisels: async () => {
    const { chisels } = await loadAll()
    const categories = [...new Set(chisels.map((c) => c.def.category))].sort()
    return categories
      .map((category) => {
        const rows = chisels.filter((c) => c.def.category === category).map((c) => [`\`${c.name}\``, c.def.description])
        return `\n### ${category}\n\n${table(['Chisel', 'What it shows'], rows)}`
      })
      .join('')
      .concat('\n')
  },
  'costs of real programs': () => costTables(readCosts(`${root}/test/bench/cost/costs.json`)),
  views: async () => {
    const rows = (await loadViews()).map((v) => [`\`${v.id}\``, v.name, v.description])
    return `\n${table(['View', 'Name', 'What it shows'], rows)}\n`
  },
  keys: keyTables,
  'ui commands': () =>
    `\n${table(
      ['Command', 'What it does'],
      NAMED.map(({ name, doc }) => [`\`${name}\``, doc]),
    )}\n`,
  'timeline signs': () =>
    `\n${table(
      ['Sign', 'Meaning'],
      SIGNS.map(({ sign, doc }) => [`\`${sign}\``, doc]),
    )}\n`,
  commands: () =>
    `\n${table(
      ['Command', 'What it does'],
      SUBCOMMANDS.map((c) => [`\`ksys ${c.word}\``, c.summary]),
    )}\n`,
  'fields to redact': () => `\n${wrap(FIELD_NAMES.map((name) => `\`${name}\``).join(', '), 120).join('\n')}\n\n`,
  'exit codes': () =>
    `\n${table(
      ['Code', 'Meaning'],
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning]),
    )}\n`,
}

/** The text with its generated parts as they are now. Throws for a part of an unknown kind. */
export async function regenerated(text: string): Promise<string> {
  let out = ''
  let at = 0
  for (const { 0: all, 1: begin, 2: kind, 3: end, index } of text.matchAll(PART)) {
    const make = KINDS[kind as string]
    if (make === undefined) throw new Error(`there is no generated part '${kind}': ${Object.keys(KINDS).join(', ')}`)
    out += text.slice(at, index) + begin + (await make()) + end
    at = index + all.length
  }
  return out + text.slice(at)
}
