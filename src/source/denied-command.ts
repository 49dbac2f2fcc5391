// Why the kernel does not execute a command that exists.
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The reason for EACCES, as a clause. `permitted`: whether isPermitted() of the command. */
export function whyDenied(permitted: boolean): string {
  if (!permitted) return 'it is not executable'
  const profile = confinement()
  if (profile !== undefined) return `the security module that confines ksys ('${profile}') forbids it`
  return 'its permissions allow it, but its interpreter cannot be executed, or a security module forbids it'
}

/** Whether the permissions of a command and its file system allow this process to execute it. `path`: the folders to search for it. */
export function isPermitted(command: string, path = ''): boolean {
  const files = command.includes('/') ? [command] : path.split(delimiter).map((folder) => join(folder, command))
  return files.some(mayExecute)
}

function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The profile of AppArmor or the context of SELinux that this process is in; undefined without one. */
function confinement(): string | undefined {
  try {
    const label = readFileSync('/proc/self/attr/current', 'utf8').replace(/[\n\0]/g, '')
    return label === '' || label.startsWith('unconfined') ? undefined : label
  } catch {
    // no such module is active
    return undefined
  }
}
