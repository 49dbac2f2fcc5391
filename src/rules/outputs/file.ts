// Appends alerts to a file, which is reopened by name on SIGUSR1, for log rotation.
import { write } from 'node:fs'
import { promisify } from 'node:util'
import { AppendFile } from '../../source/append-file.js'
import { reason, systemCode } from '../../source/reason.js'
import { type Attempt, pause } from '../../web/attempt.js'
import { type Channel, NotSent } from './channel.js'
import { type Formatted, joinAlerts } from './output.js'
import { OutputError } from './spec.js'

const writeFd = promisify(write) as (fd: number, bytes: Uint8Array, from: number) => Promise<{ bytesWritten: number }>
const LINE_FEED = 10
/** ms between attempts to write to a FIFO with a slow reader */
const PAUSE = 20

/** Throws OutputError if the file cannot be opened. */
export async function openFile(path: string): Promise<Channel> {
  try {
    return new FileChannel(await AppendFile.open(path))
  } catch (e) {
    const why = systemCode(e) === 'ENOENT' ? 'there is no such folder' : reason(e)
    throw new OutputError(`alerts cannot be written to ${path}: ${why}`)
  }
}

class FileChannel implements Channel {
  readonly most = 500
  readonly atOnce = 1
  /** the last line was written without its end */
  private torn = false

  constructor(private readonly file: AppendFile) {}

  async send(alerts: readonly Formatted[], { abort }: Attempt): Promise<void> {
    const bytes = Buffer.from(`${this.torn ? '\n' : ''}${joinAlerts(alerts)}`)
    const first = this.torn ? 1 : 0
    let at = 0
    try {
      while (at < bytes.length) at += await this.writeSome(bytes, at, abort)
    } catch (e) {
      if (at > 0) this.torn = bytes[at - 1] !== LINE_FEED
      throw new NotSent(alerts.length - lineEnds(bytes.subarray(first, Math.max(at, first))), reason(e))
    }
    this.torn = false
  }

  async reopen(): Promise<void> {
    try {
      await this.file.reopen()
    } catch (e) {
      throw new Error(reason(e))
    }
    this.torn = false
  }

  close(): Promise<void> {
    return this.file.close()
  }

  private async writeSome(bytes: Buffer, at: number, abort: AbortSignal): Promise<number> {
    try {
      return (await writeFd(this.file.fd, bytes, at)).bytesWritten
    } catch (e) {
      if (systemCode(e) !== 'EAGAIN') throw e
      if (abort.aborted) throw new Error('its reader is too slow')
      await pause(PAUSE, abort)
      return 0
    }
  }
}

function lineEnds(bytes: Buffer): number {
  let n = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) n++
  return n
}
