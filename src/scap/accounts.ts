// Reads users and groups, which newer files contain as their first events instead of a list.
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'
import { PPME } from './libs-codes.js'

/** Size of an event header with a parameter count, which is its last field. */
const HEADER = 26
const COUNT_AT = 22

/** Adds the user or group in the event from `head` to `end`; those of containers are skipped. */
export function addAccount(
  bytes: Uint8Array,
  view: DataView,
  head: number,
  end: number,
  code: number,
  users: UserInfo[],
  groups: GroupInfo[],
): void {
  const values = readParameters(
    bytes,
    view,
    head,
    end,
    code === PPME.USER_ADDED_E ? 6 : 3,
    code === PPME.USER_ADDED_E ? 2 : 1,
  )
  if (values === undefined || values[values.length - 1] !== '') return
  if (code === PPME.USER_ADDED_E) {
    const [uid, gid, name, home, shell] = values as [number, number, string, string, string]
    if (!users.some((u) => u.uid === uid)) users.push({ uid, gid, name, home, shell })
  } else if (code === PPME.GROUP_ADDED_E) {
    const [gid, name] = values as [number, string]
    if (!groups.some((g) => g.gid === gid)) groups.push({ gid, name })
  }
}

/**
 * The n parameters of an event, of which the first `numbers` are u32 and the others strings; undefined if they are not.
 */
function readParameters(
  bytes: Uint8Array,
  view: DataView,
  head: number,
  end: number,
  n: number,
  numbers: number,
): (number | string)[] | undefined {
  let at = head + HEADER + 2 * n
  if (at > end || view.getUint32(head + COUNT_AT, true) !== n) return undefined
  const values: (number | string)[] = []
  for (let i = 0; i < n; i++) {
    const length = view.getUint16(head + HEADER + 2 * i, true)
    if (at + length > end) return undefined
    const isNumber = i < numbers
    if (isNumber && length !== 4) return undefined
    const text = length > 0 && bytes[at + length - 1] === 0 ? length - 1 : length
    values.push(isNumber ? view.getUint32(at, true) : decodeText(bytes, at, at + text))
    at += length
  }
  return values
}
