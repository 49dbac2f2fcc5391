// What the room knows of a container runtime: where it is asked, how, and where it keeps files. Each is declared once, in a
// file beside this one.
import type { FolderKind } from '../folders/kind.js'
import type { Endpoint } from '../http.js'
import type { Complain, Runtime } from '../runtime.js'

/** Whose word counts where two tell of one container: what a kubelet asks for its CRI runtime knows best; users none. */
export const RANK = { user: 0, runtime: 1, cri: 2 } as const

/** Where a runtime listens. Nothing of it needs to exist. */
export interface Sockets {
  /** paths where it usually does */
  readonly usual: readonly string[]
  /** the same of users' own, below /run/user/UID */
  readonly ofUsers?: readonly string[]
  /** the list of addresses given by hand that are its */
  readonly given: 'cri' | 'docker'
  /** environment variables that may have an address */
  readonly env: readonly string[]
  /** An address that somebody has given; undefined when it is of a kind that is not spoken. */
  readonly address: (text: string) => Endpoint | undefined
}

/** What a client tells besides containers. */
export interface ClientHooks {
  /** It keeps files in a folder of that kind (FolderKind.kind), as the host has it. */
  readonly folder: (kind: string, dir: string) => void
  readonly complain: Complain
}

export interface RuntimeEntry {
  readonly name: string
  readonly rank: number
  readonly sockets: Sockets
  /** Makes the client of one socket; it connects once it is started. */
  readonly open: (at: Endpoint, hooks: ClientHooks) => Runtime
  /** kinds of folders that it keeps files in */
  readonly folders: readonly FolderKind[]
}
