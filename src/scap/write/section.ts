// What stands before the events of a section: who recorded it, addresses, accounts, processes and their descriptors.

import { addressBytes } from '../../model/address.js'
import type { GroupInfo, Snapshot, UserInfo } from '../../model/snapshot.js'
import type { CaptureInfo } from '../../source/source.js'
import { BLOCK, BYTE_ORDER_MAGIC, MAJOR_VERSION, SECTION_HEADER } from '../blocks.js'
import { descriptorBlock } from './descriptors.js'
import { Packer } from './packer.js'
import { processBlock } from './processes.js'

const MINOR_VERSION = 2
/** its length is not known */
const UNKNOWN_LENGTH = -1
/** Longest texts that libs takes. */
const LONGEST_NAME = 255
const LONGEST_PATH = 1023
const HOST_BYTES = 128
const NS = 1_000_000_000n

/** ns since the epoch at which batch times begin. */
export function startOf(info: Pick<CaptureInfo, 'startSec' | 'startNsec'>): bigint {
  return BigInt(info.startSec) * NS + BigInt(info.startNsec)
}

/** ns since the epoch of a batch time, which in a hostile file may be none. */
export function timeOf(start: bigint, time: number): bigint {
  return start + (Number.isFinite(time) ? BigInt(Math.trunc(time)) : 0n)
}

/** A section's beginning. */
export function section(info: CaptureInfo, snapshot: Snapshot): Buffer {
  const owners = snapshot.threads.filter((t) => t.fdsOf === undefined && (t.tid === t.pid || t.fds !== undefined))
  return Buffer.concat([
    new Packer().u32(BYTE_ORDER_MAGIC).u16(MAJOR_VERSION).u16(MINOR_VERSION).u64(UNKNOWN_LENGTH).block(SECTION_HEADER),
    machine(info),
    processBlock(snapshot.threads),
    ...owners.map((t) => descriptorBlock(t.tid, t.fds ?? [], info.arch)),
    interfaces(info.addresses),
    accounts(snapshot),
  ])
}

function machine({ cpus, hostname, startBoot, ...info }: CaptureInfo): Buffer {
  const boot = startBoot > 0 ? startOf(info) - BigInt(Math.round(startBoot)) : 0n
  const p = new Packer().u32(cpus)
  // bytes of memory, largest number of a process, flags, two reserved numbers: not known, or not used
  return p.u64(0).u64(0).fixedText(hostname, HOST_BYTES).u64(boot).u64(0).u64(0).u64(0).block(BLOCK.MACHINE)
}

/** Addresses without their interfaces and networks, of which captures of ksys do not tell: each is a network of its own. */
function interfaces(addresses: readonly string[]): Buffer {
  const p = new Packer()
  const all = addresses.flatMap((text) => addressBytes(text) ?? [])
  for (const length of [4, 16]) {
    const none = new Uint8Array(length)
    const whole = new Uint8Array(length).fill(0xff)
    for (const address of all.filter((a) => a.length === length))
      p.entry(false, () => {
        p.u16(length === 4 ? 1 : 2)
          .u16(0)
          .raw(address)
          .raw(whole)
          .raw(none)
          .u64(0)
      })
  }
  return p.block(BLOCK.INTERFACES)
}

/** Those of containers are told by events (see accountEvents). */
function accounts({ users, groups }: Snapshot): Buffer {
  const p = new Packer()
  const ofHost = <T extends UserInfo | GroupInfo>(list: readonly T[]) => list.filter((a) => a.container === undefined)
  for (const u of ofHost(users))
    p.entry(true, () => {
      p.u8(0).u32(u.uid).u32(u.gid).text(u.name, LONGEST_NAME).text(u.home, LONGEST_PATH).text(u.shell, LONGEST_PATH)
    })
  for (const g of ofHost(groups))
    p.entry(true, () => {
      p.u8(1).u32(g.gid).text(g.name, LONGEST_NAME)
    })
  return p.block(BLOCK.USERS)
}
