// IP addresses and networks: parsing, one canonical text form, membership tests.

/** An address as bytes: 4 or 16 of them. */
type Address = Uint8Array

/** A network: addresses whose first `bits` bits equal those of `base`. */
export class Net {
  constructor(
    readonly base: Address,
    readonly bits: number,
  ) {}

  toString(): string {
    return `${printAddress(this.base)}/${this.bits}`
  }

  /** Whether the address given as text belongs to the network; false if the text is not an address. */
  has(text: string): boolean {
    const a = parseAddress(text)
    if (a === undefined || a.length !== this.base.length) return false
    const wholeBytes = this.bits >> 3
    for (let i = 0; i < wholeBytes; i++) if (a[i] !== this.base[i]) return false
    const rest = this.bits & 7
    return rest === 0 || ((((a[wholeBytes] as number) ^ (this.base[wholeBytes] as number)) >> (8 - rest)) & 255) === 0
  }
}

function parseV4(text: string): Address | undefined {
  const out = new Uint8Array(4)
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  for (let i = 0; i < 4; i++) {
    const p = parts[i] as string
    if (!/^\d{1,3}$/.test(p) || Number(p) > 255) return undefined
    out[i] = Number(p)
  }
  return out
}

/** `dotted`: the last two groups may be written as an IPv4 address. */
function groups(text: string, dotted: boolean): number[] | undefined {
  if (text === '') return []
  const out: number[] = []
  const parts = text.split(':')
  for (let i = 0; i < parts.length; i++) {
    const p = parts[i] as string
    if (/^[0-9a-fA-F]{1,4}$/.test(p)) out.push(Number.parseInt(p, 16))
    else {
      const v4 = dotted && i === parts.length - 1 ? parseV4(p) : undefined
      if (v4 === undefined) return undefined
      out.push(((v4[0] as number) << 8) | (v4[1] as number), ((v4[2] as number) << 8) | (v4[3] as number))
    }
  }
  return out
}

function parseV6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] as string, halves.length === 1)
  const tail = halves.length === 2 ? groups(halves[1] as string, true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const out = new Uint8Array(16)
  all.forEach((g, i) => {
    out[2 * i] = g >> 8
    out[2 * i + 1] = g & 255
  })
  return out
}

/** Parses an address. An IPv4-mapped IPv6 address becomes the IPv4 address. undefined if the text is not an address. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined
  if (!text.includes(':')) return parseV4(text)
  const a = parseV6(text)
  if (a === undefined) return undefined
  for (let i = 0; i < 10; i++) if (a[i] !== 0) return a
  return a[10] === 255 && a[11] === 255 ? a.subarray(12) : a
}

/** The canonical text: dotted IPv4, or lower-case IPv6 with the longest run of zero groups omitted. */
export function printAddress(a: Address): string {
  if (a.length === 4) return a.join('.')
  const g: number[] = []
  for (let i = 0; i < 16; i += 2) g.push(((a[i] as number) << 8) | (a[i + 1] as number))
  let best = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let j = i
    while (j < 8 && g[j] === 0) j++
    if (j - i > length) {
      best = i
      length = j - i
    }
  }
  const hex = (part: number[]) => part.map((x) => x.toString(16)).join(':')
  return best < 0 ? hex(g) : `${hex(g.slice(0, best))}::${hex(g.slice(best + length))}`
}

/** Whether two texts denote the same address; `canonical` comes from printAddress. */
export function sameAddress(text: string, canonical: string): boolean {
  if (text === canonical) return true
  if (!text.includes(':')) return false
  const a = parseAddress(text)
  return a !== undefined && printAddress(a) === canonical
}

/** Parses `address/bits`, or a bare address as a network of one address. undefined if the text is neither. */
export function parseNet(text: string): Net | undefined {
  const m = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text)
  if (m === null) return undefined
  const host = m[1] as string
  const base = parseAddress(host)
  if (base === undefined) return undefined
  let bits = m[2] === undefined ? base.length * 8 : Number(m[2])
  if (base.length === 4 && host.includes(':') && m[2] !== undefined) bits -= 96
  return bits < 0 || bits > base.length * 8 ? undefined : new Net(base, bits)
}
