// Programs that are run while something is made: their output in the error when they fail, nothing otherwise.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What it says on standard output; `cwd`: in which folder it runs. */
export async function run(file: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { maxBuffer: 1 << 26, cwd })
  return stdout
}
