// Runs the programs of a build. Their output is shown only if they fail, as part of the error.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a program in the folder `cwd` and returns its standard output. */
export async function run(file: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { maxBuffer: 1 << 26, cwd })
  return stdout
}
