// user.* and group.*: the user and group of a thread. Ids are the kernel's; names in a container are the container's
// own.

import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import { type FieldDef, field, stateOf } from './field.js'
import { threadField } from './proc.js'

// For ids without an account: 0 is root everywhere, all others have no name.
const ROOT: UserInfo = { uid: 0, gid: 0, name: 'root', home: '/root', shell: '<NA>' }
const STRANGER: UserInfo = { uid: -1, gid: -1, name: '<NA>', home: '<NA>', shell: '<NA>' }

const userField = (
  doc: string,
  id: (t: Thread) => number,
  get: (u: UserInfo) => string,
  more: Pick<FieldDef, 'property'> = {},
) =>
  field({
    type: 'string',
    doc,
    cost: 4,
    needs: ['container'],
    make: (ctx) => (e) => {
      const t = e.thread
      const n = t === undefined ? -1 : id(t)
      if (t === undefined || n < 0) return undefined
      return get(stateOf(ctx, e).userOf(t, n) ?? (n === 0 ? ROOT : STRANGER))
    },
    ...more,
  })

const groupField = (doc: string, get: (g: GroupInfo) => string) =>
  field({
    type: 'string',
    doc,
    cost: 4,
    needs: ['container'],
    make: (ctx) => (e) => {
      const t = e.thread
      if (t === undefined || t.gid < 0) return undefined
      return get(stateOf(ctx, e).groupOf(t, t.gid) ?? (t.gid === 0 ? ROOT : STRANGER))
    },
  })

const known = (id: number): number | undefined => (id < 0 ? undefined : id)
const uid = (t: Thread): number => t.uid

export const fields = {
  'user.uid': threadField('uint32', 'Number of the user (effective).', (t) => known(t.uid), {
    property: 'uid',
    ofProcess: 'own',
  }),
  'user.name': userField('Name of the user.', uid, (u) => u.name, { property: 'userName' }),
  'user.homedir': userField("The user's home directory.", uid, (u) => u.home),
  'user.shell': userField("The user's login shell.", uid, (u) => u.shell),
  'user.loginuid': threadField('int64', 'Number of the user who logged in, -1 for processes of the system.', (t) =>
    t.loginuid === 0xffffffff ? -1 : t.loginuid,
  ),
  'user.loginname': userField(
    'Name of the user who logged in.',
    (t) => t.loginuid,
    (u) => u.name,
  ),
}

export const groupFields = {
  'group.gid': threadField('uint32', 'Number of the group (effective).', (t) => known(t.gid), {
    ofProcess: 'own',
  }),
  'group.name': groupField('Name of the group.', (g) => g.name),
}
