// A reader of pcapng files, and of the headers of packets.

export interface Packet {
  /** ns since the epoch */
  time: bigint
  /** the original number of bytes in the packet */
  length: number
  comment: string
  /** 1 in, 2 out */
  direction: number
  from: string
  to: string
  protocol: 'tcp' | 'udp'
  seq: number
  ack: number
  flags: number
  /** the stored data, and the original length */
  data: Buffer
  dataLength: number
}

export interface PcapngFile {
  sections: { program: string; comment: string }[]
  packets: Packet[]
}

/** Throws if a block, an option or a header is inconsistent. */
export function readPcapng(b: Buffer): PcapngFile {
  const file: PcapngFile = { sections: [], packets: [] }
  for (let at = 0; at < b.length; ) {
    const type = b.readUInt32LE(at)
    const size = b.readUInt32LE(at + 4)
    if (size % 4 !== 0 || b.readUInt32LE(at + size - 4) !== size) throw new Error(`the block at ${at} is wrong`)
    const body = b.subarray(at + 8, at + size - 4)
    if (type === 0x0a0d0d0a) {
      if (body.readUInt32LE(0) !== 0x1a2b3c4d) throw new Error('the section has another byte order')
      const options = optionsOf(body, 16)
      file.sections.push({ program: String(options.get(4)), comment: String(options.get(1) ?? '') })
    } else if (type === 1) {
      if (body.readUInt16LE(0) !== 101 || optionsOf(body, 8).get(9)?.[0] !== 9)
        throw new Error('the interface is another')
    } else if (type === 6) file.packets.push(packetOf(body))
    else throw new Error(`no block has the type ${type}`)
    at += size
  }
  return file
}

function optionsOf(b: Buffer, from: number): Map<number, Buffer> {
  const options = new Map<number, Buffer>()
  for (let at = from; ; ) {
    const code = b.readUInt16LE(at)
    const size = b.readUInt16LE(at + 2)
    if (code === 0) {
      if (at + 4 !== b.length) throw new Error('something stands behind the options')
      return options
    }
    options.set(code, b.subarray(at + 4, at + 4 + size))
    at += 4 + size + (-size & 3)
  }
}

function packetOf(b: Buffer): Packet {
  const captured = b.readUInt32LE(12)
  const length = b.readUInt32LE(16)
  const options = optionsOf(b, 20 + captured + (-captured & 3))
  const p = b.subarray(20, 20 + captured)
  const v6 = (p[0] as number) >> 4 === 6
  const ip = v6 ? 40 : 20
  const declared = v6 ? p.readUInt16BE(4) + ip : p.readUInt16BE(2)
  if (declared !== length) throw new Error(`the header says ${declared} bytes, the block ${length}`)
  if (!v6) {
    let sum = 0
    for (let i = 0; i < ip; i += 2) sum += p.readUInt16BE(i)
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
    if (sum !== 0xffff) throw new Error('the checksum is wrong')
  }
  const protocol = p[v6 ? 6 : 9] === 6 ? 'tcp' : 'udp'
  const address = (at: number) =>
    v6
      ? Array.from({ length: 8 }, (_, i) => p.readUInt16BE(at + 2 * i).toString(16)).join(':')
      : p.subarray(at, at + 4).join('.')
  const head = ip + (protocol === 'tcp' ? 20 : 8)
  return {
    time: (BigInt(b.readUInt32LE(4)) << 32n) | BigInt(b.readUInt32LE(8)),
    length,
    comment: String(options.get(1)),
    direction: options.get(2)?.readUInt32LE(0) ?? 0,
    from: `${address(v6 ? 8 : 12)} ${p.readUInt16BE(ip)}`,
    to: `${address(v6 ? 24 : 16)} ${p.readUInt16BE(ip + 2)}`,
    protocol,
    seq: protocol === 'tcp' ? p.readUInt32BE(ip + 4) : 0,
    ack: protocol === 'tcp' ? p.readUInt32BE(ip + 8) : 0,
    flags: protocol === 'tcp' ? (p[ip + 13] as number) : 0,
    data: p.subarray(head),
    dataLength: length - head,
  }
}
