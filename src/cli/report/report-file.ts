// The file that a report is written to. It gets its name once the report is complete, so an earlier report stays until then.
import { openAtomic } from '../../source/atomic-file.js'
import { WriteError } from '../../source/reason.js'
import { WrittenFile } from '../../source/written-file.js'
import { CliError, EXIT } from '../errors/exit.js'
import { refuseSameFile } from '../run/same-file.js'

export class ReportFile {
  private constructor(private readonly file: WrittenFile) {}

  /** read: the captures that are read. Rejects with CliError. */
  static async open(path: string, read: readonly string[]): Promise<ReportFile> {
    refuseSameFile({ read, write: path, rotation: undefined }, '-o')
    return new ReportFile(
      await WrittenFile.open(path, false, {}, {}, { readable: false, opener: openAtomic }).catch(asCliError),
    )
  }

  /** Writes the whole report. Rejects with CliError (output). */
  async write(text: string): Promise<void> {
    this.file.write(Buffer.from(text))
    await this.file.close().catch(asCliError)
  }

  /** Ends without a report. */
  abandon(): Promise<void> {
    return this.file.abandon()
  }
}

function asCliError(e: unknown): never {
  throw e instanceof WriteError ? new CliError(EXIT.output, e.message) : e
}
