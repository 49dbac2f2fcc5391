// Users and groups of the host.
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { readHostFile } from './host.js'

/** bytes of a list of accounts: a million users have no more */
const MOST_BYTES = 128 << 20

function lines(path: string): string[][] {
  const got = readHostFile(path, MOST_BYTES)
  if (got === undefined || 'why' in got) return []
  return got.bytes
    .toString()
    .split('\n')
    .filter((l) => l !== '' && !l.startsWith('#'))
    .map((l) => l.split(':'))
}

/** The entries of the host's list of users; those without a numeric id are left out. */
export function users(): UserInfo[] {
  return lines('/etc/passwd').flatMap(([name = '', , uid, gid, , home = '', shell = '']) =>
    uid !== undefined && /^\d+$/.test(uid) ? [{ uid: Number(uid), gid: Number(gid) || 0, name, home, shell }] : [],
  )
}

const NOGROUP = 65534

/** A user's own group. Who has no account has the rights of no group. */
export function groupOf(uid: number): number {
  return users().find((u) => u.uid === uid)?.gid ?? NOGROUP
}

/** The same of groups. */
export function groups(): GroupInfo[] {
  return lines('/etc/group').flatMap(([name = '', , gid]) =>
    gid !== undefined && /^\d+$/.test(gid) ? [{ gid: Number(gid), name }] : [],
  )
}
