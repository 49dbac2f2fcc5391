// Writes the start of a section: the recording machine, addresses, accounts, processes and their descriptors.

import { addressBytes } from '../../model/address.js'
import type { GroupInfo, Snapshot, UserInfo } from '../../model/snapshot.js'
import { startOf } from '../../model/time.js'
import type { CaptureInfo } from '../../source/source.js'
import { BLOCK, BYTE_ORDER_MAGIC, MAJOR_VERSION, SECTION_HEADER } from '../blocks.js'
import { PPME } from '../libs-codes.js'
import { descriptorBlock } from './descriptors.js'
import { Packer } from './packer.js'
import { processBlock } from './processes.js'
import { eventBlock } from './synthetic-event.js'

const MINOR_VERSION = 2
/** libs' thread id of events without a thread */
const NO_THREAD = -1
/** the section's length is unknown */
const UNKNOWN_LENGTH = -1
/** libs' limits of texts in bytes */
const LONGEST_NAME = 255
const LONGEST_PATH = 1023
const HOST_BYTES = 128

/** A batch time as ns since the epoch; in a hostile file it may be invalid. */
export function timeOf(start: bigint, time: number): bigint {
  return start + (Number.isFinite(time) ? BigInt(Math.trunc(time)) : 0n)
}

/** The blocks at the start of a section. */
export function section(info: CaptureInfo, snapshot: Snapshot): Buffer {
  const threads = [...snapshot.threads]
  const owners = threads.filter((t) => t.fdsOf === undefined && (t.tid === t.pid || t.fds !== undefined))
  return Buffer.concat([
    new Packer().u32(BYTE_ORDER_MAGIC).u16(MAJOR_VERSION).u16(MINOR_VERSION).u64(UNKNOWN_LENGTH).block(SECTION_HEADER),
    machine(info),
    processBlock(threads),
    ...owners.map((t) => descriptorBlock(t.tid, t.fds ?? [], info.arch)),
    interfaces(info.addresses),
    accounts(snapshot),
  ])
}

function machine({ cpus, hostname, startBoot, ...info }: CaptureInfo): Buffer {
  const boot = startBoot > 0 ? startOf(info) - BigInt(Math.round(startBoot)) : 0n
  const p = new Packer().u32(cpus)
  // memory in bytes, maximum pid, flags, two reserved numbers: unknown or unused
  return p.u64(0).u64(0).fixedText(hostname, HOST_BYTES).u64(boot).u64(0).u64(0).u64(0).block(BLOCK.MACHINE)
}

/** Captures of ksys have addresses without interfaces and networks, so each one is written as a network of its own. */
function interfaces(addresses: readonly string[]): Buffer {
  const p = new Packer()
  const all = addresses.flatMap((text) => addressBytes(text) ?? [])
  for (const length of [4, 16]) {
    const none = new Uint8Array(length)
    const netmask = new Uint8Array(length).fill(0xff)
    for (const address of all.filter((a) => a.length === length))
      p.entry(false, () => {
        p.u16(length === 4 ? 1 : 2)
          .u16(0)
          .raw(address)
          .raw(netmask)
          .raw(none)
          .u64(0)
      })
  }
  return p.block(BLOCK.INTERFACES)
}

/** Accounts of containers are written as events, see accountEvents(). */
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

/**
 * The blocks of events for containers and their accounts, which the lists of a section cannot contain, at `time` (ns since
 * the epoch). They precede all other events.
 */
export function accountEvents({ users, groups, containers = [] }: Snapshot, time: bigint): Buffer {
  const event = (code: number) => ({ code, time, tid: NO_THREAD })
  return Buffer.concat([
    ...containers.map((json) => eventBlock(event(PPME.CONTAINER_JSON_2_E), { json })),
    ...users.flatMap(({ container, ...user }) =>
      container === undefined ? [] : [eventBlock(event(PPME.USER_ADDED_E), { ...user, container_id: container })],
    ),
    ...groups.flatMap(({ container, ...group }) =>
      container === undefined ? [] : [eventBlock(event(PPME.GROUP_ADDED_E), { ...group, container_id: container })],
    ),
  ])
}
