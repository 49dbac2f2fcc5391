// Counts reads and writes whose data cannot be shown: cut, not captured, or encrypted.

/** Fields that HiddenData reads; chisels that show data include them in their own. */
export const DATA_FIELDS = {
  time: 'evt.rawtime',
  write: 'evt.is_io_write',
  bytes: 'evt.buflen',
  data: 'evt.arg.data',
  raw: 'evt.rawarg.data',
  proc: 'proc.name',
  pid: 'proc.pid',
  num: 'fd.num',
  name: 'fd.name',
} as const

export class HiddenData {
  private cut = 0
  private encrypted = 0
  private unseen = 0

  /** The data of a read or write; undefined if there is none. */
  see({ raw, bytes = 0 }: { readonly raw: unknown; readonly bytes: number | undefined }): Uint8Array | undefined {
    const data = raw instanceof Uint8Array ? raw : undefined
    if (data === undefined) {
      if (bytes > 0) this.unseen++
      return undefined
    }
    if (data.length < bytes) this.cut++
    if (isTls(data)) this.encrypted++
    return data
  }

  /** Reports at the end what was not shown. */
  explain(c: { tell(sentence: string): void }): void {
    const { cut, encrypted, unseen } = this
    if (encrypted > 0) c.tell(`${counted(encrypted)} transferred encrypted data (TLS), whose content is not visible`)
    if (unseen > 0) c.tell(`${counted(unseen)} transferred data that is not recorded (for example by sendfile)`)
    if (cut > 0)
      c.tell(`${counted(cut)} transferred more data than was captured; capture with -s 1048576 to record more`)
  }
}

function counted(n: number): string {
  return n === 1 ? '1 read or write' : `${n} reads and writes`
}

/** Whether the data starts with the header of a TLS record: type, version 3.x, and a valid length. */
function isTls(b: Uint8Array): boolean {
  const [kind = 0, major, minor = 255, high = 255] = b
  return b.length >= 5 && kind >= 20 && kind <= 23 && major === 3 && minor <= 4 && high <= 72
}
