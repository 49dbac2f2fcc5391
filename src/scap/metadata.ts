// What a file says about the host before its events: the machine, its addresses, its users, processes and descriptors.
import type { FdInfo, GroupInfo, Snapshot, ThreadInfo, UserInfo } from '../model/snapshot.js'
import { ipv4, ipv6 } from './addresses.js'
import { type BlockType, Kind } from './blocks.js'
import { type OpenFlags, readDescriptors } from './descriptors.js'
import { readProcesses } from './processes.js'
import { Reader, Unreadable } from './reader.js'

export class Metadata {
  cpus = 0
  hostname = ''
  /** when the host was started, ns since the epoch; 0 when the file does not say */
  bootNs = 0n
  readonly addresses: string[] = []
  readonly users: UserInfo[] = []
  readonly groups: GroupInfo[] = []
  readonly threads: ThreadInfo[] = []
  private readonly fds = new Map<number, FdInfo[]>()

  constructor(private readonly openFlags: OpenFlags) {}

  /**
   * Takes over a metadata block whose body is bytes [from, to). Returns what is wrong with it in a sentence, undefined
   * when nothing is; what could be read is kept either way.
   */
  block(type: BlockType, bytes: Uint8Array, from: number, to: number): string | undefined {
    const r = new Reader(bytes, from, to)
    try {
      this.read(type, r)
      return undefined
    } catch (e) {
      if (e instanceof Unreadable) return `${NAMES[type.kind] ?? 'a block'} ${e.message}`
      throw e
    }
  }

  private read(type: BlockType, r: Reader): void {
    const sized = type.sized === true
    if (type.kind === Kind.Machine) this.machine(r)
    else if (type.kind === Kind.Processes) readProcesses(r, type.version ?? 9, this.threads)
    else if (type.kind === Kind.Descriptors)
      readDescriptors(r, sized, this.openFlags, (tid) => {
        const list: FdInfo[] = []
        this.fds.set(tid, list)
        return list
      })
    else if (type.kind === Kind.Interfaces) this.interfaces(r, sized)
    else if (type.kind === Kind.Users) this.accounts(r, sized)
  }

  private machine(r: Reader): void {
    this.cpus = r.u32()
    r.skip(16)
    this.hostname = r.fixedText(128)
    if (r.left >= 8) this.bootNs = r.big()
  }

  private interfaces(r: Reader, sized: boolean): void {
    while (r.left >= 4) {
      // it does not count itself, unlike those of the other lists
      const length = sized ? r.u32() : 0
      const end = r.at + length
      const type = r.u16()
      const name = r.u16()
      const known = INTERFACES[type]
      if (known !== undefined) {
        const address = r.raw(known.address)
        this.addresses.push(known.address === 16 ? ipv6(address) : ipv4(address))
        r.skip(2 * known.address + known.speed + name)
      } else if (!sized) throw new Unreadable('has an entry of a kind that is not known')
      if (sized) r.to(end)
    }
  }

  private accounts(r: Reader, sized: boolean): void {
    while (r.left >= 4) {
      const start = r.at
      const length = sized ? r.entryLength() : 0
      const own = sized ? r.slice(r.at, start + length) : r
      if (own.u8() === 0) {
        const uid = own.u32()
        const gid = own.u32()
        this.users.push({ uid, gid, name: own.text(), home: own.text(), shell: own.text() })
      } else this.groups.push({ gid: own.u32(), name: own.text() })
      if (sized) r.at = start + length
    }
  }

  /** Everything as a snapshot. */
  snapshot(): Snapshot {
    const { threads, users, groups } = this
    for (const t of threads) {
      const fds = this.fds.get(t.tid)
      if (fds !== undefined) t.fds = fds
      else if (t.tid !== t.pid && t.fdsOf === undefined) t.fdsOf = t.pid
    }
    return { threads, users, groups }
  }
}

/** Bytes of an interface's address, its netmask and its broadcast address each, and of the link's speed, by kind. */
const INTERFACES: Readonly<Record<number, { readonly address: 4 | 16; readonly speed: 0 | 8 }>> = {
  1: { address: 4, speed: 8 },
  2: { address: 16, speed: 8 },
  3: { address: 4, speed: 0 },
  4: { address: 16, speed: 0 },
}

const NAMES: Partial<Record<Kind, string>> = {
  [Kind.Machine]: 'the machine description',
  [Kind.Processes]: 'the process list',
  [Kind.Descriptors]: 'a descriptor list',
  [Kind.Interfaces]: 'the interface list',
  [Kind.Users]: 'the user list',
}
