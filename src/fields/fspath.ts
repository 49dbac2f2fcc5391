// fs.path.* and evt.abspath: the paths that calls on the file system work on.

import type { Event } from '../model/event.js'
import { fdName } from '../state/fd-name.js'
import { field } from './field.js'
import { absolutePath, mayStartFromDirectory, rawPath, takesPath, type Which } from './paths.js'

/** fs.path speaks of what was opened, or tried to be, and of what was changed. */
function touches(e: Event): boolean {
  if ((e.type & 1) === 0) return false
  const { opens, changesFiles } = e.def
  return opens !== undefined || (changesFiles === true && !(e.ret < 0))
}

/** Calls without a path work on the file of their descriptor. */
const ofDescriptor = (e: Event) => (e.fd === undefined || takesPath(e.def) ? undefined : fdName(e.fd))

/** Whether a path of such a call may be relative to a directory descriptor. */
function startsFromDirectory(e: Event): boolean {
  const { opens, changesFiles } = e.def
  return (e.type & 1) === 1 && (opens !== undefined || changesFiles === true) && mayStartFromDirectory(e.def)
}

function pathOf(e: Event, which: Which, of: typeof rawPath): string | undefined {
  return of(e, which) ?? (which === 'name' ? ofDescriptor(e) : undefined)
}

const absolute = (which: Which, doc: string) =>
  field({
    type: 'string',
    doc,
    cost: 64,
    make: () => (e) => (touches(e) ? pathOf(e, which, absolutePath) : undefined),
  })
const given = (which: Which, doc: string) =>
  field({
    type: 'string',
    doc,
    cost: 16,
    // the name of a descriptor is known where threads are followed
    ...(which === 'name' ? {} : ({ ofEvent: 'each' } as const)),
    make: () => (e) => (touches(e) ? pathOf(e, which, rawPath) : undefined),
  })

export const fields = {
  'fs.path.name': absolute(
    'name',
    'Absolute path that the call works on; where nothing was opened no link before /../ in it is followed.',
  ),
  'fs.path.nameraw': given('name', 'That path as the caller gave it.'),
  'fs.path.source': absolute(
    'source',
    'Absolute path that a call on two paths starts from (rename, mount ...); of link and symlink the new name.',
  ),
  'fs.path.sourceraw': given('source', 'That path as the caller gave it.'),
  'fs.path.target': absolute(
    'target',
    'Absolute path that a call on two paths leads to; of link and symlink what the new name stands for.',
  ),
  'fs.path.targetraw': given('target', 'That path as the caller gave it.'),
}

export const eventFields = {
  'evt.abspath': field({
    type: 'string',
    doc: 'Absolute path among the arguments, no link before /../ followed; evt.abspath.src and evt.abspath.dst for calls with two.',
    arg: { need: 'optional', kind: 'name', dot: true, doc: 'src or dst' },
    cost: 64,
    checkArg: (arg) => (arg === 'src' || arg === 'dst' ? undefined : `expected src or dst, not "${arg}"`),
    make: (_, arg) => {
      const which = arg ?? 'src'
      return (e) => (startsFromDirectory(e) ? absolutePath(e, which === 'dst' ? 'dst' : 'src') : undefined)
    },
  }),
}
