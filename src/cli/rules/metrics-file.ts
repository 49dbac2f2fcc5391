// Appends metrics of a run to a file, as a line of JSON each; reopens the file by its name each time.
import { write } from 'node:fs'
import { promisify } from 'node:util'
import { AppendFile } from '../../source/append-file.js'
import { reason } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printMessage } from '../run/report.js'

const writeFd = promisify(write) as (fd: number, bytes: Uint8Array) => Promise<{ bytesWritten: number }>

export class MetricsFile {
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private readonly file: AppendFile,
  ) {}

  /** Opens the file before ksys drops privileges. Throws CliError (output) if it cannot. */
  static async open(path: string): Promise<MetricsFile> {
    try {
      return new MetricsFile(path, await AppendFile.open(path))
    } catch (e) {
      throw new CliError(EXIT.output, sentence(path, e))
    }
  }

  /** Appends a line after the pending ones; reports a failure. */
  add(fields: Readonly<Record<string, number>>): void {
    const line = Buffer.from(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`)
    this.writing = this.writing
      .then(() => this.append(line))
      .catch((e: unknown) => printMessage(`ksys: ${sentence(this.path, e)}`))
  }

  async close(): Promise<void> {
    await this.writing
    await this.file.close()
  }

  private async append(line: Uint8Array): Promise<void> {
    await this.file.reopen()
    for (let at = 0; at < line.length; ) at += (await writeFd(this.file.fd, line.subarray(at))).bytesWritten
  }
}

function sentence(path: string, e: unknown): string {
  return `cannot write the metrics to ${path}: ${reason(e)}`
}
