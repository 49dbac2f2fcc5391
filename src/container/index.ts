// The surface of the room: a live source with names.
import { declareNeeds } from '../source/later-needs.js'
import type { CaptureSource } from '../source/source.js'
import { AccountReader } from './accounts.js'
import { Names, PATIENCE } from './names.js'
import type { Complain } from './runtime.js'
import { connections, type PlaceOptions, places } from './sockets.js'
import { NamedSource } from './source.js'

export interface NamingOptions extends PlaceOptions {
  /** hold the stream until a new container has its name, so that filters and formats have it from the first call */
  readonly hold: boolean
  /** what is known at the start is all that is looked at, and is waited for */
  readonly patient?: boolean | undefined
  /** ms after which a container goes without a name; undefined: two seconds */
  readonly patience?: number | undefined
  /** what of containers is asked for; undefined: all that is known of them, and of their accounts */
  readonly asked?: { readonly nameAlone: boolean; readonly accounts: boolean } | undefined
  /** tells a person what does not work; each sentence once */
  readonly complain: Complain
}

/** The source with what the runtimes of this machine tell about its containers. */
export function withNames(source: CaptureSource, o: NamingOptions): CaptureSource {
  const where = places(o)
  declareNeeds(connections(where))
  const patience = o.patience ?? PATIENCE
  const names = new Names(where, o.complain, { patience, nameSuffices: o.asked?.nameAlone === true })
  return new NamedSource(source, names, {
    hold: o.hold,
    holdForAccounts: o.asked?.accounts !== false,
    patience,
    patient: o.patient === true,
    accounts: new AccountReader(where),
  })
}
