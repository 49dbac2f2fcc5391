// Names of addresses, from the answers of DNS servers to programs.
import { isIP } from 'node:net'

/** Maximum number of addresses with names. */
const MOST = 50_000

export class LookedUp {
  /** by address, of one process and of all */
  private readonly byProcess = new Map<string, string>()
  private readonly byAddress = new Map<string, string>()

  /** A process received the addresses of a name: the contents of an answer. */
  add(pid: number, name: string, contents: readonly string[]): void {
    for (const address of contents) {
      if (isIP(address) === 0 || this.byProcess.size >= MOST) continue
      this.byProcess.set(`${pid} ${address}`, name)
      this.byAddress.set(address, name)
    }
  }

  /** The name that the process looked up last for the address, else any process; undefined if none did. */
  nameOf(pid: number, address: string): string | undefined {
    return this.byProcess.get(`${pid} ${address}`) ?? this.byAddress.get(address)
  }
}
