// container.mount*: the mounts of a container.
import { createRequire } from 'node:module'
import type { ContainerInfo, Mount } from '../model/container.js'
import { containerInfoField, containerOf } from './container-of.js'
import { field } from './field.js'

const text = (m: Mount): string => `${m.source}:${m.dest}:${m.mode}:${m.writable ? 'true' : 'false'}:${m.propagation}`

/** Returns the test of a path by a pattern with * and ?. The library is large, so it is loaded for the first pattern. */
function glob(pattern: string): (path: string) => boolean {
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof import('re2js')
  const parts = pattern.split(/([*?])/).map((p) => (p === '*' ? '.*' : p === '?' ? '.' : RE2JS.quote(p)))
  const re = RE2JS.compile(parts.join(''), RE2JS.DOTALL)
  return (path) => re.matcher(path).matches()
}

/** A field of one mount, selected by its index, or the first whose `by` matches the pattern. */
const mountField = (doc: string, by: 'source' | 'dest', get: (m: Mount) => string, none?: string) =>
  field({
    type: 'string',
    doc,
    arg: { need: 'required', kind: 'any', doc: `a number, or a pattern for the mount's ${by}` },
    cost: 16,
    needs: ['container'],
    make: (ctx, arg) => {
      const which = arg as string
      const matches = glob(which)
      const find = (i: ContainerInfo) =>
        /^\d+$/.test(which) ? i.mounts[Number(which)] : i.mounts.find((m) => matches(m[by]))
      return (e) => {
        const info = containerOf(e, ctx)?.info
        if (info === undefined) return undefined
        const mount = find(info)
        return mount === undefined ? none : get(mount)
      }
    },
  })

export const fields = {
  'container.mounts': containerInfoField(
    'string',
    'All mounts, each as its source, destination, mode, rdwr and propagation with colons between; commas between mounts.',
    (i) => i.mounts.map(text).join(','),
    { cost: 64 },
  ),
  'container.mount': mountField(
    'One mount, by its number or source; "none" when there is none.',
    'source',
    text,
    'none',
  ),
  'container.mount.source': mountField('Source of a mount, by its number or destination.', 'dest', (m) => m.source),
  'container.mount.dest': mountField('Destination of a mount, by its number or source.', 'source', (m) => m.dest),
  'container.mount.mode': mountField('Mode of a mount, by its number or source.', 'source', (m) => m.mode),
  'container.mount.rdwr': mountField('Whether a mount is writable, by its number or source.', 'source', (m) =>
    m.writable ? 'true' : 'false',
  ),
  'container.mount.propagation': mountField(
    'Propagation of a mount, by its number or source.',
    'source',
    (m) => m.propagation,
  ),
}
