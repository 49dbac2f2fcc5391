// Containers, one a line.
import { type Container, columnLines, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Lists the containers with their images, names and ids.',
  details:
    'Live, those of the moment; with -r, those known at the first event of the file, or at the first that passes a filter ' +
    'before -c. The argument desc shows everything that is known of each.',
  category: 'System State',
  args: {
    desc: { type: 'string', doc: 'shows everything that is known of each', choices: ['desc'], optional: true },
  },
  needs: { containers: true },
  hooks: (c) => ({
    snapshot() {
      const containers = c.knownContainers()
      if (c.args.desc === 'desc' || c.json) {
        for (const each of containers) {
          if (c.json) c.emit(c.args.desc === 'desc' ? all(each) : brief(each))
          else for (const [key, value] of Object.entries(all(each))) c.print(`${key}: ${text(value)}`)
          if (!c.json) c.print('')
        }
        return
      }
      const rows = containers.map(brief).map((b) => [b.type, b.image, b.name, b.id].map((v) => v || '<NA>'))
      for (const line of columnLines(COLUMNS, [DASHES, ...rows], c.columns)) c.print(line)
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

/** All that is told of it: what is empty is left out. */
function all(c: Container): Record<string, unknown> {
  const known = Object.entries(c.info ?? {}).filter(
    ([, v]) => v !== undefined && v !== '' && v !== 0 && !(typeof v === 'object' && Object.keys(v).length === 0),
  )
  return { ...Object.fromEntries(known), id: c.id, type: brief(c).type }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
