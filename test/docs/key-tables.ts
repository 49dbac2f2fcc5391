// The keys of the terminal UI as tables for the documentation, one for each purpose.
import { BINDINGS, type Command, keyName } from '../../src/tui/keys/bindings.js'

/** The commands of each table, in their order there. Keys that sort by a column are one row. */
const GROUPS: Readonly<Record<string, readonly Command[]>> = {
  'Moving and opening': [
    ...(['up', 'down', 'pageUp', 'pageDown', 'home', 'end', 'left', 'right'] as const),
    ...(['drill', 'back', 'cancel', 'goto', 'quit'] as const),
  ],
  'Views of the selection': [
    ...(['views', 'echo', 'dig', 'spectrogram', 'spectrogramOfFiles', 'mark', 'viewAs', 'arm'] as const),
    'legend',
  ],
  'Rows and columns': [
    ...(['filter', 'search', 'next', 'sortMenu', 'sort1', 'columns', 'tree', 'fold', 'unfold', 'follow'] as const),
    'clear',
  ],
  Time: ['pause', 'older', 'newer', 'muchOlder', 'muchNewer', 'beginSpan', 'endSpan'],
  'Actions and the screen': ['actions', 'named', 'copy', 'mouse', 'help', 'redraw', 'suspend'],
}

/** Descriptions for the documentation where those of the help page refer to the help page. */
const OTHER_DOCS: Partial<Record<Command, string>> = {
  help: 'all keys and commands',
  named: 'run a [command](#commands)',
}

/** Throws if a command is in no table. */
export function keyTables(): string {
  const grouped = new Set(Object.values(GROUPS).flat())
  const missing = BINDINGS.find(({ command }) => !grouped.has(command) && !/^sort[2-9]$/.test(command))
  if (missing !== undefined) throw new Error(`test/docs/key-tables.ts has no group for the key of '${missing.command}'`)
  const tables = Object.entries(GROUPS).map(
    ([title, commands]) => `\n### ${title}\n\n| Key | What it does |\n| --- | --- |\n${commands.map(rowOf).join('')}`,
  )
  return `${tables.join('')}\n`
}

function rowOf(command: Command): string {
  const binding = BINDINGS.find((b) => b.command === command)
  if (binding === undefined) throw new Error(`no key has the command '${command}'`)
  if (command === 'sort1') return '| `Shift+1` to `Shift+9` | sort by that column of the screen; again: in reverse |\n'
  return `| ${binding.keys.map((k) => `\`${keyName(k)}\``).join(', ')} | ${OTHER_DOCS[command] ?? binding.doc} |\n`
}
