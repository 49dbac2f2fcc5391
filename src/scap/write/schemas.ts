// Versions of libs whose declarations a file can follow. A reader with libs 0.21 or newer ends at an event that has more parameters than
// its own version declares; older ones pass over the rest.
import { PPME } from '../libs-codes.js'

export interface ScapSchema {
  /** the version of libs */
  readonly name: string
  /** who reads it, as a clause */
  readonly doc: string
  /** the first code that this version does not declare */
  readonly end: number
  /** how many parameters this version declares, of events of which newer ones or ksys itself declare more */
  readonly declared: Readonly<Record<number, number>>
}

/** Only the first parameters of these are libs' own. */
const OWN = { [PPME.DROP_E]: 1, [PPME.DROP_X]: 1, [PPME.SYSCALL_EXECVEAT_X]: 30 }

/** The oldest first, which is the default: newer versions of libs read it as an old capture. */
export const SCAP_SCHEMAS = [
  {
    name: '0.22',
    doc: 'sysdig from 0.36 on, Falco and Wireshark read it',
    end: 430,
    declared: { ...OWN, [PPME.SOCKET_SOCKET_X]: 4, [PPME.SYSCALL_FCNTL_X]: 3 },
  },
  {
    name: '0.25',
    doc: "Falco from 0.44 on reads it; it adds fcntl's argument, and close_range and keyctl with theirs",
    end: 454,
    declared: OWN,
  },
] as const satisfies readonly ScapSchema[]

/** The schema of a file where none is chosen. */
export const DEFAULT_SCHEMA: ScapSchema = SCAP_SCHEMAS[0]

/** The schema of a version that the option declares. */
export function schemaNamed(name: string): ScapSchema {
  return SCAP_SCHEMAS.find((schema) => schema.name === name) ?? DEFAULT_SCHEMA
}
