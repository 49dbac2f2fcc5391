// The blocks of a pcapng file: a section with one interface for each capture, and packets.
import { BinaryBuffer } from '../binary-buffer.js'
import type { EpochClock } from '../epoch-clock.js'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const PACKET = 6
const BYTE_ORDER = 0x1a2b3c4d
/** Packets start with an IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101
const OPTION = {
  END: 0,
  COMMENT: 1,
  SECTION_OS: 3,
  SECTION_PROGRAM: 4,
  INTERFACE_NAME: 2,
  INTERFACE_RESOLUTION: 9,
  PACKET_FLAGS: 2,
} as const
/** Resolution of times: 10 ** -9 seconds. */
const NANOSECONDS = 9

/** Direction of a packet, as in its flags. */
export const DIRECTION = { IN: 1, OUT: 2 } as const

interface PacketBlock {
  /** offset of the packet's first byte */
  readonly packet: number
  readonly start: number
}

export class PcapngBuffer extends BinaryBuffer {
  /** Starts a section with its interface; the texts must be escaped. */
  section(program: string, host: string, kernel: string): void {
    const start = this.startBlock(SECTION)
    this.u32(BYTE_ORDER)
    this.u16(1)
    this.u16(0)
    // the section's length is unknown
    this.u32(0xffffffff)
    this.u32(0xffffffff)
    if (host !== '') this.option(OPTION.COMMENT, `host ${host}`)
    this.option(OPTION.SECTION_OS, `Linux ${kernel}`)
    this.option(OPTION.SECTION_PROGRAM, program)
    this.endOptions()
    this.endBlock(start)
    const description = this.startBlock(INTERFACE)
    this.u16(LINKTYPE_RAW)
    this.u16(0)
    this.u32(0)
    this.option(OPTION.INTERFACE_NAME, 'sockets')
    this.u16(OPTION.INTERFACE_RESOLUTION)
    this.u16(1)
    this.byte(NANOSECONDS)
    this.zeros(3)
    this.endOptions()
    this.endBlock(description)
  }

  /** Starts a packet; its bytes are then appended, and endPacket() ends it. */
  startPacket({ hi, lo }: EpochClock): PacketBlock {
    const start = this.startBlock(PACKET)
    this.u32(0)
    this.u32(hi)
    this.u32(lo)
    // placeholders of the lengths
    this.u32(0)
    this.u32(0)
    return { start, packet: this.length }
  }

  /** length: original length of the packet; `comment`: encoded, padded to a multiple of four, `size` bytes without the padding. */
  endPacket(
    { start, packet }: PacketBlock,
    length: number,
    direction: number,
    comment: Uint8Array,
    size: number,
  ): void {
    const captured = this.length - packet
    this.patchU32(packet - 8, captured, true)
    this.patchU32(packet - 4, length, true)
    this.zeros(-captured & 3)
    this.u16(OPTION.COMMENT)
    this.u16(size)
    this.bytes(comment)
    this.u16(OPTION.PACKET_FLAGS)
    this.u16(4)
    this.u32(direction)
    this.endOptions()
    this.endBlock(start)
  }

  private startBlock(type: number): number {
    const start = this.length
    this.u32(type)
    this.u32(0)
    return start
  }

  private option(code: number, text: string): void {
    this.u16(code)
    const at = this.length
    this.u16(0)
    this.trusted(text)
    const size = this.length - at - 2
    this.words.setUint16(at, size, true)
    this.zeros(-size & 3)
  }

  private endOptions(): void {
    this.u32(OPTION.END)
  }

  private endBlock(start: number): void {
    const size = this.length - start + 4
    this.patchU32(start + 4, size, true)
    this.u32(size)
  }
}
