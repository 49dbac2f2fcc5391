// Users and groups of the host.
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { readHostFile } from './host.js'

/** limit on the size of a list of accounts, in bytes: a million users fit */
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

/** Entries of the host's /etc/passwd; entries without a numeric id are skipped. */
export function users(): UserInfo[] {
  return lines('/etc/passwd').flatMap(([name = '', , uid, gid, , home = '', shell = '']) =>
    uid !== undefined && /^\d+$/.test(uid) ? [{ uid: Number(uid), gid: Number(gid) || 0, name, home, shell }] : [],
  )
}

const NOGROUP = 65534

/** The primary group of a user; NOGROUP for a uid without an account. */
export function groupOf(uid: number): number {
  return users().find((u) => u.uid === uid)?.gid ?? NOGROUP
}

/** Entries of the host's /etc/group; entries without a numeric id are skipped. */
export function groups(): GroupInfo[] {
  return lines('/etc/group').flatMap(([name = '', , gid]) =>
    gid !== undefined && /^\d+$/.test(gid) ? [{ gid: Number(gid), name }] : [],
  )
}
