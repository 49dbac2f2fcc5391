// The synthetic headers of a direction of a connection: IPv4 or IPv6, and TCP or UDP.
import type { BinaryBuffer } from '../binary-buffer.js'

const TCP = 6
const UDP = 17
const IPV4_HEADER = 20
const IPV6_HEADER = 40
const TCP_HEADER = 20
const UDP_HEADER = 8
/** Maximum of the length in a header. */
const LONGEST = 65_535
const HOPS = 64
const WINDOW = 65_535

export const FLAG = { SYN: 2, PSH: 8, ACK: 16 } as const

/** One end of a connection. */
export interface End {
  /** 4 or 16 bytes, as for the other end */
  readonly address: Uint8Array
  readonly port: number
}

export class Headers {
  /** maximum bytes of data in a packet */
  readonly most: number
  readonly size: number
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly ip: number
  /** checksum over the constant parts of an IPv4 header */
  private readonly steadySum: number

  constructor(
    readonly tcp: boolean,
    from: End,
    to: End,
  ) {
    const v6 = from.address.length === 16
    this.ip = v6 ? IPV6_HEADER : IPV4_HEADER
    this.size = this.ip + (tcp ? TCP_HEADER : UDP_HEADER)
    this.most = LONGEST - this.size
    this.bytes = new Uint8Array(this.size)
    this.view = new DataView(this.bytes.buffer)
    const { view, bytes, ip } = this
    const protocol = tcp ? TCP : UDP
    if (v6) {
      view.setUint32(0, 6 << 28)
      bytes[6] = protocol
      bytes[7] = HOPS
    } else {
      view.setUint16(0, 0x4500)
      // do not fragment
      view.setUint16(6, 0x4000)
      bytes[8] = HOPS
      bytes[9] = protocol
    }
    bytes.set(from.address, v6 ? 8 : 12)
    bytes.set(to.address, v6 ? 24 : 16)
    view.setUint16(ip, from.port)
    view.setUint16(ip + 2, to.port)
    if (tcp) {
      bytes[ip + 12] = (TCP_HEADER / 4) << 4
      view.setUint16(ip + 14, WINDOW)
    }
    this.steadySum = v6 ? 0 : this.sum(0, IPV4_HEADER)
  }

  /** Appends the headers of a packet with `data` bytes of data; sequence numbers and flags are for TCP. */
  append(out: BinaryBuffer, data: number, seq = 0, ack = 0, flags = 0): void {
    const { view, bytes, ip } = this
    const length = this.size + data
    if (ip === IPV6_HEADER) view.setUint16(4, length - ip)
    else {
      view.setUint16(2, length)
      view.setUint16(10, ~fold(this.steadySum + length) & 0xffff)
    }
    if (this.tcp) {
      view.setUint32(ip + 4, seq)
      view.setUint32(ip + 8, ack)
      bytes[ip + 13] = flags
    } else view.setUint16(ip + 4, UDP_HEADER + data)
    out.bytes(bytes)
  }

  private sum(from: number, to: number): number {
    let sum = 0
    for (let i = from; i < to; i += 2) sum += this.view.getUint16(i)
    return sum
  }
}

function fold(sum: number): number {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16)
  return folded
}
