// The emulator that runs this process, such as QEMU for a program of another processor.
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs'
import { basename } from 'node:path'

/** Unlike that of /proc/self, emulators leave it as the kernel has it. */
const PROGRAM = '/proc/thread-self/exe'

/** The processors in headers of ELF files (e_machine), by Node's names. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 }
/** Where it is in the header. */
const MACHINE = 18

/** The name of the program that emulates the processor of this one; undefined: none does. */
export function emulator(): string | undefined {
  try {
    const fd = openSync(PROGRAM, 'r')
    try {
      const header = Buffer.alloc(MACHINE + 2)
      if (readSync(fd, header, 0, header.length, 0) < header.length) return undefined
      return header.readUInt16LE(MACHINE) === MACHINES[process.arch] ? undefined : basename(readlinkSync(PROGRAM))
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}
