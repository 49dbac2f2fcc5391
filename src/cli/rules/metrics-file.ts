// The file that a configuration has numbers of a run appended to: a line of JSON for each time, in whatever has the file's name then.
import { write } from 'node:fs'
import { promisify } from 'node:util'
import { AppendFile } from '../../source/append-file.js'
import { reason } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { tell } from '../run/report.js'

const writeFd = promisify(write) as (fd: number, bytes: Uint8Array) => Promise<{ bytesWritten: number }>

export class MetricsFile {
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    private readonly path: string,
    private readonly file: AppendFile,
  ) {}

  /** Opens it, while ksys may still do all. Throws CliError (output) where it cannot be. */
  static async open(path: string): Promise<MetricsFile> {
    try {
      return new MetricsFile(path, await AppendFile.open(path))
    } catch (e) {
      throw new CliError(EXIT.output, sentence(path, e))
    }
  }

  /** Appends a line, behind those before; tells where that fails. */
  add(fields: Readonly<Record<string, number>>): void {
    const line = Buffer.from(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`)
    this.writing = this.writing
      .then(() => this.append(line))
      .catch((e: unknown) => tell(`ksys: ${sentence(this.path, e)}`))
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
  return `the metrics cannot be written to ${path}: ${reason(e)}`
}
