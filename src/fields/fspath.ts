// fs.path.* and evt.abspath: the paths that calls on the file system work on.
import { field } from './field.js'
import { absolutePath, rawPath, type Which } from './paths.js'

const absolute = (which: Which, doc: string) =>
  field({ type: 'string', doc, cost: 64, make: () => (e) => absolutePath(e, which) })
const given = (which: Which, doc: string) =>
  field({ type: 'string', doc, cost: 16, make: () => (e) => rawPath(e, which) })

export const fields = {
  'fs.path.name': absolute('name', 'Absolute path that the call works on.'),
  'fs.path.nameraw': given('name', 'That path as the caller gave it.'),
  'fs.path.source': absolute(
    'source',
    'Absolute path that a call on two paths starts from (rename, link, symlink ...).',
  ),
  'fs.path.sourceraw': given('source', 'That path as the caller gave it.'),
  'fs.path.target': absolute('target', 'Absolute path that a call on two paths leads to.'),
  'fs.path.targetraw': given('target', 'That path as the caller gave it.'),
}

export const eventFields = {
  'evt.abspath': field({
    type: 'string',
    doc: 'Absolute path among the arguments; evt.abspath.src and evt.abspath.dst for calls with two.',
    arg: { need: 'optional', kind: 'name', dot: true, doc: 'src or dst' },
    cost: 64,
    checkArg: (arg) => (arg === 'src' || arg === 'dst' ? undefined : `expected src or dst, not "${arg}"`),
    make: (_, arg) => {
      if (arg === 'src') return (e) => absolutePath(e, 'source')
      if (arg === 'dst') return (e) => absolutePath(e, 'target')
      return (e) => absolutePath(e, 'name') ?? absolutePath(e, 'source')
    },
  }),
}
