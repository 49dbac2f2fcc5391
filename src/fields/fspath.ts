// fs.path.* and evt.abspath: the paths that calls on the file system work on.

import type { Event } from '../model/event.js'
import { fdName } from '../state/fd-name.js'
import { field } from './field.js'
import { absolutePath, mayStartFromDirectory, rawPath, takesPath, type Which } from './paths.js'

/** fs.path covers calls that opened, tried to open, or changed a file. */
function touches(e: Event): boolean {
  if ((e.type & 1) === 0) return false
  const { opens, changesFiles } = e.def
  return opens !== undefined || (changesFiles === true && !(e.ret < 0))
}

/** Calls without a path operate on the file of their descriptor. */
const descriptorPath = (e: Event) => (e.fd === undefined || takesPath(e.def) ? undefined : fdName(e.fd))

/** Whether a path of such a call may be relative to a directory descriptor. */
function startsFromDirectory(e: Event): boolean {
  const { opens, changesFiles } = e.def
  return (e.type & 1) === 1 && (opens !== undefined || changesFiles === true) && mayStartFromDirectory(e.def)
}

function pathOf(e: Event, which: Which, resolve: typeof rawPath): string | undefined {
  return resolve(e, which) ?? (which === 'name' ? descriptorPath(e) : undefined)
}

const absolute = (which: Which, doc: string) =>
  field({
    type: 'string',
    doc,
    cost: 64,
    make: () => (e) => (touches(e) ? pathOf(e, which, absolutePath) : undefined),
  })
const raw = (which: Which, doc: string) =>
  field({
    type: 'string',
    doc,
    cost: 16,
    make: () => (e) => (touches(e) ? pathOf(e, which, rawPath) : undefined),
  })

/** The kernel reports the file that a call opened, but of other calls only the text of their paths. */
const LINKS = 'links before /../ are not followed'

export const fields = {
  'fs.path.name': absolute('name', `Absolute path that the call operates on; unless a file was opened, ${LINKS}.`),
  'fs.path.nameraw': raw('name', 'That path as the caller passed it.'),
  'fs.path.source': absolute(
    'source',
    `Absolute source path of a call on two paths (rename ...), for link and symlink the new name; ${LINKS}.`,
  ),
  'fs.path.sourceraw': raw('source', 'That path as the caller passed it.'),
  'fs.path.target': absolute(
    'target',
    `Absolute target path of a call on two paths, for link and symlink the one referred to; ${LINKS}.`,
  ),
  'fs.path.targetraw': raw('target', 'That path as the caller passed it.'),
}

export const eventFields = {
  'evt.abspath': field({
    type: 'string',
    doc: `Absolute path argument; ${LINKS}; evt.abspath.src and evt.abspath.dst for calls with two.`,
    arg: { need: 'optional', kind: 'name', dot: true, doc: 'src or dst' },
    cost: 64,
    checkArg: (arg) => (arg === 'src' || arg === 'dst' ? undefined : `expected src or dst, not "${arg}"`),
    make: (_, arg) => {
      const which = arg ?? 'src'
      return (e) => (startsFromDirectory(e) ? absolutePath(e, which === 'dst' ? 'dst' : 'src') : undefined)
    },
  }),
}
