// Converts container metadata and accounts to rows of the stream.
import type { ContainerInfo } from '../model/container.js'
import { containerJson } from '../model/container-json.js'
import type { SyntheticRow } from '../source/synthetic-rows.js'
import type { Accounts } from './accounts.js'

export const containerRow = (info: ContainerInfo): SyntheticRow => ({
  event: 'container',
  values: [containerJson(info)],
  shown: true,
})

export const accountRows = ({ users, groups }: Accounts): SyntheticRow[] => [
  ...users.map(
    (u): SyntheticRow => ({
      event: 'useradded',
      values: [u.uid, u.gid, u.name, u.home, u.shell, u.container ?? ''],
      shown: false,
    }),
  ),
  ...groups.map(
    (g): SyntheticRow => ({ event: 'groupadded', values: [g.gid, g.name, g.container ?? ''], shown: false }),
  ),
]
