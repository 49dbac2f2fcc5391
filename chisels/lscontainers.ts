// Containers, one per line.
import { type Container, columnLines, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Lists the containers with their images, names and ids.',
  details:
    'Live, the current containers; with -r, those known at the first event of the file, or at the first event that passes a ' +
    'filter before -c. The argument desc shows all known details of each container.',
  category: 'System State',
  args: {
    desc: { type: 'string', doc: 'show all known details of each container', choices: ['desc'], optional: true },
  },
  needs: { containers: true },
  hooks: (c) => ({
    snapshot() {
      const containers = c.knownContainers()
      const described = c.args.desc === 'desc'
      if (c.json) {
        for (const each of containers) c.emit(described ? all(each) : brief(each))
        return
      }
      const lines = described ? containers.flatMap(linesOf) : tableOf(containers, c.columns)
      for (const line of lines) c.print(line)
    },
  }),
})

const COLUMNS = [
  ['container.type', 15],
  ['container.image', 16],
  ['container.name', 20],
  ['container.id', 0],
] as const
const DASHES = COLUMNS.map(([title, width]) => '-'.repeat(width > 0 ? width - 1 : title.length))

function brief(c: Container): { id: string; name: string; image: string; type: string } {
  return { id: c.id, name: c.info?.name ?? '', image: c.info?.image ?? '', type: c.info?.type || c.type }
}

/** All known details; empty ones are omitted. */
function all(c: Container): Record<string, unknown> {
  const known = Object.entries(c.info ?? {}).filter(
    ([, v]) => v !== undefined && v !== '' && v !== 0 && !(typeof v === 'object' && Object.keys(v).length === 0),
  )
  return { ...Object.fromEntries(known), id: c.id, type: brief(c).type }
}

function tableOf(containers: readonly Container[], columns: number): string[] {
  const rows = containers.map(brief).map((b) => [b.type, b.image, b.name, b.id].map((v) => v || '<NA>'))
  return columnLines(COLUMNS, [DASHES, ...rows], columns)
}

/** All known details as lines, with an empty line after them. */
function linesOf(c: Container): string[] {
  return [...Object.entries(all(c)).map(([key, value]) => `${key}: ${text(value)}`), '']
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
