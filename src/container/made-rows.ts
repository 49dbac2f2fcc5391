// What was told of containers and read of their accounts, as rows of the stream.
import type { ContainerInfo } from '../model/container.js'
import { containerJson } from '../model/container-json.js'
import type { MadeRow } from '../source/made-rows.js'
import type { Accounts } from './accounts.js'

export const containerRow = (info: ContainerInfo): MadeRow => ({
  event: 'container',
  values: [containerJson(info)],
  shown: true,
})

export const accountRows = ({ users, groups }: Accounts): MadeRow[] => [
  ...users.map(
    (u): MadeRow => ({
      event: 'useradded',
      values: [u.uid, u.gid, u.name, u.home, u.shell, u.container ?? ''],
      shown: false,
    }),
  ),
  ...groups.map((g): MadeRow => ({ event: 'groupadded', values: [g.gid, g.name, g.container ?? ''], shown: false })),
]
