// What a section's lists have no place for: accounts of containers, and containers themselves. Events tell of them, before all
// others.
import type { Snapshot } from '../../model/snapshot.js'
import { PPME } from '../libs-codes.js'
import { eventBlock } from './made-event.js'

/** libs' number of a thread that is none */
const NOBODY = -1

/** The blocks of events about containers and their accounts, at `time` (ns since the epoch). */
export function accountEvents({ users, groups, containers = [] }: Snapshot, time: bigint): Buffer {
  const of = (code: number) => ({ code, time, tid: NOBODY })
  return Buffer.concat([
    ...containers.map((json) => eventBlock(of(PPME.CONTAINER_JSON_2_E), { json })),
    ...users.flatMap(({ container, ...user }) =>
      container === undefined ? [] : [eventBlock(of(PPME.USER_ADDED_E), { ...user, container_id: container })],
    ),
    ...groups.flatMap(({ container, ...group }) =>
      container === undefined ? [] : [eventBlock(of(PPME.GROUP_ADDED_E), { ...group, container_id: container })],
    ),
  ])
}
