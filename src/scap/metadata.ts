// Reads what a file contains about the host before its events: the machine, addresses, users, processes and
// descriptors.
import type { FdInfo, GroupInfo, ListedSnapshot, ThreadInfo, UserInfo } from '../model/snapshot.js'
import { type BlockType, Kind } from './blocks.js'
import { type OpenFlags, readDescriptors } from './descriptors.js'
import { readProcesses } from './processes.js'
import { ipv4, ipv6, Reader, Unreadable } from './reader.js'

export class Metadata {
  cpus = 0
  hostname = ''
  /** boot time of the host, ns since the epoch; 0 if the file does not contain it */
  bootNs = 0n
  readonly addresses: string[] = []
  readonly users: UserInfo[] = []
  readonly groups: GroupInfo[] = []
  readonly threads: ThreadInfo[] = []
  private readonly fds = new Map<number, FdInfo[]>()

  constructor(private readonly openFlags: OpenFlags) {}

  /**
   * Reads a metadata block whose body is bytes [from, to). Returns a clause about damage, undefined if there is none. All
   * readable entries are added in both cases.
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
    if (r.left >= 8) this.bootNs = r.bigU64()
  }

  private interfaces(r: Reader, sized: boolean): void {
    while (r.left >= 4) {
      // unlike in the other lists, the length does not include itself
      const length = sized ? r.u32() : 0
      const end = r.at + length
      const type = r.u16()
      const name = r.u16()
      const sizes = INTERFACES[type]
      if (sizes !== undefined) {
        const address = r.raw(sizes.address)
        this.addresses.push(sizes.address === 16 ? ipv6(address) : ipv4(address))
        r.skip(2 * sizes.address + sizes.speed + name)
      } else if (!sized) throw new Unreadable('has an entry of an unknown kind')
      if (sized) r.skipTo(end)
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

  /** Everything that was read, as a snapshot. */
  snapshot(): ListedSnapshot {
    const { threads, users, groups } = this
    for (const t of threads) {
      const fds = this.fds.get(t.tid)
      if (fds !== undefined) t.fds = fds
      else if (t.tid !== t.pid && t.fdsOf === undefined) t.fdsOf = t.pid
    }
    return { threads, users, groups }
  }
}

/** By kind: size of an interface's address, netmask and broadcast address, each, and of the link speed, in bytes. */
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
